/** What would one do in this contract now, with what size, why, and why not? The focus card. */
import type { CalendarEvent } from "#lib/event-calendar.ts";
import { type PositionSize, positionSize } from "#lib/risk/position-size.ts";
import { SETUP_QUALITY_MIN } from "#lib/setup-quality.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { type Bracket, bracketOf } from "./bracket.ts";
import type { Side } from "./quality.ts";
import { type TradeBias, tradeBiasOf, type Voters } from "./trade-bias.ts";

export type FocusInput = {
  /** End of the closed bar that all of it stands on, and its close. */
  atMs: number;
  lastTicks: number;
  voters: Voters;
  /** ATR14 on full true range; rank against the same clock time, 0 to 1, null: not known; all null: no ATR yet. */
  volatility: { atrTicks: number; percentile: number | null } | null;
  /** Signal quality of each side, 0 to 100; null: not known yet. */
  quality: { long: number; short: number } | null;
  /** Levels of the board, of which those in the way are named. */
  levels: readonly { label: string; priceTicks: number; isDeveloping: boolean }[];
  /** The root's next event, if any. */
  nextEvent: CalendarEvent | null;
  risk: FocusRisk;
};

/** Of one contract and the account; slippage for entry and exit together, in ticks. */
export type FocusRisk = {
  riskUsd: number;
  tickValueUsd: number;
  roundTurnFeesUsd: number;
  slippageTicks: number;
  contractsMax: number;
};

/**
 * Stand aside: no side, or a reason against any. Do not trade: there is a plan, but one contract costs more than the
 * risk. Trade: the plan with its size.
 */
export type FocusCard = {
  atMs: number;
  /** Readings that could vote: regime, wave, confluence. */
  n: number;
  /** All of `why` and `whyNot`. */
  reasons: string[];
  why: string[];
  whyNot: string[];
} & (
  | { status: "stand aside"; side: Side | "none" }
  | { status: "do not trade" | "trade"; side: Side; bracket: Bracket; size: PositionSize }
);

/** Above this rank against the same clock time the market is dangerous. */
const PERCENTILE_MAX = 0.88;
/** Events this near are named. */
const EVENT_MS = 60 * MS_PER_MINUTE;
const OBSTACLES_MAX = 2;

/** The card of one contract. Mirrored inputs give the mirrored card. */
export function focusCardOf(input: FocusInput): FocusCard {
  const bias = tradeBiasOf(input.voters);
  const why = [...bias.why];
  const whyNot = [...bias.whyNot];
  const aside = standAsideReasons(input, bias);
  const event = eventReason(input);
  if (event !== null) whyNot.push(event);
  const { atMs } = input;
  if (bias.side === "none" || aside.length > 0 || input.volatility === null) {
    whyNot.unshift(...aside);
    const card = { atMs, n: bias.n, reasons: [...why, ...whyNot], why, whyNot };
    return { ...card, status: "stand aside", side: bias.side };
  }
  const { side, legRatio, n } = bias;
  const { atrTicks } = input.volatility;
  const bracket = bracketOf(side, { lastTicks: input.lastTicks, atrTicks, legRatio });
  const size = sizeOf(bracket, input.risk);
  if (input.quality !== null) why.push(`quality ${Math.floor(input.quality[side])} of 100`);
  whyNot.push(...obstacles(side, bracket, input));
  (size.contracts === 0 ? whyNot : why).push(size.reason);
  const status = size.contracts === 0 ? "do not trade" : "trade";
  return { atMs, n, reasons: [...why, ...whyNot], why, whyNot, status, side, bracket, size };
}

function standAsideReasons({ quality, volatility }: FocusInput, { side }: TradeBias): string[] {
  const reasons: string[] = [];
  if (volatility === null || !(volatility.atrTicks > 0)) reasons.push("no ATR yet");
  else if (volatility.percentile !== null && volatility.percentile > PERCENTILE_MAX) {
    const rank = Math.round(volatility.percentile * 100);
    reasons.push(`volatility rank ${rank} of 100 at this time: dangerous above ${PERCENTILE_MAX * 100}`);
  }
  if (side === "none") return reasons;
  if (quality === null) reasons.push("signal quality is not known yet");
  else if (quality[side] < SETUP_QUALITY_MIN) {
    reasons.push(`${side} quality ${Math.floor(quality[side])} is below ${SETUP_QUALITY_MIN}`);
  }
  return reasons;
}

function eventReason({ nextEvent, atMs }: FocusInput): string | null {
  if (nextEvent === null || nextEvent.atMs < atMs || nextEvent.atMs - atMs > EVENT_MS) return null;
  return `${nextEvent.name} in ${Math.ceil((nextEvent.atMs - atMs) / MS_PER_MINUTE)} min`;
}

/** The first levels between the last price and the first target. */
function obstacles(side: Side, bracket: Bracket, { levels, lastTicks }: FocusInput): string[] {
  const sign = side === "long" ? 1 : -1;
  const room = sign * (bracket.target1Ticks - lastTicks);
  return levels
    .map(({ label, priceTicks, isDeveloping }) => ({ label, isDeveloping, away: sign * (priceTicks - lastTicks) }))
    .filter(({ away, isDeveloping }) => !isDeveloping && away > 0 && away < room)
    .sort((a, b) => a.away - b.away || (a.label < b.label ? -1 : 1))
    .slice(0, OBSTACLES_MAX)
    .map(({ label, away }) => `into ${label}, ${Math.round(away)} ticks ahead`);
}

function sizeOf({ stopDistanceTicks }: Bracket, risk: FocusRisk): PositionSize {
  const { slippageTicks, ...account } = risk;
  return positionSize({ ...account, stopTicks: stopDistanceTicks, slippageUsd: slippageTicks * risk.tickValueUsd });
}

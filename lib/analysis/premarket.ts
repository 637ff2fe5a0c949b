/** Which products are worth watching today? A score of 0 to 100 from volatility, volume, gap, news and momentum. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addOpeningGapsBar,
  createOpeningGaps,
  type OpeningGapsState,
  rthEdgesOf,
} from "#lib/analysis/levels/opening-gaps.ts";
import { type Grade, gradeOf, type PartId, type ScorePart, scaled, scoreOf } from "#lib/analysis/premarket-score.ts";
import type { RelativeVolume } from "#lib/analysis/relative-volume.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import { type CalendarEvent, type EventImpact, eventsOf } from "#lib/event-calendar.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";

export type PremarketState = {
  root: string;
  atMs: number;
  closeTicks: number;
  sessionOpenMs: number;
  sessionCloseMs: number;
  average: EmaState;
  gaps: OpeningGapsState;
};

/** What others know of the same bar: volatility, RVOL of the root, previous settlement, calendar (null: no file). */
export type PremarketInput = {
  volatility: Volatility;
  relativeVolume: RelativeVolume;
  settlementTicks: number | null;
  events: readonly CalendarEvent[] | null;
};

/** RTH open − prior RTH close; before the open the last price stands in for it ("indicated"). */
export type PremarketGap =
  | { status: "unknown" }
  | {
      status: "open" | "indicated";
      fromRthCloseTicks: number;
      /** Beside it, from the previous settlement; null where there is none. */
      fromSettlementTicks: number | null;
      /** Of the prior RTH close; null where that is no positive price. */
      percent: number | null;
    };

export type Premarket = {
  atMs: number;
  /** Sessions behind what volatility is usual. */
  n: number;
  reasons: string[];
  parts: Record<PartId, ScorePart>;
  gap: PremarketGap;
  direction: "up" | "down" | "flat";
  events: CalendarEvent[];
} & ({ status: "warming" } | { status: "ready"; score: number; grade: Grade });

const AVERAGE_BARS = 20;
const IMPACT_POINTS: Readonly<Record<EventImpact, number>> = { low: 33, medium: 66, high: 100 };
/** Each further event adds so much. */
const MORE_EVENTS_POINTS = 5;

export function createPremarket({ root }: { root: string }): PremarketState {
  const nan = Number.NaN;
  return {
    root,
    atMs: nan,
    closeTicks: nan,
    sessionOpenMs: nan,
    sessionCloseMs: nan,
    average: createEma({ period: AVERAGE_BARS }),
    gaps: createOpeningGaps(),
  };
}

/** Takes the next closed bar of one interval: that of the volatility which `premarketOf` will be given. */
export function addPremarketBar(state: PremarketState, bar: AnalysisBar): void {
  addEma(state.average, bar.closeTicks);
  addOpeningGapsBar(state.gaps, bar);
  state.atMs = bar.endMs;
  state.closeTicks = bar.closeTicks;
  state.sessionOpenMs = bar.sessionOpenMs;
  state.sessionCloseMs = bar.sessionCloseMs;
}

/** The score as of the newest closed bar; an unknown part is left out and named, and the others share its weight. */
export function premarketOf(state: PremarketState, input: PremarketInput): Premarket {
  const { root, atMs, closeTicks, sessionOpenMs: fromMs, sessionCloseMs: toMs } = state;
  const gap = gapOf(state, input.settlementTicks);
  const events = input.events === null ? [] : eventsOf(input.events, root, { fromMs, toMs });
  const parts: Record<PartId, ScorePart> = {
    natr: natrPart(input.volatility, closeTicks),
    rvol: rvolPart(input.relativeVolume),
    gap: gapPart(gap),
    catalyst: input.events === null ? { status: "unknown", reason: "no event calendar" } : catalystPart(events),
    momentum: momentumPart(state, input.volatility),
  };
  const { score, knownWeight, reasons } = scoreOf(parts);
  const away = closeTicks - state.average.value;
  const direction = away > 0 ? "up" : away < 0 ? "down" : "flat";
  const reading = { atMs, n: input.volatility.n, reasons, parts, gap, direction, events } as const;
  if (knownWeight < 50) return { ...reading, status: "warming" };
  return { ...reading, status: "ready", score, grade: gradeOf(score) };
}

/**
 * NATR = ATR14 ÷ close in %; its points go by the session ATR ÷ what is usual for it at the same clock time and of the
 * same bars. ATR 20 at 20,000 is 0.1 %; session ATR 30 where 20 is usual: 1.5, 75 points.
 */
function natrPart(volatility: Volatility, closeTicks: number): ScorePart {
  if (volatility.status !== "ready" || volatility.sameClock.status !== "ready") {
    return { status: "unknown", reason: `NATR: ${volatility.n} sessions are too few` };
  }
  const { sessionAtrTicks, atrTicks, sameClock } = volatility;
  const value = sessionAtrTicks / sameClock.usualTicks;
  if (!(closeTicks > 0) || !Number.isFinite(value)) return { status: "unknown", reason: "NATR needs a positive price" };
  const natr = ((atrTicks / closeTicks) * 100).toFixed(3);
  const words = `NATR ${natr} %, ${value.toFixed(2)} × usual at this time (n ${sameClock.n})`;
  return { status: "known", value, points: scaled("natr", value), words };
}

function rvolPart(volume: RelativeVolume): ScorePart {
  if (volume.status !== "ready") return { status: "unknown", reason: `RVOL: ${volume.reasons.join(", ")}` };
  const { ratio, n } = volume;
  const words = `RVOL ${ratio.toFixed(2)} at this time (n ${n})`;
  return { status: "known", value: ratio, points: scaled("rvol", ratio), words };
}

/** Open 4,848 after a prior RTH close of 4,800: +48 ticks, 1 %; with the settlement at 4,802 beside it +46. */
function gapOf(state: PremarketState, settlementTicks: number | null): PremarketGap {
  const { priorCloseTicks, openTicks } = rthEdgesOf(state.gaps);
  if (Number.isNaN(priorCloseTicks)) return { status: "unknown" };
  const isOpen = !Number.isNaN(openTicks);
  const price = isOpen ? openTicks : state.closeTicks;
  const fromRthCloseTicks = price - priorCloseTicks;
  return {
    status: isOpen ? "open" : "indicated",
    fromRthCloseTicks,
    fromSettlementTicks: settlementTicks === null ? null : price - settlementTicks,
    percent: priorCloseTicks > 0 ? (fromRthCloseTicks / priorCloseTicks) * 100 : null,
  };
}

function gapPart(gap: PremarketGap): ScorePart {
  if (gap.status === "unknown") return { status: "unknown", reason: "no prior RTH close" };
  if (gap.percent === null) return { status: "unknown", reason: "gap in % needs a positive price" };
  const value = Math.abs(gap.percent);
  const words = `${gap.status === "open" ? "gap" : "indicated gap"} ${gap.percent.toFixed(2)} % from RTH close`;
  return { status: "known", value, points: scaled("gap", value), words };
}

function catalystPart(events: readonly CalendarEvent[]): ScorePart {
  if (events.length === 0) return { status: "known", value: 0, points: 0, words: "no event today" };
  const most = Math.max(...events.map(({ impact }) => IMPACT_POINTS[impact]));
  const points = Math.min(100, most + (events.length - 1) * MORE_EVENTS_POINTS);
  return { status: "known", value: events.length, points, words: events.map(({ name }) => name).join(", ") };
}

function momentumPart({ closeTicks, average }: PremarketState, volatility: Volatility): ScorePart {
  const atrTicks = volatility.status === "ready" ? volatility.atrTicks : Number.NaN;
  const value = Math.abs(closeTicks - average.value) / atrTicks;
  if (!Number.isFinite(value)) return { status: "unknown", reason: `momentum needs ${AVERAGE_BARS} bars` };
  const words = `${value.toFixed(2)} ATR from EMA${AVERAGE_BARS}`;
  return { status: "known", value, points: scaled("momentum", value), words };
}

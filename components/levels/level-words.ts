/** In which words does the board say a level: price, distance, touched or not, and what happened there before? */

import type { LevelView, ShownLevel } from "#components/live/levels.ts";
import { formatDayClock, formatPrice, formatQuantity, formatSigned, UNKNOWN } from "#lib/format.ts";
import type { Instrument } from "#lib/instrument.ts";

export type LevelWords = {
  label: string;
  price: string;
  /** Ticks from the last price, with their sign: levels above are positive. */
  distance: string;
  side: "above" | "below" | "at";
  touched: string;
  history: string;
  /** All of it in sentences, for hover and focus. */
  reasons: string[];
};

const FAMILY_WORDS: Readonly<Record<LevelView["family"], string>> = {
  day: "Prior day",
  week: "Prior week",
  month: "Prior month",
  settlement: "Settlement",
  overnight: "Overnight range",
  session: "Range of a session's window",
  opening: "Opening range",
  open: "Opening price",
  gap: "Gap",
  vwap: "VWAP and its bands",
  profile: "Volume profile",
  pivot: "Pivot",
  ict: "ICT zone",
};

/** {price: 6016, distanceTicks: 14} of ES → "6016.00", "+14", above. */
export function levelWords({ level, price, isProvisional }: ShownLevel, instrument: Instrument): LevelWords {
  const side = sideOf(level.distanceTicks);
  return {
    label: level.label,
    price: formatPrice(price, instrument),
    distance: formatSigned(level.distanceTicks, 0),
    side,
    touched: touchedWord(level),
    history: historyWords(level),
    reasons: [
      `${FAMILY_WORDS[level.family]}: ${level.label}${zoneWords(level, instrument)}`,
      distanceWords(level, side),
      touchWords(level),
      ...level.reasons,
      ...(isProvisional ? ["provisional: moves with the forming bar"] : []),
    ],
  };
}

function sideOf(distanceTicks: number | null): LevelWords["side"] {
  if (distanceTicks === null || Math.abs(distanceTicks) < 0.5) return "at";
  return distanceTicks > 0 ? "above" : "below";
}

function zoneWords({ zone }: LevelView, instrument: Instrument): string {
  return zone === null ? "" : `, ${formatPrice(zone.bottom, instrument)} to ${formatPrice(zone.top, instrument)}`;
}

function distanceWords({ distanceTicks, distanceAtr }: LevelView, side: LevelWords["side"]): string {
  if (side === "at" || distanceTicks === null) return "at the last price";
  const inTicks = `${formatQuantity(Math.abs(distanceTicks))} ticks ${side} the last price`;
  return distanceAtr === null
    ? `${inTicks}; no ATR yet`
    : `${inTicks}, ${Math.abs(distanceAtr).toFixed(2)} ATR of 5 minutes`;
}

function touchedWord({ isDeveloping, touched, touches }: LevelView): string {
  if (isDeveloping) return "grows";
  if (!touched) return "untouched";
  return touches === 0 ? "touched" : `touched ×${touches}`;
}

function touchWords({ isDeveloping, touched, touchedMs, touches, bornMs }: LevelView): string {
  if (isDeveloping) return `its range grows until ${clockText(bornMs)}; touches do not count before`;
  const bornText = `known since ${clockText(bornMs)}`;
  if (!touched) return `${bornText}, not touched since`;
  return `${bornText}, first touched ${clockText(touchedMs)}, ${formatQuantity(touches)} approaches`;
}

/** "11-20 08:35 CT". */
function clockText(ms: number | null): string {
  return `${formatDayClock("America/Chicago", ms)} CT`;
}

/** "hold 58 % n 91 · random 51 % n 400"; "too few: n 7", or whose touches are too few where the level's are enough. */
export function historyWords({ outcome }: Pick<LevelView, "outcome">): string {
  if (outcome.status === "known") return `hold ${shareWords(outcome.level)} · random ${shareWords(outcome.random)}`;
  const { n, randomN, need } = outcome;
  const isFewRandom = (n ?? 0) >= (need ?? 0);
  return isFewRandom ? `too few random: n ${formatQuantity(randomN)}` : `too few: n ${formatQuantity(n)}`;
}

function shareWords({ share, n }: { share: number | null; n: number | null }): string {
  const percent = share === null ? UNKNOWN : String(Math.round(share * 100));
  return `${percent} % n ${formatQuantity(n)}`;
}

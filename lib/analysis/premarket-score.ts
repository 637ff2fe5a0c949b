/** How do the parts of the pre-market score add up, and which products make the focus list? */
import { instrumentOf } from "#lib/instrument.ts";

export type PartId = "natr" | "rvol" | "gap" | "catalyst" | "momentum";

/** Points 0 to 100; what is not known is no 0. */
export type ScorePart =
  | { status: "known"; value: number; points: number; words: string }
  | { status: "unknown"; reason: string };

export type Grade = "strong" | "moderate" | "weak";

/** Weights in %, sum 100. */
const WEIGHTS: Readonly<Record<PartId, number>> = { natr: 30, rvol: 25, gap: 15, catalyst: 20, momentum: 10 };

/** Values that give 0, 50 and 100 points. */
const SCALES: Readonly<Record<Exclude<PartId, "catalyst">, readonly [number, number, number]>> = {
  natr: [0.5, 1, 2],
  rvol: [0.3, 1, 2.5],
  gap: [0, 0.3, 1],
  momentum: [0, 1, 3],
};

const STRONG = 70;
const MODERATE = 45;
const FOCUS_MAX = 3;
const FOCUS_SCORE_MIN = 40;

/** Points on straight lines through the scale: NATR ratio 1.5 lies half-way from 1 (50) to 2 (100): 75. */
export function scaled(part: keyof typeof SCALES, value: number): number {
  const [low, middle, high] = SCALES[part];
  const points =
    value <= middle ? (50 * (value - low)) / (middle - low) : 50 + (50 * (value - middle)) / (high - middle);
  return Math.max(0, Math.min(100, points));
}

/**
 * The weighted mean of the known parts. NATR 75, RVOL 50, gap 0, no calendar, momentum 100: (30 × 75 + 25 × 50 + 15 × 0
 * + 10 × 100) ÷ 80 = 56.25, with a reason that the catalyst is unknown.
 */
export function scoreOf(parts: Readonly<Record<PartId, ScorePart>>): {
  score: number;
  knownWeight: number;
  reasons: string[];
} {
  let sum = 0;
  let knownWeight = 0;
  const reasons: string[] = [];
  for (const id of Object.keys(WEIGHTS) as PartId[]) {
    const part = parts[id];
    if (part.status === "unknown") {
      reasons.push(`left out: ${part.reason}`);
      continue;
    }
    sum += WEIGHTS[id] * part.points;
    knownWeight += WEIGHTS[id];
    reasons.push(`${part.words}: ${Math.round(part.points)} of 100`);
  }
  return { score: knownWeight === 0 ? 0 : sum / knownWeight, knownWeight, reasons };
}

/** 70 strong, 45 moderate, below it weak. */
export function gradeOf(score: number): Grade {
  if (score >= STRONG) return "strong";
  return score >= MODERATE ? "moderate" : "weak";
}

export type FocusList = { symbols: string[]; reason: string };

/**
 * The three best markets of 40 points or more; at equal scores by name. A micro and its mini are one market, for which
 * the better of the two stands, the mini at equal scores. Without any the reason says what the best had.
 */
export function focusListOf(scores: readonly { symbol: string; score: number | null }[]): FocusList {
  const known = scores.flatMap(({ symbol, score }) => (score === null ? [] : [{ symbol, score }]));
  known.sort((a, b) => b.score - a.score || rankByName(a.symbol, b.symbol));
  const good = known.filter(({ score }) => score >= FOCUS_SCORE_MIN).map(({ symbol }) => symbol);
  const markets = good.map(marketOf);
  const symbols = good.filter((_, at) => markets.indexOf(markets[at]) === at).slice(0, FOCUS_MAX);
  if (symbols.length > 0) return { symbols, reason: "best pre-market scores" };
  const [best] = known;
  const reason = best === undefined ? "no score yet" : `best is ${best.symbol} with ${Math.floor(best.score)}`;
  return { symbols: [], reason: `${reason}; focus needs ${FOCUS_SCORE_MIN}` };
}

/** The mini's root, also for its micro. */
function marketOf(root: string): string {
  return instrumentOf(root)?.mini ?? root;
}

/** Minis before micros, then by the alphabet. */
function rankByName(a: string, b: string): number {
  const order = Number(marketOf(a) !== a) - Number(marketOf(b) !== b);
  return order || (a < b ? -1 : 1);
}

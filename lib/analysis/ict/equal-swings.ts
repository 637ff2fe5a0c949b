/** Where do stops pool? Equal highs and lows: confirmed swings at one price that nobody has taken since. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { Swing } from "#lib/analysis/swings.ts";
import { type IctObject, type IctSide, makeRoom, signOf } from "./zone.ts";

/** live → swept (a wick beyond) or broken (a close beyond). Bearish: equal highs, so buy-side liquidity above. */
export type EqualSwings = IctObject & {
  kind: "equalHighs" | "equalLows";
  state: "live" | "swept" | "broken";
  /** The outermost of them. */
  levelTicks: number;
  swings: number;
};

/** A swing whose stops nobody has taken. */
type UntakenSwing = { priceTicks: number; atMs: number };

/** Swings count as equal within a tenth of an ATR, at least one tick. */
const EQUAL_ATR = 0.1;
/** Pools kept; one that is over goes first, else the oldest. */
const EQUALS_MAX = 8;

/** What a closed bar does to the pools. */
export function followEqualSwings(equals: EqualSwings[], bar: AnalysisBar): void {
  for (const equal of equals) {
    if (equal.state !== "live") continue;
    const sign = -signOf(equal.side);
    const reach = sign * (equal.side === "bearish" ? bar.highTicks : bar.lowTicks);
    const level = sign * equal.levelTicks;
    if (reach >= level) equal.touched = true;
    if (sign * bar.closeTicks > level) equal.state = "broken";
    else if (reach > level) equal.state = "swept";
  }
}

/**
 * Takes a swing that the bar confirmed, beside the untaken swings of its side: within max(1 tick, 0.1 ATR) of one of
 * them it makes a pool, or joins its. ATR 20, highs 100 and 102: equal (2 ≤ 2), level 102.
 */
export function joinEqualSwings(
  equals: EqualSwings[],
  untaken: readonly UntakenSwing[],
  swing: Swing,
  at: { side: IctSide; bar: AnalysisBar; atrTicks: number },
): void {
  const within = Math.max(1, EQUAL_ATR * at.atrTicks);
  const isNear = (priceTicks: number): boolean => Math.abs(priceTicks - swing.priceTicks) <= within;
  const former = untaken.findLast(({ priceTicks }) => isNear(priceTicks));
  if (former === undefined) return;
  const outer = at.side === "bearish" ? Math.max : Math.min;
  const pool = equals.find(({ side, state, levelTicks }) => side === at.side && state === "live" && isNear(levelTicks));
  if (pool !== undefined) {
    pool.levelTicks = outer(pool.levelTicks, swing.priceTicks);
    pool.swings += 1;
    return;
  }
  makeRoom(equals, EQUALS_MAX, ({ state }) => state !== "live");
  const kind = at.side === "bearish" ? "equalHighs" : "equalLows";
  equals.push({
    kind,
    id: `${kind}:${at.bar.endMs}`,
    side: at.side,
    fromMs: former.atMs,
    bornMs: at.bar.endMs,
    touched: false,
    state: "live",
    levelTicks: outer(former.priceTicks, swing.priceTicks),
    swings: 2,
  });
}

/** Is price dear or cheap within the leg that broke structure last? Premium, discount and the OTE zone. */
import type { DealingLeg } from "./structure.ts";
import type { IctSide } from "./zone.ts";

export type DealingRange = {
  side: IctSide;
  lowTicks: number;
  highTicks: number;
  /** The middle; fractional where the height is odd. */
  equilibriumTicks: number;
  /** Where the close lies: 0 at the low, 1 at the high. */
  position: number;
  zone: "premium" | "discount" | "equilibrium";
  /** Optimal trade entry: 62 to 79 % of the leg taken back, in fractional ticks. */
  ote: { topTicks: number; bottomTicks: number; isInside: boolean };
  /** End of the bar that broke structure. */
  sinceMs: number;
};

const OTE_FROM = 0.62;
const OTE_TO = 0.79;

/**
 * The range of a leg at a close. A bullish leg 100 → 200 at 130: equilibrium 150, position 0.3, discount, OTE 121 to
 * 138 (200 − 0.62 × 100 = 138), so inside. Null where there was no break yet or the leg has no height.
 */
export function dealingRangeOf(leg: DealingLeg | null, closeTicks: number): DealingRange | null {
  if (leg === null || leg.highTicks <= leg.lowTicks) return null;
  const { side, lowTicks, highTicks, sinceMs } = leg;
  const height = highTicks - lowTicks;
  const position = (closeTicks - lowTicks) / height;
  const topTicks = side === "bullish" ? highTicks - OTE_FROM * height : lowTicks + OTE_TO * height;
  const bottomTicks = side === "bullish" ? highTicks - OTE_TO * height : lowTicks + OTE_FROM * height;
  const isInside = closeTicks >= bottomTicks && closeTicks <= topTicks;
  return {
    side,
    lowTicks,
    highTicks,
    equilibriumTicks: (lowTicks + highTicks) / 2,
    position,
    zone: position > 0.5 ? "premium" : position < 0.5 ? "discount" : "equilibrium",
    ote: { topTicks, bottomTicks, isInside },
    sinceMs,
  };
}

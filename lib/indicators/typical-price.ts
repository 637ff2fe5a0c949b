/** What stands for a bar in one number? Its typical price: the mean of high, low and close. */
import type { IndicatorBar } from "#lib/indicators/indicator.ts";

/** (high + low + close) ÷ 3, in the unit of price: (9, 6, 9) → 8. */
export const typicalPriceOf = ({ high, low, close }: IndicatorBar): number => (high + low + close) / 3;

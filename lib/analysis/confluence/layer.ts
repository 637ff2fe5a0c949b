/** Which way does one timeframe lean? */

export type Lean = "bullish" | "bearish" | "neutral";

/** +1, −1, 0. */
export function signOf(lean: Lean): number {
  if (lean === "neutral") return 0;
  return lean === "bullish" ? 1 : -1;
}

export function leanOf(sign: number): Lean {
  if (sign === 0) return "neutral";
  return sign > 0 ? "bullish" : "bearish";
}

/** How did the money grow, how far was it below its best, and for how long? */

/** One point a net, in their order; equity begins at 0, which is its first peak. */
export type EquityCurve = {
  equityUsd: Float64Array;
  /** Equity less the best so far: 0 or below. */
  underwaterUsd: Float64Array;
};

/** A stretch below the best: the point that begins it, its lowest, and the one that regained the best. */
export type Drawdown = {
  depthUsd: number;
  fromPoint: number;
  lowestPoint: number;
  /** Null while the best is not regained. */
  regainedPoint: number | null;
  /** Points from the first below the best up to and with that which regained it, or the last. */
  length: number;
};

/** +50, −30, −40, +100 → equity 50, 20, −20, 80; underwater 0, −30, −70, 0. */
export function equityCurveOf(nets: ArrayLike<number>): EquityCurve {
  const equityUsd = new Float64Array(nets.length);
  const underwaterUsd = new Float64Array(nets.length);
  let [equity, best] = [0, 0];
  for (let at = 0; at < nets.length; at += 1) {
    equity = Math.round((equity + nets[at]) * 1e4) / 1e4;
    best = Math.max(best, equity);
    equityUsd[at] = equity;
    underwaterUsd[at] = Math.round((equity - best) * 1e4) / 1e4;
  }
  return { equityUsd, underwaterUsd };
}

/** All stretches under water, oldest first. Of the example above: depth 70, points 1 to 3, length 3. */
export function drawdownsOf({ underwaterUsd }: EquityCurve): Drawdown[] {
  const found: Drawdown[] = [];
  let open: Drawdown | null = null;
  for (let at = 0; at < underwaterUsd.length; at += 1) {
    const depth = -underwaterUsd[at];
    if (depth > 0) {
      if (open === null) {
        open = { depthUsd: 0, fromPoint: at, lowestPoint: at, regainedPoint: null, length: 0 };
        found.push(open);
      }
      if (depth > open.depthUsd) [open.depthUsd, open.lowestPoint] = [depth, at];
    }
    if (open === null) continue;
    open.length += 1;
    if (depth > 0) continue;
    open.regainedPoint = at;
    open = null;
  }
  return found;
}

export type DrawdownSummary = {
  count: number;
  deepest: Drawdown | null;
  longest: Drawdown | null;
  /** The one that is not over. */
  current: Drawdown | null;
};

/** The deepest, the longest (of equals the first) and the one that goes on. */
export function drawdownSummaryOf(drawdowns: readonly Drawdown[]): DrawdownSummary {
  let [deepest, longest]: (Drawdown | null)[] = [null, null];
  for (const one of drawdowns) {
    if (deepest === null || one.depthUsd > deepest.depthUsd) deepest = one;
    if (longest === null || one.length > longest.length) longest = one;
  }
  const last = drawdowns.at(-1) ?? null;
  const current = last !== null && last.regainedPoint === null ? last : null;
  return { count: drawdowns.length, deepest, longest, current };
}

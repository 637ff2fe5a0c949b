/** Do moves go on or turn back? Hurst's exponent by rescaled range: above ½ they go on, below ½ they turn back. */
import type { Indicator, IndicatorState } from "#lib/indicators/indicator.ts";
import { assertPeriod } from "#lib/indicators/period.ts";

export type HurstParams = { period: number };
export type HurstState = IndicatorState & {
  period: number;
  /** The input before the newest; NaN at the first. */
  priorInput: number;
  input: number;
  /** The newest N returns in a ring, and the slot of the newest. */
  returns: Float64Array;
  at: number;
  /** By how often N was halved: ln of the chunk's size, and what the correction adds to a rescaled range. */
  logSizes: Float64Array;
  corrections: Float64Array;
  /** ln of the mean rescaled range, as it is and corrected, likewise. */
  logRanges: Float64Array;
  logCorrected: Float64Array;
  value: number;
  corrected: number;
};

/** A chunk has at least so many returns, and there are at most so many. */
const CHUNK_MIN = 8;
const CHUNKS_MAX = 32;

/**
 * N returns, ln(v ÷ prior), are cut into 1, 2, 4 … 32 chunks of at least 8 (what is over is left out at the old end);
 * the rescaled range of a chunk is (highest − lowest sum of the distances from its mean) ÷ its population deviation.
 * The exponent is the slope of ln(mean rescaled range) over ln(chunk's size) (Mandelbrot and Wallis; Skender). On short
 * windows it is too high, 0.6 for pure chance at N = 100: `corrected` takes what is above the range that chance gives
 * at this size (Anis and Lloyd, 1976), added to what chance gives without end, √(π size ÷ 2). N steps a bar
 * for each size. A return across 0 counts as 0; both are ½ where no chunk of some size moved.
 * N = 16 returns of +1 and −1 in turn: the range is 1 deviation in each chunk, whatever its size: 0,
 * corrected log₂ ((1 − 4.036 + 5.013) ÷ (1 − 2.625 + 3.545)) = 0.04.
 */
export function createHurst({ period }: HurstParams): HurstState {
  assertPeriod(period, 2 * CHUNK_MIN);
  const sizes = sizesOf(period);
  return {
    count: 0,
    period,
    priorInput: Number.NaN,
    input: Number.NaN,
    returns: new Float64Array(period),
    at: -1,
    logSizes: Float64Array.from(sizes, (size) => Math.log(size)),
    corrections: Float64Array.from(sizes, (size) => Math.sqrt((Math.PI * size) / 2) - chanceRange(size)),
    logRanges: new Float64Array(sizes.length),
    logCorrected: new Float64Array(sizes.length),
    value: Number.NaN,
    corrected: Number.NaN,
  };
}

function sizesOf(period: number): number[] {
  const sizes: number[] = [];
  for (let chunks = 1; chunks <= CHUNKS_MAX && period / chunks >= CHUNK_MIN; chunks *= 2)
    sizes.push(Math.floor(period / chunks));
  return sizes;
}

/**
 * Expected rescaled range of n independent normal values: Γ((n − 1) ÷ 2) ÷ (√π Γ(n ÷ 2)) × Σ √((n − i) ÷ i), i below n.
 * n = 2: Γ(½) ÷ (√π × Γ(1)) × 1 = 1.
 */
function chanceRange(n: number): number {
  let sum = 0;
  for (let i = 1; i < n; i++) sum += Math.sqrt((n - i) / i);
  return gammaShare(n) * sum;
}

/** Γ((n − 1) ÷ 2) ÷ (√π Γ(n ÷ 2)) by its recursion g(n + 2) = g(n) × (n − 1) ÷ n from g(2) = 1, g(3) = 2 ÷ π. */
function gammaShare(n: number): number {
  let share = n % 2 === 0 ? 1 : 2 / Math.PI;
  for (let i = n % 2 === 0 ? 2 : 3; i < n; i += 2) share *= (i - 1) / i;
  return share;
}

export function addHurst(state: HurstState, value: number): void {
  state.count += 1;
  state.priorInput = state.input;
  if (state.count > 1) state.at = state.at + 1 === state.period ? 0 : state.at + 1;
  replaceLastHurst(state, value);
}

export function replaceLastHurst(state: HurstState, value: number): void {
  const { priorInput, period, returns, at } = state;
  state.input = value;
  if (state.count === 1) return; // One value has not moved yet.
  const growth = value / priorInput;
  returns[at] = growth > 0 && growth < Number.POSITIVE_INFINITY ? Math.log(growth) : 0;
  if (state.count <= period) return;
  measureRanges(state);
  const slope = slopeOver(state.logSizes, state.logRanges);
  const isStill = !Number.isFinite(slope);
  state.value = isStill ? 0.5 : slope;
  state.corrected = isStill ? 0.5 : slopeOver(state.logSizes, state.logCorrected);
}

function measureRanges({ logRanges, logCorrected, corrections, returns, at, period }: HurstState): void {
  for (let i = 0, chunks = 1; i < logRanges.length; i++, chunks *= 2) {
    const range = meanRange(returns, at, Math.floor(period / chunks), chunks);
    logRanges[i] = Math.log(range);
    logCorrected[i] = Math.log(range + corrections[i]);
  }
}

/** Mean rescaled range of the newest so many chunks of the ring; 0 where none of them moved. */
function meanRange(ring: Float64Array, newest: number, size: number, chunks: number): number {
  let from = newest + 1 + ring.length - size * chunks;
  let sum = 0;
  for (let chunk = 0; chunk < chunks; chunk++, from += size) sum += rescaledRange(ring, from, size);
  return sum / chunks;
}

/** Of `size` slots of the ring from slot `from` on, which may lie one turn ahead; 0 where nothing moved. */
function rescaledRange(ring: Float64Array, from: number, size: number): number {
  const { length } = ring;
  let total = 0;
  for (let i = from; i < from + size; i++) total += ring[i < length ? i : i - length];
  const mean = total / size;
  let sum = 0;
  let squares = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = from; i < from + size; i++) {
    const distance = ring[i < length ? i : i - length] - mean;
    sum += distance;
    squares += distance * distance;
    if (sum > highest) highest = sum;
    if (sum < lowest) lowest = sum;
  }
  return squares === 0 ? 0 : (highest - lowest) / Math.sqrt(squares / size);
}

/** Slope of the least-squares line of y over x. */
function slopeOver(x: Float64Array, y: Float64Array): number {
  let meanX = 0;
  let meanY = 0;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    meanX += x[i] / x.length;
    meanY += y[i] / x.length;
  }
  for (let i = 0; i < x.length; i++) {
    products += (x[i] - meanX) * (y[i] - meanY);
    squares += (x[i] - meanX) * (x[i] - meanX);
  }
  return products / squares;
}

export const hurst: Indicator<HurstParams, HurstState, number> = {
  name: "hurst",
  input: "value",
  defaults: { period: 100 },
  outputs: ["value", "corrected"],
  create: createHurst,
  add: addHurst,
  replaceLast: replaceLastHurst,
  warmUp: ({ period }) => period + 1,
};

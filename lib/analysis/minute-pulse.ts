/** What does price do right now? Trend, momentum, reach and a surge of volume over the last ten closed minutes. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";

export type MinutePulseState = {
  atMs: number;
  /** Minutes since trading last stopped. */
  count: number;
  /** The last ten, in rings. */
  highTicks: Float64Array;
  lowTicks: Float64Array;
  closeTicks: Float64Array;
  volume: Float64Array;
  fast: EmaState;
  slow: EmaState;
};

export type MinutePulse = { atMs: number; n: number; reasons: string[] } & (
  | Warming
  | {
      status: "ready";
      trend: "up" | "down" | "flat";
      /** Change of the close a minute, over the last four. */
      momentumTicks: number;
      /** High − low of the last five minutes. */
      rangeTicks: number;
      /** Volume of the newest minute ÷ mean of the nine before it; null where those had none. */
      volumeRatio: number | null;
      isVolumeSurge: boolean;
    }
);

const MINUTES = 10;
const FAST = 5;
const SLOW = 10;
const MOMENTUM_BARS = 4;
const RANGE_BARS = 5;
/** The averages lie apart by a tenth of a usual minute's range, or the trend is flat. */
const FLAT_SHARE = 0.1;
const SURGE = 2;

export function createMinutePulse(): MinutePulseState {
  return {
    atMs: Number.NaN,
    count: 0,
    highTicks: new Float64Array(MINUTES),
    lowTicks: new Float64Array(MINUTES),
    closeTicks: new Float64Array(MINUTES),
    volume: new Float64Array(MINUTES),
    fast: createEma({ period: FAST }),
    slow: createEma({ period: SLOW }),
  };
}

/** Takes the next closed minute; behind a stop of trading it begins anew, as a gap is no momentum. */
export function addMinutePulseBar(state: MinutePulseState, bar: AnalysisBar): void {
  if (bar.isAfterBreak) {
    state.count = 0;
    state.fast = createEma({ period: FAST });
    state.slow = createEma({ period: SLOW });
  }
  const slot = state.count % MINUTES;
  state.highTicks[slot] = bar.highTicks;
  state.lowTicks[slot] = bar.lowTicks;
  state.closeTicks[slot] = bar.closeTicks;
  state.volume[slot] = bar.volume;
  addEma(state.fast, bar.closeTicks);
  addEma(state.slow, bar.closeTicks);
  state.count += 1;
  state.atMs = bar.endMs;
}

/**
 * Closes 100, 101, 102, 103, 104: momentum (104 − 100) ÷ 4 = 1 tick a minute. Volume 50 after nine of 20: 2.5, a surge.
 */
export function minutePulseOf(state: MinutePulseState): MinutePulse {
  const { atMs, count, volume } = state;
  if (count < MINUTES) {
    return { atMs, n: count, reasons: [`${count} of ${MINUTES} minutes`], ...warming(count, MINUTES) };
  }
  const newest = (count - 1) % MINUTES;
  const before = (count - 1 - MOMENTUM_BARS) % MINUTES;
  const apart = state.fast.value - state.slow.value;
  const isFlat = Math.abs(apart) <= FLAT_SHARE * meanRange(state);
  const trend = isFlat ? "flat" : apart > 0 ? "up" : "down";
  const momentumTicks = (state.closeTicks[newest] - state.closeTicks[before]) / MOMENTUM_BARS;
  const others = (volume.reduce((sum, value) => sum + value, 0) - volume[newest]) / (MINUTES - 1);
  const volumeRatio = others > 0 ? volume[newest] / others : null;
  const isVolumeSurge = volumeRatio !== null && volumeRatio > SURGE;
  const reasons = [`${trend}, ${momentumTicks.toFixed(2)} ticks a minute`];
  if (isVolumeSurge) reasons.push(`volume ${volumeRatio.toFixed(1)} × the nine minutes before`);
  return {
    atMs,
    n: MINUTES,
    reasons,
    status: "ready",
    trend,
    momentumTicks,
    rangeTicks: lastRange(state),
    volumeRatio,
    isVolumeSurge,
  };
}

function meanRange({ highTicks, lowTicks }: MinutePulseState): number {
  let sum = 0;
  for (let slot = 0; slot < MINUTES; slot += 1) sum += highTicks[slot] - lowTicks[slot];
  return sum / MINUTES;
}

function lastRange({ highTicks, lowTicks, count }: MinutePulseState): number {
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let ago = 0; ago < RANGE_BARS; ago += 1) {
    const slot = (count - 1 - ago) % MINUTES;
    high = Math.max(high, highTicks[slot]);
    low = Math.min(low, lowTicks[slot]);
  }
  return high - low;
}

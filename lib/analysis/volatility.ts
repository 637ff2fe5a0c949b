/** How wild is the market, against itself, against this time of the day, and against a whole day? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addToBaseline,
  type ClockBaseline,
  createClockBaseline,
  slotOf,
  usualAt,
} from "#lib/analysis/clock-baseline.ts";
import {
  addDayRangeBar,
  createDayRange,
  type DayRange,
  type DayRangeState,
  dayRangeOf,
} from "#lib/analysis/day-range.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import { addSessionPathBar, createSessionPath, type SessionPath } from "#lib/analysis/session-path.ts";
import { type StopAndSize, stopAndSizeOf } from "#lib/analysis/stop-and-size.ts";
import { volatilityReasons } from "#lib/analysis/volatility-reasons.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { type AtrState, addAtr, createAtr } from "#lib/indicators/atr.ts";
import { kMeansOf, nearestOf } from "#lib/math/k-means.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

export type VolatilityState = {
  atr: AtrState;
  path: SessionPath;
  /** The last session ATRs of closed bars, in a ring; how many were ever put in. */
  recent: Float64Array;
  recentCount: number;
  baseline: ClockBaseline;
  day: DayRangeState;
  slot: number;
  atMs: number;
};

export type VolatilityLevel = "very-low" | "low" | "normal" | "high" | "very-high";

export type VolatilityClusters =
  | Warming
  | {
      status: "ready";
      cluster: "low" | "medium" | "high";
      /** Session ATR of the middle of each cluster, and how many of the bars belong to it. */
      centroidsTicks: { low: number; medium: number; high: number };
      counts: { low: number; medium: number; high: number };
      n: number;
    };

/** Against the same clock time of the last full sessions. */
export type SameClock =
  | Warming
  | ({ status: "ready"; percentile: number; level: VolatilityLevel; usualTicks: number; n: number } & StopAndSize);

export type VolatilityParts = {
  /** Wilder's ATR on full true range: what is shown and what stops use. */
  atrTicks: number;
  /** The same without the gaps of session breaks: what volatility is judged by. */
  sessionAtrTicks: number;
  clusters: VolatilityClusters;
  sameClock: SameClock;
  day: DayRange;
};

/** What is said against the same clock time alone; `n`: sessions behind the percentile. */
export type ClockVolatility = { n: number } & (Warming | { status: "ready"; sameClock: SameClock });

/** `n`: sessions behind the percentile. */
export type Volatility = { atMs: number; n: number; reasons: string[] } & (
  | Warming
  | ({ status: "ready" } & VolatilityParts)
);

const ATR_PERIOD = 14;
/** Bars that the clusters are made of, and the fewest. */
const CLUSTER_BARS = 250;
const CLUSTER_BARS_MIN = 50;
/** Fewer sessions give no percentile worth a word. */
const SESSIONS_MIN = 5;
/** Where the levels end: the outer tenths, and the outer three tenths. */
const [VERY_LOW, LOW, HIGH, VERY_HIGH] = [0.1, 0.3, 0.7, 0.9];

/** `intervalMs`: of the bars it will be fed. Below 5 minutes the clock is still divided by 5: 24 kB, not 120. */
export function createVolatility({ intervalMs }: { intervalMs: number }): VolatilityState {
  return {
    atr: createAtr({ period: ATR_PERIOD }),
    path: createSessionPath(),
    recent: new Float64Array(CLUSTER_BARS),
    recentCount: 0,
    baseline: createClockBaseline(Math.max(intervalMs, 5 * MS_PER_MINUTE)),
    day: createDayRange(),
    slot: 0,
    atMs: 0,
  };
}

export function addVolatilityBar(state: VolatilityState, bar: AnalysisBar): void {
  addAtr(state.atr, indicatorBarOf(bar));
  addSessionPathBar(state.path, bar);
  addDayRangeBar(state.day, bar);
  const sessionAtrTicks = state.path.atr.value;
  addToBaseline(state.baseline, bar, sessionAtrTicks);
  if (!Number.isNaN(sessionAtrTicks)) {
    state.recent[state.recentCount % CLUSTER_BARS] = sessionAtrTicks;
    state.recentCount += 1;
  }
  state.slot = slotOf(state.baseline, bar);
  state.atMs = bar.endMs;
}

export function volatilityOf(state: VolatilityState): Volatility {
  const { atMs, path } = state;
  const clock = clockVolatilityOf(state);
  if (clock.status === "warming") {
    const reasons = [`${path.count} of ${ATR_PERIOD} bars seen`];
    return { atMs, reasons, ...clock };
  }
  const sessionAtrTicks = path.atr.value;
  const parts: VolatilityParts = {
    atrTicks: state.atr.value,
    sessionAtrTicks,
    clusters: clustersOf(state.recent, state.recentCount, sessionAtrTicks),
    sameClock: clock.sameClock,
    day: dayRangeOf(state.day),
  };
  return { atMs, n: clock.n, reasons: volatilityReasons(parts), status: "ready", ...parts };
}

/** The part of `volatilityOf` that regime reads with each bar: without clusters and reasons. */
export function clockVolatilityOf({ path, baseline, slot }: VolatilityState): ClockVolatility {
  const sessionAtrTicks = path.atr.value;
  if (Number.isNaN(sessionAtrTicks)) return { n: 0, ...warming(path.count, ATR_PERIOD) };
  const { n, rank, median } = usualAt(baseline, slot, sessionAtrTicks);
  const sameClock = n < SESSIONS_MIN ? warming(n, SESSIONS_MIN) : sameClockOf(sessionAtrTicks, rank, median, n);
  return { n, status: "ready", sameClock };
}

function sameClockOf(sessionAtrTicks: number, percentile: number, usualTicks: number, n: number): SameClock {
  const level = volatilityLevelOf(percentile);
  return { status: "ready", percentile, level, usualTicks, n, ...stopAndSizeOf(sessionAtrTicks, usualTicks) };
}

/** 0.05 very-low, 0.2 low, 0.5 normal, 0.7 high, 0.9 very-high: the outer tenths and three tenths. */
export function volatilityLevelOf(percentile: number): VolatilityLevel {
  if (percentile < VERY_LOW) return "very-low";
  if (percentile < LOW) return "low";
  if (percentile >= VERY_HIGH) return "very-high";
  return percentile >= HIGH ? "high" : "normal";
}

const CLUSTER_NAMES = ["low", "medium", "high"] as const;

/** Three groups of the last 250 closed session ATRs; in a market that never changed all is medium. */
function clustersOf(recent: Float64Array, count: number, sessionAtrTicks: number): VolatilityClusters {
  if (count < CLUSTER_BARS_MIN) return warming(count, CLUSTER_BARS_MIN);
  const n = Math.min(count, CLUSTER_BARS);
  const { centroids, counts } = kMeansOf(recent.subarray(0, n), CLUSTER_NAMES.length);
  const isFlat = centroids[0] === centroids[2];
  return {
    status: "ready",
    cluster: isFlat ? "medium" : CLUSTER_NAMES[nearestOf(centroids, sessionAtrTicks)],
    centroidsTicks: { low: centroids[0], medium: centroids[1], high: centroids[2] },
    counts: isFlat ? { low: 0, medium: n, high: 0 } : { low: counts[0], medium: counts[1], high: counts[2] },
    n,
  };
}

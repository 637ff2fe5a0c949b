/** Is today's volume much or little for this time of the day? RVOL against the last 20 full sessions. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addToBaseline,
  beginSession,
  type ClockBaseline,
  createClockBaseline,
  slotOf,
  usualAt,
} from "#lib/analysis/clock-baseline.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";

/**
 * Of a root, not of a contract: it is fed the bars of whichever contract was front on each date, so that a roll is no
 * jump in volume.
 */
export type RelativeVolumeState = {
  /** Volume since the open by clock time, carried over slots without a bar. */
  baseline: ClockBaseline;
  volume: number;
  slot: number;
  /** Its session was seen from the open on; else its volume so far is no measure for others. */
  isWhole: boolean;
  atMs: number;
};

export type RelativeVolume = { atMs: number; n: number; reasons: string[] } & (
  | Warming
  | { status: "unknown" }
  | { status: "ready"; ratio: number; volume: number; usualVolume: number }
);

/** Fewer sessions than this are no average. */
const SESSIONS_MIN = 5;

/** `intervalMs`: of the bars that it will be fed. */
export function createRelativeVolume(intervalMs: number): RelativeVolumeState {
  return { baseline: createClockBaseline(intervalMs), volume: 0, slot: -1, isWhole: false, atMs: 0 };
}

export function addRelativeVolumeBar(state: RelativeVolumeState, bar: AnalysisBar): void {
  const { baseline } = state;
  const slot = slotOf(baseline, bar);
  if (bar.tradeDate !== baseline.tradeDate) {
    enterSession(state, bar);
  } else if (slot <= state.slot) {
    restart(state); // The next clock day of one trade date: a holiday's segment is over.
  }
  for (let missed = state.slot + 1; missed < slot; missed += 1) baseline.today[missed] = state.volume;
  state.volume += bar.volume;
  state.slot = slot;
  state.atMs = bar.endMs;
  addToBaseline(baseline, bar, state.volume);
}

function enterSession(state: RelativeVolumeState, bar: AnalysisBar): void {
  const { baseline } = state;
  const isFollowed = state.slot >= 0;
  baseline.today.fill(state.volume, state.slot + 1);
  baseline.isFull &&= state.isWhole;
  beginSession(baseline, bar);
  state.isWhole = isFollowed || bar.openMs === bar.sessionOpenMs;
  restart(state);
}

function restart(state: RelativeVolumeState): void {
  state.volume = 0;
  state.slot = -1;
}

/**
 * RVOL = volume since the session's open ÷ its average at the same clock time over the last 20 full sessions (domain).
 * 3,000 contracts by 09:35 where 20 sessions had 2,000 on average → 1.5.
 */
export function relativeVolumeOf(state: RelativeVolumeState): RelativeVolume {
  const { atMs, volume, isWhole } = state;
  const { n, mean } = usualAt(state.baseline, Math.max(state.slot, 0), volume);
  if (n < SESSIONS_MIN) {
    return { atMs, n, reasons: [`${n} of ${SESSIONS_MIN} full sessions seen`], ...warming(n, SESSIONS_MIN) };
  }
  if (!isWhole) return { atMs, n, reasons: ["the session was not seen from its open"], status: "unknown" };
  if (mean === 0) return { atMs, n, reasons: ["no volume is usual at this clock time"], status: "unknown" };
  const ratio = volume / mean;
  const usual = `the average at this clock time (${Math.round(mean)}, n ${n})`;
  const reasons = [`volume ${volume} is ${ratio.toFixed(2)} × ${usual}`];
  return { atMs, n, reasons, status: "ready", ratio, volume, usualVolume: mean };
}

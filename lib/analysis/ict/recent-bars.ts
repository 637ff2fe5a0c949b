/** What did the last few bars do? A ring of them, which three-bar patterns and order blocks look back on. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";

/** Bars kept: what the longest pattern looks back on (a displacement, three bars before it), rounded up. */
const RECENT_BARS = 8;

export type RecentBars = {
  count: number;
  openMs: Float64Array;
  openTicks: Float64Array;
  highTicks: Float64Array;
  lowTicks: Float64Array;
  closeTicks: Float64Array;
  /** 1: a break, halt or weekend lies before the bar. */
  isAfterBreak: Uint8Array;
};

export function createRecentBars(): RecentBars {
  return {
    count: 0,
    openMs: new Float64Array(RECENT_BARS),
    openTicks: new Float64Array(RECENT_BARS),
    highTicks: new Float64Array(RECENT_BARS),
    lowTicks: new Float64Array(RECENT_BARS),
    closeTicks: new Float64Array(RECENT_BARS),
    isAfterBreak: new Uint8Array(RECENT_BARS),
  };
}

export function addRecentBar(recent: RecentBars, bar: AnalysisBar): void {
  const slot = recent.count % RECENT_BARS;
  recent.count += 1;
  recent.openMs[slot] = bar.openMs;
  recent.openTicks[slot] = bar.openTicks;
  recent.highTicks[slot] = bar.highTicks;
  recent.lowTicks[slot] = bar.lowTicks;
  recent.closeTicks[slot] = bar.closeTicks;
  recent.isAfterBreak[slot] = bar.isAfterBreak ? 1 : 0;
}

/** The slot of the bar that closed `ago` bars before the newest (0), or −1 where the ring does not reach so far. */
export function slotAgo(recent: RecentBars, ago: number): number {
  if (ago >= RECENT_BARS || ago >= recent.count) return -1;
  return (recent.count - 1 - ago) % RECENT_BARS;
}

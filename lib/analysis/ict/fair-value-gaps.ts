/** Where did price move so fast that one side never traded? Fair value gaps, their fill, and their inversion. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { type RecentBars, slotAgo } from "./recent-bars.ts";
import { closesThrough, type IctSide, type IctZone, makeRoom, otherSide, reachInto } from "./zone.ts";

/**
 * open → filled (traded through, without a close beyond) → inverted (closed beyond: it now holds the other side, and
 * `side` says so) → dead (closed back). An open gap may invert at once.
 */
export type FairValueGap = IctZone & {
  kind: "fairValueGap";
  state: "open" | "filled" | "inverted" | "dead";
  /** Height ÷ ATR when it was born. */
  sizeAtr: number;
  /** Share of the height that was traded since: 0 to 1. */
  fill: number;
  /** End of the bar that closed beyond it. */
  invertedMs: number | null;
};

/** Least height in ATR (the incumbent's, and common in the trade). */
const SIZE_ATR_MIN = 0.25;
/** Gaps kept; a dead one goes first, else the oldest. */
const GAPS_MAX = 24;

/**
 * Takes the next closed bar, which is already the newest of `recent`. Bullish: the low of bar 3 lies above the high of
 * bar 1 by at least 0.25 ATR (of bar 3); bearish mirrored. Bars 1 to 3 lie in one segment: what opens over a break, a
 * halt or a weekend is an opening gap, a level. Fill counts from the bar after bar 3.
 * High of bar 1 = 100, low of bar 3 = 108, later low 106: fill (108 − 106) ÷ 8 = 0.25.
 */
export function addFairValueGapBar(gaps: FairValueGap[], recent: RecentBars, bar: AnalysisBar, atrTicks: number): void {
  for (const gap of gaps) follow(gap, bar);
  const first = slotAgo(recent, 2);
  const middle = slotAgo(recent, 1);
  if (first < 0 || recent.isAfterBreak[middle] === 1 || bar.isAfterBreak) return;
  const [firstHigh, firstLow] = [recent.highTicks[first], recent.lowTicks[first]];
  const fromMs = recent.openMs[middle];
  if (bar.lowTicks > firstHigh) {
    addGap(gaps, { side: "bullish", topTicks: bar.lowTicks, bottomTicks: firstHigh, fromMs }, bar, atrTicks);
  } else if (bar.highTicks < firstLow) {
    addGap(gaps, { side: "bearish", topTicks: firstLow, bottomTicks: bar.highTicks, fromMs }, bar, atrTicks);
  }
}

type Found = { side: IctSide; topTicks: number; bottomTicks: number; fromMs: number };

function addGap(gaps: FairValueGap[], found: Found, bar: AnalysisBar, atrTicks: number): void {
  const sizeAtr = (found.topTicks - found.bottomTicks) / atrTicks;
  if (!(sizeAtr >= SIZE_ATR_MIN)) return;
  makeRoom(gaps, GAPS_MAX, ({ state }) => state === "dead");
  gaps.push({
    kind: "fairValueGap",
    id: `fvg:${found.side}:${bar.endMs}`,
    ...found,
    bornMs: bar.endMs,
    touched: false,
    state: "open",
    sizeAtr,
    fill: 0,
    invertedMs: null,
  });
}

function follow(gap: FairValueGap, bar: AnalysisBar): void {
  if (gap.state === "dead") return;
  const reach = reachInto(gap, bar);
  if (reach >= 0) gap.touched = true;
  if (gap.state === "inverted") {
    if (closesThrough(gap, bar)) gap.state = "dead";
    return;
  }
  if (reach > gap.fill) gap.fill = reach;
  if (closesThrough(gap, bar)) {
    gap.state = "inverted";
    gap.side = otherSide(gap.side);
    gap.invertedMs = bar.endMs;
    gap.touched = false;
  } else if (gap.fill === 1) gap.state = "filled";
}

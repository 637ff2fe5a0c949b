/** What does the regime say? The label, how sure, how long, and what it was before. */

import { barTimeText, percentText } from "#components/insight/insight-words.ts";
import { formatDayClock, formatQuantity } from "#lib/format.ts";
import type { InsightParts, InsightView } from "#lib/wire/insight.ts";

type Regime = Extract<InsightParts["regime"], { status: "ready" }>;

export type RegimeShare = { name: "up" | "range" | "down"; share: number; text: string };

/** Left to right: up, range, down. */
export function regimeShares({ direction }: Regime): RegimeShare[] {
  const { up, range, down } = direction.probabilities;
  return (
    [
      ["up", up],
      ["range", range],
      ["down", down],
    ] as const
  ).map(([name, share]) => ({ name, share: share ?? 0, text: `${name} ${percentText(share)}` }));
}

/** "confirmed, 190 bars"; "up in 2 bars" where another candidate waits. */
export function confirmedText({ direction }: Regime): string {
  const { label, bars, candidate, barsUntilConfirmed } = direction;
  if (candidate !== label) {
    const left = `${formatQuantity(barsUntilConfirmed)} ${barsUntilConfirmed === 1 ? "bar" : "bars"}`;
    return `${candidate} if it holds ${left} more`;
  }
  return label === "unknown" ? "not confirmed yet" : `confirmed, ${formatQuantity(bars)} bars`;
}

/** "by rules; HMM fitted through 11-16 16:00 CT, n 3,072"; the reasons say why it is shown or not. */
export function modelText({ method, hmm }: Regime): string {
  if (hmm.status === "none") return `by ${method}, no HMM`;
  return `by ${method}; HMM fitted through ${formatDayClock("America/Chicago", hmm.fittedThroughMs)} CT, n ${formatQuantity(hmm.n)}`;
}

export type RegimePiece = { fromMs: number; direction: string; grow: number; title: string };

const SPAN_MS = 24 * 3_600_000;

/** The runs of the last 24 hours, oldest first; `grow` is their length in ms. */
export function regimePieces(runs: InsightView["regimeRuns"], asOfMs: number, barMs: number): RegimePiece[] {
  const beginMs = asOfMs - SPAN_MS;
  return runs
    .filter(({ toMs }) => toMs >= beginMs)
    .map(({ fromMs, toMs, direction }) => {
      const startMs = Math.max(fromMs, beginMs);
      const endMs = toMs + barMs;
      const title = `${direction} ${barTimeText(startMs)} to ${barTimeText(endMs)}`;
      return { fromMs, direction, grow: endMs - startMs, title };
    });
}

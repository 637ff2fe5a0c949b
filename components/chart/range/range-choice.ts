/** Over which stretch of the chart does the trader want a profile? One at a time, kept by the browser. */

import { createPersisted } from "#components/ui/persisted.ts";

/** Bars that open in [fromMs, toMs); null: its last bar is still to be chosen. */
export type RangeChoice = { contract: string; fromMs: number; toMs: number | null };
/** Open and end of a bar, epoch ms. */
type BarSpan = { openMs: number; endMs: number };

export const rangeChoice = createPersisted<RangeChoice | null>({
  key: "rightseat.profile-range",
  initial: null,
  read: (stored) => {
    if (typeof stored !== "object" || stored === null) return null;
    const { contract, fromMs, toMs } = stored as Record<string, unknown>; // any record has keys
    if (typeof contract !== "string" || !isTime(fromMs) || !(toMs === null || isTime(toMs))) return null;
    return toMs !== null && toMs <= fromMs ? null : { contract, fromMs, toMs };
  },
});

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

export function beginRange(contract: string, { openMs }: BarSpan): RangeChoice {
  return { contract, fromMs: openMs, toMs: null };
}

/** Its other end: both bars are inside, whichever comes first; they are taken to be of one length. */
export function endRange(begun: RangeChoice, bar: BarSpan): RangeChoice {
  const { contract, fromMs } = begun;
  if (bar.openMs >= fromMs) return { contract, fromMs, toMs: bar.endMs };
  return { contract, fromMs: bar.openMs, toMs: fromMs + bar.endMs - bar.openMs };
}

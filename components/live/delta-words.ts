/** Who says which side a delta is on? One mark and one sentence for each source, the same wherever a delta stands. */

import { formatSigned, UNKNOWN } from "#lib/format.ts";
import type { DeltaSource } from "#lib/wire/stream.ts";

/** Behind the number, where there is little room; empty: the exchange's own side, or no number. */
export const DELTA_MARKS: Readonly<Record<DeltaSource, string>> = {
  none: "",
  aggressor: "",
  quote: "q",
  tick: "t",
  estimate: "est.",
};

export const DELTA_WORDS: Readonly<Record<DeltaSource, string>> = {
  none: "Nothing traded yet",
  aggressor: "The exchange's own side",
  quote: "Side judged by the quote before the trade",
  tick: "Side judged by the tick rule",
  estimate: "Estimated from bars: this source does not say who bought and who sold",
};

/** Beside the number. */
export const DELTA_SHORT_WORDS: Readonly<Record<DeltaSource, string>> = {
  none: "nothing traded",
  aggressor: "exchange's side",
  quote: "by quote",
  tick: "by tick rule",
  estimate: "estimate",
};

/** "-4,180", "+312 est."; "–" where nothing was traded. */
export function deltaText({ contracts, source }: { contracts: number; source: DeltaSource }): string {
  if (source === "none") return UNKNOWN;
  const mark = source === "estimate" ? ` ${DELTA_MARKS.estimate}` : "";
  return `${formatSigned(contracts, 0)}${mark}`;
}

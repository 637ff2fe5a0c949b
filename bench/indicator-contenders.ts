/** Who runs against whom? Ours, the loop by hand and the npm packages, by mode and indicator, behind one signature. */
import type { Batch, Stream } from "./indicator-bars.ts";
import { HAND_BATCH, HAND_STREAM } from "./indicator-hand.ts";
import { OUR_BATCH, OUR_STREAM } from "./indicator-ours.ts";
import { PEER_BATCH, PEER_STREAM } from "./indicator-peers.ts";

export const BENCHED = ["ema", "rsi", "atr", "macd", "bollinger"] as const;
export type Benched = (typeof BENCHED)[number];
export const MODES = ["stream", "batch"] as const;
export type Mode = (typeof MODES)[number];

export const OURS = "ours";
export const HAND = "hand";

/** indicatorts averages true ranges plainly: another indicator under the same name. */
const OTHER_DEFINITION = new Set(["indicatorts atr"]);

export const outputsOf = (indicator: Benched): number => (indicator === "macd" || indicator === "bollinger" ? 3 : 1);

/** Batches by name, ours first, then the loop by hand. */
export function batchesOf(indicator: Benched): Map<string, Batch> {
  const peers = Object.entries(PEER_BATCH).map(([name, by]): [string, Batch] => [name, by[indicator]]);
  const comparable = peers.filter(([name]) => !OTHER_DEFINITION.has(`${name} ${indicator}`));
  return new Map([[OURS, OUR_BATCH[indicator]], [HAND, HAND_BATCH[indicator]], ...comparable]);
}

/** Streams by name, ours first, then the loop by hand. */
export function streamsOf(indicator: Benched): Map<string, Stream> {
  const peers = Object.entries(PEER_STREAM).map(([name, by]): [string, Stream] => [name, by[indicator]]);
  return new Map([[OURS, OUR_STREAM[indicator]], [HAND, HAND_STREAM[indicator]], ...peers]);
}

export const namesOf = (mode: Mode, indicator: Benched): string[] => [
  ...(mode === "batch" ? batchesOf(indicator) : streamsOf(indicator)).keys(),
];

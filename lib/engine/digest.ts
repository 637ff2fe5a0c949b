/** Is this state the same as that one? A hash over values, never over serialised bytes. */
import { type BarSeries, rowCount } from "#lib/bars/bar-series.ts";

type Hash = { low: number; high: number };

const scratch = () => {
  const value = new Float64Array(1);
  return { value, words: new Uint32Array(value.buffer) };
};

/**
 * 64-bit digest of a plain tree as 16 hex digits. Numbers count by value (NaN is one value, −0 is 0), records by their
 * keys in order, bar series by their rows and not by their spare room. Functions and class instances are refused.
 */
export function digestOf(tree: unknown): string {
  const hash: Hash = { low: 0x811c9dc5, high: 0x9dc5811c };
  walk(hash, tree, scratch());
  return hex(hash.high) + hex(hash.low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

function addWord(hash: Hash, word: number): void {
  hash.low = Math.imul(hash.low ^ word, 0x01000193);
  hash.high = Math.imul((hash.high ^ word) + (hash.low >>> 15), 0x85ebca6b);
}

type Scratch = { value: Float64Array; words: Uint32Array };

function addNumber(hash: Hash, value: number, { value: slot, words }: Scratch): void {
  if (Number.isNaN(value)) {
    addWord(hash, 0x7ff80000);
    return;
  }
  slot[0] = value + 0;
  addWord(hash, words[0]);
  addWord(hash, words[1]);
}

function addText(hash: Hash, text: string): void {
  addWord(hash, text.length);
  for (let i = 0; i < text.length; i++) addWord(hash, text.charCodeAt(i));
}

function walk(hash: Hash, tree: unknown, slots: Scratch): void {
  if (typeof tree === "number") addNumber(hash, tree, slots);
  else if (typeof tree === "string") addText(hash, tree);
  else if (typeof tree === "boolean") addWord(hash, tree ? 1 : 2);
  else if (tree === null || tree === undefined) addWord(hash, 3);
  else if (Array.isArray(tree)) {
    addWord(hash, tree.length);
    for (const item of tree) walk(hash, item, slots);
  } else if (ArrayBuffer.isView(tree)) addColumn(hash, tree, lengthOf(tree), slots);
  else if (typeof tree === "object" && Object.getPrototypeOf(tree) === Object.prototype) walkRecord(hash, tree, slots);
  else throw new TypeError(`digest: was ${typeof tree}, expected numbers, text, arrays, typed arrays and records`);
}

function lengthOf(column: ArrayBufferView): number {
  return (column as unknown as ArrayLike<number>).length; // safe: DataViews are never put into the state
}

function walkRecord(hash: Hash, record: object, slots: Scratch): void {
  const isSeries = "droppedRows" in record && "formingEndMs" in record;
  const rows = isSeries ? rowCount(record as BarSeries) : 0; // safe: only a bar series has these two
  for (const [key, value] of Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) {
    addText(hash, key);
    if (isSeries && ArrayBuffer.isView(value) && key !== "edgeMs") addColumn(hash, value, rows, slots);
    else walk(hash, value, slots);
  }
}

function addColumn(hash: Hash, column: ArrayBufferView, rows: number, slots: Scratch): void {
  addWord(hash, rows);
  if (column instanceof Float64Array) {
    for (let row = 0; row < rows; row++) addNumber(hash, column[row], slots);
    return;
  }
  const words = column as unknown as ArrayLike<number>; // safe: every other column is of whole numbers
  for (let row = 0; row < rows; row++) addWord(hash, words[row]);
}

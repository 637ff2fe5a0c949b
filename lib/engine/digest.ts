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
  } else if (ArrayBuffer.isView(tree)) addColumn(hash, tree, lengthOf(tree));
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
    if (isSeries && ArrayBuffer.isView(value) && key !== "edgeMs") addColumn(hash, value, rows);
    else walk(hash, value, slots);
  }
}

/** Columns are hashed as 32-bit words, each kind by a loop of its own: this is most of a digest's time. */
function addColumn(hash: Hash, column: ArrayBufferView, rows: number): void {
  addWord(hash, rows);
  const { buffer, byteOffset } = column;
  if (column instanceof Float64Array) addDoubles(hash, new Uint32Array(buffer, byteOffset, rows * 2));
  else if (column.byteLength === lengthOf(column) * 4) addWords(hash, new Uint32Array(buffer, byteOffset, rows));
  else if (column instanceof Uint16Array) for (let row = 0; row < rows; row++) addWord(hash, column[row]);
  else if (column instanceof Uint8Array) for (let row = 0; row < rows; row++) addWord(hash, column[row]);
  else throw new TypeError(`digest: was ${column.constructor.name}, expected 8-, 16-, 32-bit whole numbers or doubles`);
}

function addWords(hash: Hash, words: Uint32Array): void {
  let { low, high } = hash;
  for (let at = 0; at < words.length; at++) {
    low = Math.imul(low ^ words[at], 0x01000193);
    high = Math.imul((high ^ words[at]) + (low >>> 15), 0x85ebca6b);
  }
  hash.low = low;
  hash.high = high;
}

/** Doubles as pairs of words, low word first; every NaN is one value, and −0 is 0. */
function addDoubles(hash: Hash, words: Uint32Array): void {
  let { low, high } = hash;
  for (let at = 0; at < words.length; at += 2) {
    let least = words[at];
    let most = words[at + 1];
    const magnitude = most & 0x7fffffff;
    if (magnitude >= 0x7ff00000 && (magnitude > 0x7ff00000 || least !== 0)) {
      least = 0;
      most = 0x7ff80000;
    } else if (magnitude === 0 && least === 0) most = 0;
    low = Math.imul(low ^ least, 0x01000193);
    high = Math.imul((high ^ least) + (low >>> 15), 0x85ebca6b);
    low = Math.imul(low ^ most, 0x01000193);
    high = Math.imul((high ^ most) + (low >>> 15), 0x85ebca6b);
  }
  hash.low = low;
  hash.high = high;
}

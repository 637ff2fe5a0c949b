/** Is this state the same as that one? A hash over values, never over serialised bytes. */
import { BAR_COLUMNS, type BarSeries, rowCount } from "#lib/bars/bar-series.ts";
import { isAnalysis, partsOf } from "./analysis/analysis-parts.ts";
import type { ContractAnalysis } from "./analysis/contract-analysis.ts";
import type { EngineState } from "./state.ts";

type Hash = { low: number; high: number };

/** Closed rows are hashed in blocks of so many: a block that has not changed is not read again, what is behind is. */
const BLOCK_ROWS = 32;

/** Hashes of a series' first whole blocks: low and high word in turn. */
type BlockHashes = number[];
/** What a digest takes from elsewhere: the hashes of large parts, which may be known already. */
type Known = {
  blocks: (series: BarSeries) => BlockHashes;
  /** Of the part of an analysis that trades do not move, and of what it has published. */
  closed: (analysis: ContractAnalysis) => BlockHashes;
};

const seeded = (): Hash => ({ low: 0x811c9dc5, high: 0x9dc5811c });

const scratch = () => {
  const value = new Float64Array(1);
  return { value, words: new Uint32Array(value.buffer) };
};

/**
 * 64-bit digest of a plain tree as 16 hex digits. Numbers count by value (NaN is one value, −0 is 0), records by their
 * keys in order, bar series by their rows and not by their spare room. Functions and class instances are refused.
 */
export function digestOf(tree: unknown): string {
  return digestWith(tree, NOTHING_KNOWN);
}

const NOTHING_KNOWN: Known = {
  blocks: (series) => addBlocks(series, [], Number.POSITIVE_INFINITY),
  closed(analysis) {
    const { closed, published } = partsOf(analysis);
    return [...hashOf(closed), ...hashOf(published)];
  },
};

function digestWith(tree: unknown, known: Known): string {
  const hash = seeded();
  walk(hash, tree, { ...scratch(), ...known });
  return hex(hash.high) + hex(hash.low);
}

function hashOf(tree: unknown): BlockHashes {
  const hash = seeded();
  walk(hash, tree, { ...scratch(), ...NOTHING_KNOWN });
  return [hash.low, hash.high];
}

/** The same digest of one growing state: remembers what it has hashed of closed rows and of analyses. */
export type Digester = {
  digest(): string;
  /** Takes up at most about `rowsMax` closed rows, or else one analysis, beforehand; true when nothing is left. */
  ahead(rowsMax: number): boolean;
};

export function createDigester(state: EngineState): Digester {
  const known = new WeakMap<BarSeries, BlockHashes>();
  const upTo = (series: BarSeries, rowsMax: number): BlockHashes => {
    const hashes = known.get(series) ?? [];
    known.set(series, hashes);
    hashes.length = Math.min(hashes.length, 2 * Math.floor(series.hashedRows / BLOCK_ROWS));
    addBlocks(series, hashes, rowsMax);
    series.hashedRows = (hashes.length / 2) * BLOCK_ROWS;
    return hashes;
  };
  const { isKnown, closed } = rememberClosed();
  return {
    digest: () => digestWith(state, { blocks: (series) => upTo(series, Number.POSITIVE_INFINITY), closed }),
    ahead(rowsMax) {
      let left = rowsMax;
      for (const { series: kept } of state.contracts) {
        for (const series of kept) {
          if (series.length - series.hashedRows < BLOCK_ROWS) continue;
          if (left <= 0) return false;
          const before = series.hashedRows;
          upTo(series, left);
          left -= Math.max(0, series.hashedRows - before);
        }
      }
      if (left <= 0) return false;
      const changed = state.analyses.find((one) => one !== null && !isKnown(one));
      if (changed === undefined || changed === null) return true;
      closed(changed);
      return false;
    },
  };
}

/** An analysis' closed part is the same while its count of changes stands; what is published is never changed. */
function rememberClosed(): { isKnown(analysis: ContractAnalysis): boolean; closed: Known["closed"] } {
  const ofClosed = new WeakMap<ContractAnalysis, { changes: number; hash: BlockHashes }>();
  const ofPublished = new WeakMap<object, BlockHashes>();
  const isKnown = (analysis: ContractAnalysis) => ofClosed.get(analysis)?.changes === analysis.changes;
  return {
    isKnown,
    closed(analysis) {
      const { closed, published } = partsOf(analysis);
      const known = isKnown(analysis) ? ofClosed.get(analysis) : undefined;
      const hash = known?.hash ?? hashOf(closed);
      const said = (published === null ? undefined : ofPublished.get(published)) ?? hashOf(published);
      ofClosed.set(analysis, { changes: analysis.changes, hash });
      if (published !== null) ofPublished.set(published, said);
      return [...hash, ...said];
    },
  };
}

/** Hashes whole blocks of closed rows behind those that are known, until about `rowsMax` rows were read. */
function addBlocks(series: BarSeries, hashes: BlockHashes, rowsMax: number): BlockHashes {
  const first = (hashes.length / 2) * BLOCK_ROWS;
  for (let from = first; from + BLOCK_ROWS <= series.length && from - first < rowsMax; from += BLOCK_ROWS) {
    const hash = seeded();
    addRows(hash, series, from, from + BLOCK_ROWS);
    hashes.push(hash.low, hash.high);
  }
  return hashes;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

function addWord(hash: Hash, word: number): void {
  hash.low = Math.imul(hash.low ^ word, 0x01000193);
  hash.high = Math.imul((hash.high ^ word) + (hash.low >>> 15), 0x85ebca6b);
}

type Scratch = { value: Float64Array; words: Uint32Array } & Known;

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
  if ("droppedRows" in record && "formingEndMs" in record) {
    walkSeries(hash, record as BarSeries, slots); // safe: only a bar series has these two
    return;
  }
  if (isAnalysis(record)) {
    walk(hash, partsOf(record).trades, slots);
    addHashes(hash, slots.closed(record));
    return;
  }
  const values = record as Readonly<Record<string, unknown>>; // safe: its keys are all text
  for (const key of Object.keys(values).sort()) {
    addText(hash, key);
    walk(hash, values[key], slots);
  }
}

/** What is known of a series (how far it was hashed and stored) is no part of it. */
function walkSeries(hash: Hash, series: BarSeries, slots: Scratch): void {
  const { interval, length, isForming, formingEndMs, droppedRows, edgeMs } = series;
  for (const value of [interval, length, isForming, formingEndMs, droppedRows, edgeMs]) walk(hash, value, slots);
  const blocks = slots.blocks(series);
  addHashes(hash, blocks);
  const from = (blocks.length / 2) * BLOCK_ROWS;
  // Fewer than a block and one: the views of a column's own loop would cost more than its numbers.
  for (const name of BAR_COLUMNS) addFew(hash, series[name], { from, to: rowCount(series), slots });
}

type Few = { from: number; to: number; slots: Scratch };

function addFew(hash: Hash, column: BarSeries[(typeof BAR_COLUMNS)[number]], { from, to, slots }: Few): void {
  addWord(hash, to - from);
  const isDoubles = column instanceof Float64Array;
  for (let row = from; row < to; row += 1) {
    if (isDoubles) addNumber(hash, column[row], slots);
    else addWord(hash, column[row]);
  }
}

function addRows(hash: Hash, series: BarSeries, from: number, to: number): void {
  for (const name of BAR_COLUMNS) addColumn(hash, series[name].subarray(from, to), to - from);
}

function addHashes(hash: Hash, words: BlockHashes): void {
  let { low, high } = hash;
  for (let at = 0; at < words.length; at++) {
    low = Math.imul(low ^ words[at], 0x01000193);
    high = Math.imul((high ^ words[at]) + (low >>> 15), 0x85ebca6b);
  }
  hash.low = low;
  hash.high = high;
}

/** Columns are hashed as 32-bit words, each kind by a loop of its own: this is most of a digest's time. */
function addColumn(hash: Hash, column: ArrayBufferView, rows: number): void {
  addWord(hash, rows);
  const { buffer, byteOffset } = column;
  if (column instanceof Float64Array) addDoubles(hash, new Uint32Array(buffer, byteOffset, rows * 2));
  else if (column instanceof Float32Array) addFloats(hash, new Uint32Array(buffer, byteOffset, rows));
  else if (column instanceof Int32Array || column instanceof Uint32Array)
    addWords(hash, new Uint32Array(buffer, byteOffset, rows));
  else if (
    column instanceof Uint16Array ||
    column instanceof Uint8Array ||
    column instanceof Int16Array ||
    column instanceof Int8Array
  )
    for (let row = 0; row < rows; row++) addWord(hash, column[row]);
  else throw new TypeError(`digest: was ${column.constructor.name}, expected 8-, 16-, 32-bit whole numbers or floats`);
}

/** Every NaN is one value, and −0 is 0. */
function addFloats(hash: Hash, words: Uint32Array): void {
  for (let at = 0; at < words.length; at++) {
    const magnitude = words[at] & 0x7fffffff;
    addWord(hash, magnitude > 0x7f800000 ? 0x7fc00000 : magnitude === 0 ? 0 : words[at]);
  }
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

/** How much was traded at each price? Rows of one tick that grow with the range: O(1) a trade, bounded. */
import { SIDE, type Side, type SignedTrade } from "#lib/bars/time-bars.ts";

/** Rows kept at most: 2,048 points of ES or NQ, 81.92 USD of CL; 98 kB. What happens at it: see `addVolume`. */
export const PRICE_ROWS_MAX = 8_192;

const ROWS_AT_FIRST = 64;
/** Cells of a row: its whole volume, which is read most, at 0; bought and sold at SIDE.buy and SIDE.sell. */
export const ROW_CELLS = 3;
const BY_SIDE: readonly Side[] = [SIDE.unsigned, SIDE.buy, SIDE.sell];
/** A price beyond all prices: with it as base every price lies outside, so that the first one makes room. */
const NOWHERE = 1_073_741_824;

/**
 * Contracts by price and side. Row i is the price baseTicks + i, its cells begin at 3 × i; prices may be zero or
 * negative. What was neither bought nor sold is unsigned. One plain record: it can be snapshotted.
 */
export type PriceRows = {
  baseTicks: number;
  cells: Uint32Array;
  /** Lowest and highest price with volume; highTicks < lowTicks while there is none. */
  lowTicks: number;
  highTicks: number;
  /** Contracts in the rows. */
  volume: number;
  /** Contracts that found no row, because the range would have become too wide. */
  outsideVolume: number;
  /** Part of `volume` that was spread over a bar's range, not seen at its price. */
  estimatedVolume: number;
  /** Part of `volume` that a vendor told for each price; the rest was seen trade by trade. */
  pricedVolume: number;
};

/** Empty rows, with room for a range of `capacity` ticks before they grow. */
export function createPriceRows(capacity: number = ROWS_AT_FIRST): PriceRows {
  const cells = new Uint32Array(capacity * ROW_CELLS);
  return {
    baseTicks: NOWHERE,
    cells,
    lowTicks: NOWHERE,
    highTicks: -NOWHERE,
    volume: 0,
    outsideVolume: 0,
    estimatedVolume: 0,
    pricedVolume: 0,
  };
}

/** Empties the rows and keeps their room. */
export function clearRows(rows: PriceRows): void {
  if (rows.volume > 0) {
    const from = (rows.lowTicks - rows.baseTicks) * ROW_CELLS;
    rows.cells.fill(0, from, (rows.highTicks - rows.baseTicks + 1) * ROW_CELLS);
  }
  rows.baseTicks = NOWHERE;
  rows.lowTicks = NOWHERE;
  rows.highTicks = -NOWHERE;
  rows.volume = 0;
  rows.outsideVolume = 0;
  rows.estimatedVolume = 0;
  rows.pricedVolume = 0;
}

/** Adds a trade; one of size 0 has no volume and makes no row. */
export function addRowTrade(rows: PriceRows, trade: SignedTrade): void {
  addVolume(rows, trade.priceTicks, trade.side, trade.size);
}

/**
 * Adds contracts at a price. Where the range would pass PRICE_ROWS_MAX the contracts count as outside; once more lie
 * outside than in the rows (a wrong first price), the rows begin anew around this price and theirs counts as outside.
 */
export function addVolume(rows: PriceRows, priceTicks: number, side: Side, volume: number): void {
  if (volume === 0) return;
  const row = priceTicks - rows.baseTicks;
  if (row < 0 || row * ROW_CELLS >= rows.cells.length) {
    if (!makeRoom(rows, priceTicks, volume)) return;
  }
  const cell = (priceTicks - rows.baseTicks) * ROW_CELLS;
  rows.cells[cell] += volume;
  if (side !== SIDE.unsigned) rows.cells[cell + side] += volume;
  rows.volume += volume;
  if (priceTicks < rows.lowTicks) rows.lowTicks = priceTicks;
  if (priceTicks > rows.highTicks) rows.highTicks = priceTicks;
}

/** Moves or grows the rows so that a price has one; false where there is none for it. */
function makeRoom(rows: PriceRows, priceTicks: number, volume: number): boolean {
  const low = Math.min(rows.lowTicks, priceTicks);
  const high = Math.max(rows.highTicks, priceTicks);
  if (high - low < PRICE_ROWS_MAX) {
    moveTo(rows, low, high);
    return true;
  }
  if (rows.outsideVolume + volume <= rows.volume) {
    rows.outsideVolume += volume;
    return false;
  }
  const outsideVolume = rows.outsideVolume + rows.volume;
  clearRows(rows);
  rows.outsideVolume = outsideVolume;
  moveTo(rows, priceTicks, priceTicks);
  return true;
}

/** Gives the range room on both sides; the rows in use are copied. */
function moveTo(rows: PriceRows, low: number, high: number): void {
  const range = high - low + 1;
  const capacity = rows.cells.length / ROW_CELLS;
  const roomy = Math.min(PRICE_ROWS_MAX, Math.ceil(range * 1.5));
  const next = Math.max(capacity, roomy);
  const baseTicks = low - ((next - range) >> 1);
  if (rows.volume === 0 && next === capacity) {
    rows.baseTicks = baseTicks;
    return;
  }
  const cells = new Uint32Array(next * ROW_CELLS);
  if (rows.volume > 0) {
    const from = (rows.lowTicks - rows.baseTicks) * ROW_CELLS;
    const used = rows.cells.subarray(from, (rows.highTicks - rows.baseTicks + 1) * ROW_CELLS);
    cells.set(used, (rows.lowTicks - baseTicks) * ROW_CELLS);
  }
  rows.cells = cells;
  rows.baseTicks = baseTicks;
}

/** Adds all of `from`, each price moved by a whole number of ticks (a roll). */
export function addRows(into: PriceRows, from: PriceRows, shiftTicks = 0): void {
  const inRows = into.volume;
  if (hasRoomFor(into, from, shiftTicks)) addCells(into, from, shiftTicks);
  else {
    for (let price = from.lowTicks; price <= from.highTicks; price++) {
      for (const side of BY_SIDE) addVolume(into, price + shiftTicks, side, sideVolumeAt(from, price, side));
    }
  }
  into.outsideVolume += from.outsideVolume;
  // What was put outside is no part of the rows any more.
  addSources(into, from, inRows);
}

/** What came in since `inRows` contracts keeps its sources. */
export function addSources(
  into: PriceRows,
  from: Pick<PriceRows, "estimatedVolume" | "pricedVolume">,
  inRows: number,
): void {
  const added = Math.max(0, into.volume - inRows);
  into.estimatedVolume += Math.min(from.estimatedVolume, added);
  into.pricedVolume += Math.min(from.pricedVolume, added);
}

/** Every price of `from` has its row already: most minutes trade where the session has been. */
function hasRoomFor(into: PriceRows, from: PriceRows, shiftTicks: number): boolean {
  const first = from.lowTicks + shiftTicks - into.baseTicks;
  const last = from.highTicks + shiftTicks - into.baseTicks;
  return from.volume > 0 && first >= 0 && (last + 1) * ROW_CELLS <= into.cells.length;
}

function addCells(into: PriceRows, from: PriceRows, shiftTicks: number): void {
  const [lowTicks, highTicks] = [from.lowTicks + shiftTicks, from.highTicks + shiftTicks];
  const end = (highTicks - into.baseTicks + 1) * ROW_CELLS;
  let cell = (from.lowTicks - from.baseTicks) * ROW_CELLS;
  for (let to = (lowTicks - into.baseTicks) * ROW_CELLS; to < end; to++) into.cells[to] += from.cells[cell++];
  into.volume += from.volume;
  into.lowTicks = Math.min(into.lowTicks, lowTicks);
  into.highTicks = Math.max(into.highTicks, highTicks);
}

/** Contracts of one side at a price; 0 where nothing traded. */
export function sideVolumeAt(rows: PriceRows, priceTicks: number, side: Side): number {
  if (priceTicks < rows.lowTicks || priceTicks > rows.highTicks) return 0;
  const cell = (priceTicks - rows.baseTicks) * ROW_CELLS;
  if (side !== SIDE.unsigned) return rows.cells[cell + side];
  return rows.cells[cell] - rows.cells[cell + SIDE.buy] - rows.cells[cell + SIDE.sell];
}

/** Contracts at a price, of either side and of none. */
export function volumeAt(rows: PriceRows, priceTicks: number): number {
  if (priceTicks < rows.lowTicks || priceTicks > rows.highTicks) return 0;
  return rows.cells[(priceTicks - rows.baseTicks) * ROW_CELLS];
}

/** Volume of each traded tick row, from the lowest to the highest. */
export function rowVolumes({ cells, baseTicks, lowTicks, highTicks }: PriceRows): Float64Array {
  const volumes = new Float64Array(Math.max(0, highTicks - lowTicks + 1));
  let cell = (lowTicks - baseTicks) * ROW_CELLS;
  for (let row = 0; row < volumes.length; row++) {
    volumes[row] = cells[cell];
    cell += ROW_CELLS;
  }
  return volumes;
}

/** Contracts of one side in all rows. */
export function sideVolume(rows: PriceRows, side: Side): number {
  let sum = 0;
  for (let price = rows.lowTicks; price <= rows.highTicks; price++) sum += sideVolumeAt(rows, price, side);
  return sum;
}

/** Bought − sold at a price. */
export function deltaAt(rows: PriceRows, priceTicks: number): number {
  return sideVolumeAt(rows, priceTicks, SIDE.buy) - sideVolumeAt(rows, priceTicks, SIDE.sell);
}

/** Volume of each row of `ticksPerRow` ticks, from the lowest traded row to the highest. */
export type DisplayRows = { ticksPerRow: number; lowTicks: number; volume: Float64Array; delta: Float64Array };

/**
 * The rows as a screen shows them. Rows of n ticks begin at multiples of n, also below zero, so that profiles of
 * different days lie on one grid. 3 contracts at −1 and 4 at 0, two ticks a row → row −2: 3, row 0: 4.
 */
export function displayRows(rows: PriceRows, ticksPerRow: number): DisplayRows {
  if (rows.volume === 0) return { ticksPerRow, lowTicks: 0, volume: new Float64Array(0), delta: new Float64Array(0) };
  const first = Math.floor(rows.lowTicks / ticksPerRow);
  const count = Math.floor(rows.highTicks / ticksPerRow) - first + 1;
  const volume = new Float64Array(count);
  const delta = new Float64Array(count);
  for (let price = rows.lowTicks; price <= rows.highTicks; price++) {
    const row = Math.floor(price / ticksPerRow) - first;
    volume[row] += volumeAt(rows, price);
    delta[row] += deltaAt(rows, price);
  }
  return { ticksPerRow, lowTicks: first * ticksPerRow, volume, delta };
}

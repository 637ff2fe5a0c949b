/** What does one footprint show? Stacked imbalance, absorption and exhaustion, each with its numbers. */
import { formatQuantity } from "#lib/format.ts";
import { type FlowRows, rowHigh, rowLow } from "./flow-rows.ts";

/** `direction`: where the mark points. Absorbed selling and exhausted selling point up. */
export type FlowMark = {
  kind: "stacked imbalance" | "absorption" | "exhaustion";
  direction: "up" | "down";
  fromTicks: number;
  toTicks: number;
  /** Contracts of the pressing side in these prices. */
  volume: number;
  reason: string;
};

const IMBALANCE_RATIO = 3;
const STACK_ROWS_MIN = 3;
/** Absorption: rows at the extreme, their share of the bar's volume of that side, orders, multiple of the minimum. */
const ABSORPTION_ROWS = 2;
const ABSORPTION_SHARE_MIN = 0.4;
const ABSORPTION_ORDERS_MIN = 3;
const ABSORPTION_VOLUME_FACTOR = 4;
/** Exhaustion: rows from the extreme inwards, of which each has at most half of the next. */
const EXHAUSTION_ROWS = 4;

/**
 * Stacked imbalance: at least three rows in a row in which one side has at least 3 × the other side's diagonal
 * neighbour (buyers lift the offer, so a row's buys meet the sells of the row below) and at least the product's
 * minimum. A row whose diagonal neighbour lies outside the bar has none.
 * Buys 60, 60, 60 in rows 1 … 3, sells 20, 20, 20 in rows 0 … 2, minimum 50 → up, rows 1 … 3.
 */
export function stackedImbalances(rows: FlowRows, minVolume: number): FlowMark[] {
  const isBuy = (row: number): boolean => isBuyImbalance(rows, row, minVolume);
  const isSell = (row: number): boolean => isSellImbalance(rows, row, minVolume);
  return [...stacksOf(rows, rows.buy, isBuy, "up"), ...stacksOf(rows, rows.sell, isSell, "down")];
}

type Sides = { buy: ArrayLike<number>; sell: ArrayLike<number> };

/** Did buyers outweigh the sellers one row below by 3:1, with at least the minimum? 60 against 20, minimum 50: yes. */
export function isBuyImbalance({ buy, sell }: Sides, row: number, minVolume: number): boolean {
  return row > 0 && buy[row] >= minVolume && buy[row] >= IMBALANCE_RATIO * sell[row - 1];
}

/** Did sellers outweigh the buyers one row above by 3:1, with at least the minimum? */
export function isSellImbalance({ buy, sell }: Sides, row: number, minVolume: number): boolean {
  return row < sell.length - 1 && sell[row] >= minVolume && sell[row] >= IMBALANCE_RATIO * buy[row + 1];
}

function stacksOf(
  rows: FlowRows,
  volumes: Float64Array,
  isImbalance: (row: number) => boolean,
  direction: FlowMark["direction"],
): FlowMark[] {
  const marks: FlowMark[] = [];
  for (let from = 0; from < volumes.length; from++) {
    if (!isImbalance(from)) continue;
    let to = from;
    let volume = volumes[from];
    while (to + 1 < volumes.length && isImbalance(to + 1)) {
      to++;
      volume += volumes[to];
    }
    const count = to - from + 1;
    const side = direction === "up" ? "bought" : "sold";
    const reason = `${count} rows with 3:1 diagonals, ${formatQuantity(volume)} ${side}`;
    const place = { fromTicks: rowLow(rows, from), toTicks: rowHigh(rows, to) };
    if (count >= STACK_ROWS_MIN) marks.push({ kind: "stacked imbalance", direction, ...place, volume, reason });
    from = to;
  }
  return marks;
}

/** What absorption reads beside the rows: how many orders (joined sweeps) of each side ended in each row. */
export type AbsorptionInput = { rows: FlowRows; orders: FlowRows; closeTicks: number; minVolume: number };

/**
 * Absorption: heavy selling at a bar's low that did not get through (buying at its high mirrored). The lowest two rows
 * hold at least 40 % of all that was sold in the bar and four times the product's minimum, from at least three orders
 * (sweeps are joined first, so one large order is none), and the bar closes at least two rows above them.
 */
export function absorptions(input: AbsorptionInput): FlowMark[] {
  const { rows } = input;
  const count = rows.buy.length;
  const closeRow = Math.floor(input.closeTicks / rows.rowTicks) - rows.first;
  const low = absorptionAt(input, rows.sell, input.orders.sell, { from: 0, held: closeRow });
  const top = { from: count - ABSORPTION_ROWS, held: count - 1 - closeRow };
  const high = absorptionAt(input, rows.buy, input.orders.buy, top);
  return [
    ...(low === null ? [] : [{ ...low, direction: "up" as const }]),
    ...(high === null ? [] : [{ ...high, direction: "down" as const }]),
  ];
}

/** `held`: rows from the extreme to the close. */
function absorptionAt(
  { rows, minVolume }: AbsorptionInput,
  volumes: Float64Array,
  orders: Float64Array,
  { from, held }: { from: number; held: number },
): Omit<FlowMark, "direction"> | null {
  const to = from + ABSORPTION_ROWS - 1;
  if (held < 2 * ABSORPTION_ROWS - 1) return null;
  const volume = sumOf(volumes, from, to);
  const all = sumOf(volumes, 0, volumes.length - 1);
  const count = sumOf(orders, from, to);
  if (volume < ABSORPTION_SHARE_MIN * all || volume < ABSORPTION_VOLUME_FACTOR * minVolume) return null;
  if (count < ABSORPTION_ORDERS_MIN) return null;
  const share = Math.round((100 * volume) / all);
  const reason = `${formatQuantity(volume)} contracts (${share} % of the side) from ${count} orders did not get through`;
  return { kind: "absorption", fromTicks: rowLow(rows, from), toTicks: rowHigh(rows, to), volume, reason };
}

/** What exhaustion reads beside the rows: is the bar's extreme beyond those of the ten bars before? */
export type ExhaustionInput = {
  rows: FlowRows;
  closeTicks: number;
  minVolume: number;
  isNewHigh: boolean;
  isNewLow: boolean;
};

/**
 * Exhaustion: at a new extreme of ten bars the pressing side dries up. Of the four rows up to the high each has at most
 * half the buys of the one below it, the fourth has at least the product's minimum, and the bar closes at least two
 * rows below its high row (selling at a new low mirrored). Buys 80, 40, 10, 2 up to a new high, close below → down.
 */
export function exhaustions({ rows, closeTicks, minVolume, isNewHigh, isNewLow }: ExhaustionInput): FlowMark[] {
  const { buy, sell } = rows;
  const last = buy.length - 1;
  const closeRow = Math.floor(closeTicks / rows.rowTicks) - rows.first;
  const marks: FlowMark[] = [];
  if (buy.length < EXHAUSTION_ROWS) return marks;
  if (isNewHigh && last - closeRow >= 2 && driesUp(buy, last, -1, minVolume)) {
    const place = { fromTicks: rowLow(rows, last - EXHAUSTION_ROWS + 1), toTicks: rowHigh(rows, last) };
    const volume = sumOf(buy, last - EXHAUSTION_ROWS + 1, last);
    marks.push({ kind: "exhaustion", direction: "down", ...place, volume, reason: driedUp(buy, last, -1) });
  }
  if (isNewLow && closeRow >= 2 && driesUp(sell, 0, 1, minVolume)) {
    const place = { fromTicks: rowLow(rows, 0), toTicks: rowHigh(rows, EXHAUSTION_ROWS - 1) };
    const volume = sumOf(sell, 0, EXHAUSTION_ROWS - 1);
    marks.push({ kind: "exhaustion", direction: "up", ...place, volume, reason: driedUp(sell, 0, 1) });
  }
  return marks;
}

/** From the extreme row inwards (`step` towards the middle). */
function driesUp(volumes: Float64Array, extreme: number, step: 1 | -1, minVolume: number): boolean {
  for (let row = 0; row < EXHAUSTION_ROWS - 1; row++) {
    if (volumes[extreme + step * row] * 2 > volumes[extreme + step * (row + 1)]) return false;
  }
  return volumes[extreme + step * (EXHAUSTION_ROWS - 1)] >= minVolume;
}

function driedUp(volumes: Float64Array, extreme: number, step: 1 | -1): string {
  const parts: string[] = [];
  for (let row = EXHAUSTION_ROWS - 1; row >= 0; row--) parts.push(formatQuantity(volumes[extreme + step * row]));
  return `${parts.join(", ")} contracts towards a new extreme of ten bars`;
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = Math.max(0, from); at <= Math.min(to, values.length - 1); at++) sum += values[at];
  return sum;
}

/** What traded at each price of the newest bars, and what does it show? Footprints of one interval, bounded. */
import { SIDE } from "#lib/bars/time-bars.ts";
import type { AnalysisBar } from "../analysis-bar.ts";
import { addPackedRows, type PackedRows, packRows } from "../packed-rows.ts";
import { createPriceRows, type PriceRows, sideVolumeAt } from "../price-rows.ts";
import { absorptions, exhaustions, type FlowMark, stackedImbalances } from "./flow-marks.ts";
import { flowRowsOf } from "./flow-rows.ts";
import type { FlowScale } from "./flow-scale.ts";

/** One closed bar's rows: immutable. */
export type FootprintBar = { readonly openMs: number; readonly endMs: number; readonly rows: PackedRows };

/** A mark with the bar that showed it. */
export type PlacedMark = FlowMark & { intervalMs: number; openMs: number; atMs: number };

/** Of one bar: volume by price, and number of orders (joined sweeps) at the price where each ended. */
export type TradedRows = { rows: PriceRows; orders: PriceRows };

export type FootprintState = {
  intervalMs: number;
  scale: FlowScale;
  tradeDate: number;
  /** Extremes of the newest ten bars of the trade date, bar i in slot i mod 10; how many bars it has. */
  highs: Float64Array;
  lows: Float64Array;
  count: number;
  /** Oldest first. */
  bars: FootprintBar[];
  marks: PlacedMark[];
  /** Bars of the trade date without a footprint, because not all their trades were seen. */
  unseenBars: number;
};

/** Footprints of an interval kept in the state; the oldest goes. */
export const FOOTPRINTS_KEPT = 40;
const MARKS_KEPT = 12;
const EXTREME_BARS = 10;

export function createFootprint(options: { intervalMs: number; scale: FlowScale }): FootprintState {
  return {
    intervalMs: options.intervalMs,
    scale: { ...options.scale },
    tradeDate: 0,
    highs: new Float64Array(EXTREME_BARS),
    lows: new Float64Array(EXTREME_BARS),
    count: 0,
    bars: [],
    marks: [],
    unseenBars: 0,
  };
}

/**
 * Takes the next closed bar. It becomes a footprint only where the rows hold every contract of it at the price it
 * traded at and with the side that its source says; the others are counted.
 */
export function addFootprintBar(state: FootprintState, bar: AnalysisBar, traded: TradedRows): void {
  if (bar.tradeDate !== state.tradeDate) {
    state.tradeDate = bar.tradeDate;
    state.count = 0;
    state.unseenBars = 0;
  }
  if (isWhole(traded.rows, bar)) {
    state.bars.push({ openMs: bar.openMs, endMs: bar.endMs, rows: packRows(traded.rows) });
    if (state.bars.length > FOOTPRINTS_KEPT) state.bars.shift();
    for (const mark of marksOf(state, bar, traded)) {
      state.marks.push({ ...mark, intervalMs: state.intervalMs, openMs: bar.openMs, atMs: bar.endMs });
      if (state.marks.length > MARKS_KEPT) state.marks.shift();
    }
  } else if (bar.volume > 0) {
    state.unseenBars += 1;
  }
  state.highs[state.count % EXTREME_BARS] = bar.highTicks;
  state.lows[state.count % EXTREME_BARS] = bar.lowTicks;
  state.count += 1;
}

function isWhole(rows: PriceRows, bar: AnalysisBar): boolean {
  return bar.volume > 0 && rows.volume === bar.volume && rows.estimatedVolume === 0 && bar.deltaSource !== 0;
}

function marksOf(state: FootprintState, bar: AnalysisBar, traded: TradedRows): FlowMark[] {
  const { rowTicks, minVolume } = state.scale;
  const rows = flowRowsOf(traded.rows, rowTicks, traded.rows);
  const orders = flowRowsOf(traded.orders, rowTicks, traded.rows);
  const { closeTicks } = bar;
  const hasTen = state.count >= EXTREME_BARS;
  const isNewHigh = hasTen && state.highs.every((high) => bar.highTicks > high);
  const isNewLow = hasTen && state.lows.every((low) => bar.lowTicks < low);
  return [
    ...stackedImbalances(rows, minVolume),
    ...absorptions({ rows, orders, closeTicks, minVolume }),
    ...exhaustions({ rows, closeTicks, minVolume, isNewHigh, isNewLow }),
  ];
}

/** One row of a footprint as a screen shows it. */
export type FootprintRow = { lowTicks: number; buy: number; sell: number; unsigned: number };

/** The rows of a closed footprint, lowest first, `ticksPerRow` high on the grid of its multiples. */
export function footprintRows({ rows: packed }: FootprintBar, ticksPerRow: number): FootprintRow[] {
  const rows = createPriceRows();
  addPackedRows(rows, packed);
  return screenRows(rows, ticksPerRow);
}

/** Price rows as a screen shows them, by side: 3 bought at 7 and 4 sold at 6, rows of 2 → one row from 6. */
export function screenRows(rows: PriceRows, ticksPerRow: number): FootprintRow[] {
  const found: FootprintRow[] = [];
  for (let price = rows.lowTicks; price <= rows.highTicks; price++) {
    const lowTicks = Math.floor(price / ticksPerRow) * ticksPerRow;
    if (found.at(-1)?.lowTicks !== lowTicks) found.push({ lowTicks, buy: 0, sell: 0, unsigned: 0 });
    const row = found[found.length - 1];
    row.unsigned += sideVolumeAt(rows, price, SIDE.unsigned);
    row.buy += sideVolumeAt(rows, price, SIDE.buy);
    row.sell += sideVolumeAt(rows, price, SIDE.sell);
  }
  return found;
}

/** What do the simulator's tests measure again and again: sessions, correlations, tails? */
import { civilDayFrom } from "#lib/civil.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { isFullTradeDate, previousTradeDate } from "#lib/session.ts";
import type { MarketModel } from "#lib/simulator/market-model.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";

/** A fixed seed and a fresh one, which the tests print. */
export const FIXED_SEED = 20_261_120;
export const FRESH_SEED = Math.floor(Math.random() * 0xffff_ffff);

/** Friday 2026-11-20. */
export const SAMPLE_DATE = tradeDate(civilDayFrom(2026, 11, 20));

/** The newest `count` full trade dates of a root up to a date, oldest first. */
export function fullDates(root: string, until: TradeDate, count: number): TradeDate[] {
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  const dates: TradeDate[] = [];
  for (let date = until; dates.length < count; date = previousTradeDate(calendar, date)) {
    if (isFullTradeDate(calendar, date)) dates.unshift(date);
  }
  return dates;
}

/** The whole session of the contract that leads a root on a date. */
export function frontBars(model: MarketModel, root: string, date: TradeDate): BarBlock {
  return model.sessionBars(model.contractsOn(date, root)[0].contract, date, 0, model.grid(root, date).count);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let index = 0; index < a.length; index += 1) {
    ab += (a[index] - meanA) * (b[index] - meanB);
    aa += (a[index] - meanA) ** 2;
    bb += (b[index] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Fourth central moment ÷ variance²: 3 for the normal distribution. */
export function kurtosis(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.map((value) => (value - middle) ** 2);
  return mean(squares.map((square) => square * square)) / mean(squares) ** 2;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

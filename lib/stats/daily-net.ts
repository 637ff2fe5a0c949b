/** How do the days do: how many won, what a day brings, and how much for what it swings? */
import { sumOf } from "#lib/math/sum-of.ts";
import { type Usd, usd } from "#lib/units.ts";
import { type DateResamples, resampled } from "./date-resamples.ts";
import { type Estimate, estimateOf } from "./estimate.ts";
import { type Streaks, streaksOf } from "./streaks.ts";
import type { TradeRow } from "./trade-row.ts";

/** What one trade date brought, all accounts in view together. */
export type DayNet = { tradeDate: number; netUsd: number; trades: number };

export type DailySummary = {
  /** Trade dates with a closed trade; days without one are none, neither won nor lost. */
  days: number;
  winDays: number;
  lossDays: number;
  breakEvenDays: number;
  netUsd: Usd;
  meanUsd: Estimate;
  /** Annual, of daily net. */
  sharpe: Estimate;
  sortino: Estimate;
  best: DayNet | null;
  worst: DayNet | null;
  streaks: Streaks;
};

/** Trading days of a year: the field's convention for making daily figures annual. */
const DAYS_A_YEAR = 252;

/**
 * Days of trades, oldest first, each trade on the date of its last exit. Where parts were closed on earlier dates the
 * days of lib/account/daily-pnl.ts are the exact ones.
 */
export function dayNetsOf(rows: readonly TradeRow[]): DayNet[] {
  const days = new Map<number, DayNet>();
  for (const { tradeDate, netUsd } of rows) {
    const day = days.get(tradeDate);
    if (day === undefined) days.set(tradeDate, { tradeDate, netUsd, trades: 1 });
    else {
      day.netUsd = usd(day.netUsd + netUsd);
      day.trades += 1;
    }
  }
  return [...days.values()].sort((a, b) => a.tradeDate - b.tradeDate);
}

/**
 * Of days, oldest first. Intervals draw days again; `resamples` are for as many dates. Worked: 100, −50, 150, 0 →
 * mean 50, deviation 91.287, Sharpe 0.5477 × √252 = 8.695; downside √(2500 ÷ 4) = 25, Sortino 2 × √252 = 31.749.
 */
export function dailySummaryOf(days: readonly DayNet[], resamples: DateResamples): DailySummary {
  const nets = Float64Array.from(days, ({ netUsd }) => netUsd);
  const columns = [nets.map(() => 1), nets, nets.map((net) => net * net), nets.map((net) => (net < 0 ? net * net : 0))];
  const totals = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0));
  const figures = [meanOf, sharpeOf, sortinoOf];
  const samples = resampled(resamples, columns, figures);
  const [meanUsd, sharpe, sortino] = figures.map((figure, at) =>
    estimateOf(figure(totals), samples[at], { n: days.length, dates: days.length }),
  );
  return {
    days: days.length,
    winDays: days.filter(({ netUsd }) => netUsd > 0).length,
    lossDays: days.filter(({ netUsd }) => netUsd < 0).length,
    breakEvenDays: days.filter(({ netUsd }) => netUsd === 0).length,
    netUsd: usd(sumOf(days, ({ netUsd }) => netUsd)),
    meanUsd,
    sharpe,
    sortino,
    best: extreme(days, (a, b) => a > b),
    worst: extreme(days, (a, b) => a < b),
    streaks: streaksOf(nets),
  };
}

function meanOf([n, sum]: Float64Array): number {
  return sum / n;
}

/** Mean ÷ sample deviation × √252 (W. F. Sharpe 1994, no riskless return: it is a margin account's net). */
function sharpeOf([n, sum, squares]: Float64Array): number {
  const variance = (squares - (sum * sum) / n) / (n - 1);
  // What is left of a variance of 0 is dust of the subtraction.
  if (!(variance > 1e-9 * (squares / n))) return Number.NaN;
  return (sum / n / Math.sqrt(variance)) * Math.sqrt(DAYS_A_YEAR);
}

/** Mean ÷ √(mean of squared losses over all days) × √252 (F. Sortino and L. Price 1994, target 0). */
function sortinoOf([n, sum, , downSquares]: Float64Array): number {
  if (downSquares === 0) return Number.NaN;
  return (sum / n / Math.sqrt(downSquares / n)) * Math.sqrt(DAYS_A_YEAR);
}

/** The first of the best. */
function extreme(days: readonly DayNet[], isBetter: (a: number, b: number) => boolean): DayNet | null {
  let found: DayNet | null = null;
  for (const day of days) if (found === null || isBetter(day.netUsd, found.netUsd)) found = day;
  return found;
}

/** How do these trades do: how often won, how much a trade, how much won for each dollar lost? */
import { sumOf } from "#lib/math/sum-of.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";
import { type Usd, usd } from "#lib/units.ts";
import { type DateResamples, resampled } from "./date-resamples.ts";
import { type Estimate, estimateOf } from "./estimate.ts";
import { dateSums, type TradeDates } from "./trade-dates.ts";
import type { TradeRow } from "./trade-row.ts";

export type TradeSummary = {
  n: number;
  wins: number;
  losses: number;
  /** Net of exactly 0: neither won nor lost, and in n. */
  breakEven: number;
  contracts: number;
  grossUsd: Usd;
  feesUsd: Usd;
  netUsd: Usd;
  /** Wins ÷ n. */
  winRate: Estimate;
  /** Mean net of a trade. */
  expectancyUsd: Estimate;
  /** Mean R of the trades whose R is known: its n is theirs. */
  expectancyR: Estimate;
  rUnknown: number;
  /** What winners won ÷ what losers lost; null without a loser. */
  profitFactor: Estimate;
  /** Mean winner ÷ mean loser, as a positive number; null without either. */
  payoff: Estimate;
  /** Most won and lost by one trade; null without trades. */
  bestUsd: number | null;
  worstUsd: number | null;
};

/** Sums of the dates, in this order. */
const COLUMNS: readonly ((row: TradeRow) => number)[] = [
  () => 1,
  ({ netUsd }) => (netUsd > 0 ? 1 : 0),
  ({ netUsd }) => (netUsd < 0 ? 1 : 0),
  ({ netUsd }) => Math.max(0, netUsd),
  ({ netUsd }) => Math.max(0, -netUsd),
  ({ r }) => (r === null ? 0 : 1),
  ({ r }) => r ?? 0,
];
const [N, WINS, LOSSES, WON, LOST, R_N, R_SUM] = COLUMNS.keys();

const FIGURES = {
  winRate: (sums) => sums[WINS] / sums[N],
  expectancyUsd: (sums) => (sums[WON] - sums[LOST]) / sums[N],
  expectancyR: (sums) => sums[R_SUM] / sums[R_N],
  profitFactor: (sums) => sums[WON] / sums[LOST],
  payoff: (sums) => sums[WON] / sums[WINS] / (sums[LOST] / sums[LOSSES]),
} satisfies Record<string, (sums: Float64Array) => number>;

/**
 * Nets of +30, −10, +10, −10 → win rate 0.5, expectancy 5, profit factor 2, payoff 2. Intervals draw whole trade dates
 * again; that of the win rate is at least as wide as Wilson's, since a resample of winners alone knows no loser.
 */
export function tradeSummaryOf(rows: readonly TradeRow[], dates: TradeDates, resamples: DateResamples): TradeSummary {
  const columns = COLUMNS.map((pick) => dateSums(dates, rows, pick));
  const totals = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0));
  const names = Object.keys(FIGURES) as (keyof typeof FIGURES)[]; // its own keys
  const samples = resampled(
    resamples,
    columns,
    names.map((name) => FIGURES[name]),
  );
  const estimate = (name: keyof typeof FIGURES, n = rows.length): Estimate =>
    estimateOf(FIGURES[name](totals), samples[names.indexOf(name)], { n, dates: dates.dates.length });
  const nets = rows.map(({ netUsd }) => netUsd);
  return {
    n: rows.length,
    wins: totals[WINS],
    losses: totals[LOSSES],
    breakEven: rows.length - totals[WINS] - totals[LOSSES],
    contracts: sumOf(rows, ({ contracts }) => contracts),
    grossUsd: usd(sumOf(rows, ({ grossUsd }) => grossUsd)),
    feesUsd: usd(sumOf(rows, ({ feesUsd }) => feesUsd)),
    netUsd: usd(sumOf(rows, ({ netUsd }) => netUsd)),
    winRate: atLeastWilson(estimate("winRate"), totals[WINS]),
    expectancyUsd: estimate("expectancyUsd"),
    expectancyR: estimate("expectancyR", totals[R_N]),
    rUnknown: rows.length - totals[R_N],
    profitFactor: estimate("profitFactor"),
    payoff: estimate("payoff"),
    bestUsd: nets.length === 0 ? null : nets.reduce((a, b) => Math.max(a, b)),
    worstUsd: nets.length === 0 ? null : nets.reduce((a, b) => Math.min(a, b)),
  };
}

export function atLeastWilson(share: Estimate, successes: number): Estimate {
  if (share.low === null || share.high === null) return share;
  const wilson = wilsonInterval(successes, share.n);
  return { ...share, low: Math.min(share.low, wilson.low), high: Math.max(share.high, wilson.high) };
}

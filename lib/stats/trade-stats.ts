/** Everything that the statistics page says of a set of trades, in one go. */
import { assert } from "#lib/assert.ts";
import { type BreakdownCell, breakdownOf } from "./breakdown.ts";
import { BREAKDOWN_KEYS, type BreakdownId } from "./breakdown-keys.ts";
import { type DailySummary, type DayNet, dailySummaryOf, dayNetsOf } from "./daily-net.ts";
import { drawDates } from "./date-resamples.ts";
import {
  type DrawdownSummary,
  drawdownSummaryOf,
  drawdownsOf,
  type EquityCurve,
  equityCurveOf,
} from "./equity-curve.ts";
import { type CalendarMonth, calendarOf, type HourCell, hourHeatmapOf } from "./heatmaps.ts";
import { type MonteCarlo, monteCarloOf } from "./monte-carlo.ts";
import { type RHistogram, rHistogramOf } from "./r-histogram.ts";
import { type RuleBreaks, ruleBreaksOf } from "./rule-breaks.ts";
import { type Streaks, streaksOf } from "./streaks.ts";
import { tradeDatesOf } from "./trade-dates.ts";
import { inOrder, type TradeRow } from "./trade-row.ts";
import { type TradeSummary, tradeSummaryOf } from "./trade-summary.ts";

export type TradeStats = {
  summary: TradeSummary;
  streaks: Streaks;
  daily: DailySummary;
  /** By trade, in order of exits. */
  exitMs: Float64Array;
  equity: EquityCurve;
  drawdown: DrawdownSummary;
  /** By day, in the order of `days`. */
  days: DayNet[];
  dailyEquity: EquityCurve;
  dailyDrawdown: DrawdownSummary;
  breakdowns: Record<BreakdownId, BreakdownCell[]>;
  calendar: CalendarMonth[];
  hours: HourCell[];
  rHistogram: RHistogram;
  monteCarlo: MonteCarlo | null;
  ruleBreaks: RuleBreaks;
};

export type StatsSettings = {
  seed: number;
  /** Of the headline figures, and of each cell of a breakdown. */
  resamples: number;
  cellResamples: number;
  horizonDays: number;
  paths: number;
  roomUsd: number | null;
};

/** A bound from 1,000 draws wanders by a fiftieth of the interval's width, from 400 by a thirtieth. */
export const DEFAULT_STATS: StatsSettings = {
  seed: 1,
  resamples: 1_000,
  cellResamples: 400,
  horizonDays: 60,
  paths: 2_000,
  roomUsd: null,
};

/**
 * Rows in any order; `days` where the caller knows each date's part of trades that were closed over several (else each
 * trade counts on the date of its last exit). The same rows and seed give the same figures.
 */
export function tradeStatsOf(
  given: readonly TradeRow[],
  settings: StatsSettings = DEFAULT_STATS,
  days: readonly DayNet[] = dayNetsOf(given),
): TradeStats {
  assert(
    settings.cellResamples <= settings.resamples,
    `tradeStatsOf: ${settings.cellResamples} of ${settings.resamples}`,
  );
  const rows = inOrder(given);
  const dates = tradeDatesOf(rows);
  const draw = (count: number): ReturnType<typeof drawDates> =>
    drawDates({ dates: count, count: settings.resamples, seed: settings.seed });
  const resamples = draw(dates.dates.length);
  const cellResamples = { ...resamples, count: settings.cellResamples };
  const dayResamples = days.length === dates.dates.length ? resamples : draw(days.length);
  const nets = Float64Array.from(rows, ({ netUsd }) => netUsd);
  const dailyNets = Float64Array.from(days, ({ netUsd }) => netUsd);
  const [equity, dailyEquity] = [equityCurveOf(nets), equityCurveOf(dailyNets)];
  const ids = Object.keys(BREAKDOWN_KEYS) as BreakdownId[]; // its own keys
  const cells = ids.map((id) => [id, breakdownOf(id, rows, dates, cellResamples)]);
  const { seed, horizonDays: horizon, paths, roomUsd } = settings;
  return {
    summary: tradeSummaryOf(rows, dates, resamples),
    streaks: streaksOf(nets),
    daily: dailySummaryOf(days, dayResamples),
    exitMs: Float64Array.from(rows, ({ exitMs }) => exitMs),
    equity,
    drawdown: drawdownSummaryOf(drawdownsOf(equity)),
    days: [...days],
    dailyEquity,
    dailyDrawdown: drawdownSummaryOf(drawdownsOf(dailyEquity)),
    breakdowns: Object.fromEntries(cells) as Record<BreakdownId, BreakdownCell[]>, // one for each id
    calendar: calendarOf(days),
    hours: hourHeatmapOf(rows),
    rHistogram: rHistogramOf(rows),
    monteCarlo: monteCarloOf({ nets: dailyNets, horizon, paths, seed, roomUsd }),
    ruleBreaks: ruleBreaksOf(rows),
  };
}

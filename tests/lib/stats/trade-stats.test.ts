/** Are the figures of a set of trades those of slow and simple counting, and the same however the rows come? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { rMultipleOf } from "#lib/account/trade-metrics.ts";
import type { DayNet } from "#lib/stats/daily-net.ts";
import { type TradeRow, tradeRowOf } from "#lib/stats/trade-row.ts";
import { DEFAULT_STATS, tradeStatsOf } from "#lib/stats/trade-stats.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { FILLS_FROM_MS, fillOf } from "#tests/support/random-fills.ts";
import { randomTrades, rowOf } from "#tests/support/random-trades.ts";

const FEW = { ...DEFAULT_STATS, resamples: 50, cellResamples: 20, paths: 50 };

const SETS = fc
  .record({ count: fc.integer({ min: 1, max: 120 }), dates: fc.integer({ min: 1, max: 40 }), seed: fc.nat() })
  .map(randomTrades);

function near(found: number | null, expected: number | null, what: string): void {
  if (found === null || expected === null) {
    assert.equal(found, expected, what);
    return;
  }
  assert.ok(Math.abs(found - expected) <= 1e-7 * Math.max(1, Math.abs(expected)), `${what}: ${found}, not ${expected}`);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

test("of fills: trips with R become rows, and the statistics earn what the trips did", () => {
  const at = (minutes: number): number => FILLS_FROM_MS + minutes * 60_000;
  const { ledger } = ledgerOf(
    [
      fillOf({ executionId: "1", contracts: 2, priceTicks: 100, feeUsd: 1.24 }),
      fillOf({ executionId: "2", contracts: 3, priceTicks: 108, feeUsd: 1.86, side: "sell", atMs: at(3) }),
      fillOf({ executionId: "3", contracts: 1, priceTicks: 112, feeUsd: 0.62, atMs: at(9) }),
    ],
    { method: "fifo", schedule: [] },
  );
  const words = { setup: "fade", tags: [], ruleBreaks: [] };
  const rows = tripsOf(ledger).map((trip) => tradeRowOf(trip, { ...words, r: rMultipleOf(trip, 92) }));
  const { summary, days } = tradeStatsOf(rows, FEW);
  // Long 2: 20 less 2.48; short 1: −5 less 1.24.
  assert.deepEqual([summary.n, summary.wins, summary.netUsd, summary.feesUsd], [2, 1, 11.28, 3.72]);
  assert.deepEqual([summary.bestUsd, summary.worstUsd], [17.52, -6.24]);
  near(summary.expectancyR.value, (17.52 / 20 - 6.24 / 20) / 2, "R");
  assert.deepEqual(
    days.map(({ netUsd, trades }) => [netUsd, trades]),
    [[11.28, 2]],
  );
});

test("summary: counted by filters", (t) => {
  const property = fc.property(SETS, (rows) => {
    const { summary } = tradeStatsOf(rows, FEW);
    const nets = rows.map(({ netUsd }) => netUsd);
    const [won, lost] = [nets.filter((net) => net > 0), nets.filter((net) => net < 0)];
    const known = rows.flatMap(({ r }) => (r === null ? [] : [r]));
    assert.deepEqual(
      [summary.n, summary.wins, summary.losses, summary.breakEven, summary.rUnknown, summary.expectancyR.n],
      [
        rows.length,
        won.length,
        lost.length,
        nets.filter((net) => net === 0).length,
        rows.length - known.length,
        known.length,
      ],
    );
    near(
      summary.netUsd,
      nets.reduce((a, b) => a + b, 0),
      "net",
    );
    near(summary.grossUsd, summary.netUsd + summary.feesUsd, "gross");
    near(summary.winRate.value, won.length / rows.length, "win rate");
    near(summary.expectancyUsd.value, mean(nets), "expectancy");
    near(summary.expectancyR.value, mean(known), "expectancy R");
    const [meanWon, meanLost] = [mean(won), mean(lost)];
    const factor = meanLost === null ? null : ((meanWon ?? 0) * won.length) / (-meanLost * lost.length);
    near(summary.profitFactor.value, factor, "profit factor");
    near(summary.payoff.value, meanWon === null || meanLost === null ? null : meanWon / -meanLost, "payoff");
    assert.deepEqual([summary.bestUsd, summary.worstUsd], [Math.max(...nets), Math.min(...nets)]);
  });
  checkTwice(property, { runs: 60, print: (line) => t.diagnostic(line) });
});

/** Annual, from the definitions. */
function slowRatios(nets: readonly number[]): { sharpe: number | null; sortino: number | null } {
  const n = nets.length;
  const average = nets.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(nets.reduce((sum, net) => sum + (net - average) ** 2, 0) / (n - 1));
  const downside = Math.sqrt(nets.reduce((sum, net) => sum + Math.min(0, net) ** 2, 0) / n);
  return {
    sharpe: n < 2 || deviation < 1e-9 ? null : (average / deviation) * Math.sqrt(252),
    sortino: downside === 0 ? null : (average / downside) * Math.sqrt(252),
  };
}

test("days: each trade on its date, ratios by their definitions", (t) => {
  const property = fc.property(SETS, (rows) => {
    const { days, daily, calendar } = tradeStatsOf(rows, FEW);
    const dates = [...new Set(rows.map(({ tradeDate }) => tradeDate))].sort((a, b) => a - b);
    const slow = dates.map((date) => rows.filter(({ tradeDate }) => tradeDate === date));
    assert.deepEqual(
      days.map(({ tradeDate, trades }) => [tradeDate, trades]),
      slow.map((group, at) => [dates[at], group.length]),
    );
    const nets = slow.map((group) => Math.round(group.reduce((sum, { netUsd }) => sum + netUsd, 0) * 100) / 100);
    for (const [at, { netUsd }] of days.entries()) near(netUsd, nets[at], "day");
    const { sharpe, sortino } = slowRatios(nets);
    near(daily.sharpe.value, sharpe, "Sharpe");
    near(daily.sortino.value, sortino, "Sortino");
    assert.equal(daily.winDays + daily.lossDays + daily.breakEvenDays, daily.days);
    assert.equal(daily.best?.netUsd, Math.max(...nets));
    assert.equal(daily.worst?.netUsd, Math.min(...nets));
    assert.deepEqual(
      calendar.flatMap((month) => month.days),
      days,
    );
    near(
      calendar.reduce((sum, { netUsd }) => sum + netUsd, 0),
      daily.netUsd,
      "calendar",
    );
  });
  checkTwice(property, { runs: 60, print: (line) => t.diagnostic(line) });
});

test("a worked week: 100, −50, 150, 0 → Sharpe 8.695, Sortino 31.749", () => {
  const days: DayNet[] = [100, -50, 150, 0].map((netUsd, at) => ({ tradeDate: 20_000 + at, netUsd, trades: 1 }));
  const { daily } = tradeStatsOf([rowOf({ netUsd: 1 })], FEW, days);
  assert.equal(daily.sharpe.value?.toFixed(3), "8.695");
  assert.equal(daily.sortino.value?.toFixed(3), "31.749");
  assert.deepEqual([daily.sharpe.n, daily.sharpe.low], [4, null]);
  assert.deepEqual([daily.winDays, daily.lossDays, daily.breakEvenDays], [2, 1, 1]);
});

test("groups: each row in each of its groups, sums by filters", (t) => {
  const property = fc.property(SETS, (rows) => {
    const { breakdowns, hours } = tradeStatsOf(rows, FEW);
    const slow = (inGroup: (row: TradeRow) => boolean): [number, number] => {
      const group = rows.filter(inGroup);
      return [group.length, Math.round(group.reduce((sum, { netUsd }) => sum + netUsd, 0) * 100) / 100];
    };
    for (const { key, n, netUsd } of breakdowns.setup) {
      assert.deepEqual(
        [n, netUsd],
        slow(({ setup }) => (setup ?? "no setup") === key),
        key,
      );
    }
    for (const { key, n, netUsd } of breakdowns.tag)
      assert.deepEqual(
        [n, netUsd],
        slow(({ tags }) => tags.includes(key)),
        key,
      );
    for (const id of ["setup", "instrument", "side", "hour", "weekday", "session", "holding"] as const) {
      assert.equal(
        breakdowns[id].reduce((sum, { n }) => sum + n, 0),
        rows.length,
        id,
      );
    }
    assert.equal(
      hours.reduce((sum, { n }) => sum + n, 0),
      rows.length,
    );
    for (const { key, n } of breakdowns.hour) {
      assert.equal(
        hours.filter(({ hour }) => hour === Number(key)).reduce((sum, cell) => sum + cell.n, 0),
        n,
      );
    }
  });
  checkTwice(property, { runs: 60, print: (line) => t.diagnostic(line) });
});

test("hour, weekday, session and time held go by New York's clock and the trade date", () => {
  /** 2026-11-20 is a Friday, New York five hours behind UTC. */
  const at = (clock: string, minutes: number): TradeRow => {
    const entryMs = Date.parse(`2026-11-${clock}:00Z`);
    return rowOf({ tradeDate: 20_777, entryMs, exitMs: entryMs + minutes * 60_000 });
  };
  const keys = (row: TradeRow): string[] => {
    const { breakdowns } = tradeStatsOf([row], FEW);
    return (["hour", "weekday", "session", "holding"] as const).map((id) => breakdowns[id][0].key);
  };
  assert.deepEqual(keys(at("20T14:30", 4)), ["09", "Fri", "New York", "1–5 min"]);
  assert.deepEqual(keys(at("20T12:59", 5)), ["07", "Fri", "London", "5–15 min"]);
  assert.deepEqual(keys(at("20T13:00", 0.5)), ["08", "Fri", "New York", "under 1 min"]);
  assert.deepEqual(keys(at("20T00:00", 60)), ["19", "Fri", "Asia", "1–4 h"]);
  assert.deepEqual(keys(at("20T06:59", 59)), ["01", "Fri", "Asia", "15–60 min"]);
  assert.deepEqual(keys(at("19T23:59", 240)), ["18", "Fri", "off hours", "4 h and more"]);
  assert.deepEqual(keys(at("20T21:00", 1)), ["16", "Fri", "off hours", "1–5 min"]);
});

test("the same figures in whatever order the rows come", (t) => {
  const property = fc.property(SETS, (rows) => {
    assert.deepEqual(tradeStatsOf(rows.toReversed(), FEW).equity, tradeStatsOf(rows, FEW).equity);
    assert.deepEqual(tradeStatsOf(rows, FEW), tradeStatsOf(rows, FEW));
  });
  checkTwice(property, { runs: 30, print: (line) => t.diagnostic(line) });
});

test("trades count in the order of their exits, not of their entries; equal times have one order", () => {
  const early = rowOf({ entryMs: 1_000, exitMs: 9_000, netUsd: -20 });
  const late = rowOf({ entryMs: 2_000, exitMs: 5_000, netUsd: 30 });
  assert.deepEqual([...tradeStatsOf([early, late], FEW).equity.equityUsd], [30, 10]);
  const [won, lost] = [5, -5].map((netUsd) => rowOf({ netUsd }));
  for (const rows of [
    [won, lost],
    [lost, won],
  ]) {
    assert.deepEqual([...tradeStatsOf(rows, FEW).equity.equityUsd], [-5, 0]);
  }
});

test("R: half-open bins of half an R, the ends take the rest, unknown is counted", () => {
  const values = [0.99, -1, 7, -3.01, 6, 5.99, 0, null];
  const { rHistogram } = tradeStatsOf(
    values.map((r) => rowOf({ r })),
    FEW,
  );
  assert.deepEqual([rHistogram.n, rHistogram.unknown], [7, 1]);
  const full = rHistogram.bins.filter(({ n }) => n > 0);
  assert.deepEqual(full, [
    { fromR: null, toR: -3, n: 1 },
    { fromR: -1, toR: -0.5, n: 1 },
    { fromR: 0, toR: 0.5, n: 1 },
    { fromR: 0.5, toR: 1, n: 1 },
    { fromR: 5.5, toR: 6, n: 1 },
    { fromR: 6, toR: null, n: 2 },
  ]);
});

test("a trade that broke two rules counts in both, and once in all", () => {
  const { ruleBreaks } = tradeStatsOf(
    [
      rowOf({ netUsd: -40, r: -1, ruleBreaks: ["size", "no stop", "size"] }),
      rowOf({ netUsd: 10, ruleBreaks: ["size"] }),
      rowOf({ netUsd: 500 }),
    ],
    FEW,
  );
  assert.deepEqual(ruleBreaks, {
    rules: [
      { rule: "no stop", n: 1, costUsd: 40, costR: 1, rN: 1 },
      { rule: "size", n: 2, costUsd: 30, costR: 1, rN: 1 },
    ],
    n: 2,
    costUsd: 30,
  });
});

test("no trades at all: counts of 0 and nothing claimed", () => {
  const stats = tradeStatsOf([], FEW);
  assert.deepEqual(
    [stats.summary.n, stats.summary.netUsd, stats.summary.bestUsd, stats.monteCarlo],
    [0, 0, null, null],
  );
  for (const estimate of [stats.summary.winRate, stats.summary.profitFactor, stats.daily.sharpe]) {
    assert.deepEqual(estimate, { value: null, n: 0, low: null, high: null });
  }
  assert.deepEqual([stats.drawdown.deepest, stats.breakdowns.setup], [null, []]);
});

test("fewer than 30 trades, or 10 dates: a value, but no claim", () => {
  const bounds = (count: number, dates: number): unknown[] => {
    const { winRate, expectancyUsd } = tradeStatsOf(randomTrades({ count, dates, seed: 5 }), FEW).summary;
    return [winRate.value === null, winRate.low === null, expectancyUsd.high === null];
  };
  assert.deepEqual(bounds(29, 29), [false, true, true]);
  assert.deepEqual(bounds(30, 9), [false, true, true]);
  assert.deepEqual(bounds(30, 10), [false, false, false]);
});

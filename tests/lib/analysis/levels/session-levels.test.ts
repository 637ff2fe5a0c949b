/** Are levels of sessions those of a slow count over the whole list, full and RTH apart, and absent when unknown? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { addClockRangesBar, createClockRanges, pushRangeLevels } from "#lib/analysis/levels/clock-ranges.ts";
import type { LevelKind } from "#lib/analysis/levels/level-kinds.ts";
import { createLevelList } from "#lib/analysis/levels/level-list.ts";
import { addMonthDay, type LackingMonth } from "#lib/analysis/levels/month-ranges.ts";
import { addOpeningGapsBar, createOpeningGaps, pushGapLevels } from "#lib/analysis/levels/opening-gaps.ts";
import { addPriorPeriodsBar, createPriorPeriods, pushPriorLevels } from "#lib/analysis/levels/prior-periods.ts";
import { type ListedLevel, levelsIn } from "#tests/support/level-lists.ts";
import { ES_FIVE_MINUTES, ES_MINUTES, realEsFiveMinutes, realEsMinutes, walkBars } from "#tests/support/placed-bars.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

const FIVE = 300_000;
const at = (iso: string): number => Date.parse(iso);

/** Every level after the bars, by kind. */
function levelsOf(bars: readonly AnalysisBar[], root = "ES"): Partial<Record<LevelKind, ListedLevel>> {
  const [periods, ranges, gaps] = [createPriorPeriods(root), createClockRanges(root), createOpeningGaps()];
  for (const [at, bar] of bars.entries()) {
    if (at > 0 && bar.tradeDate !== bars[at - 1].tradeDate) addMonthDay(periods.months, dayOf(bars, at));
    addPriorPeriodsBar(periods, bar);
    addClockRangesBar(ranges, bar);
    addOpeningGapsBar(gaps, bar);
  }
  const list = createLevelList();
  pushPriorLevels(periods, list);
  pushRangeLevels(ranges, list);
  pushGapLevels(gaps, list);
  const levels = levelsIn(list);
  assert.equal(new Set(levels.map(({ kind }) => kind)).size, levels.length);
  return Object.fromEntries(levels.map((level) => [level.kind, level]));
}

/** The day that ends before bar `at`, as one closed bar. */
function dayOf(bars: readonly AnalysisBar[], at: number): AnalysisBar {
  const last = bars[at - 1];
  const day = bars.slice(0, at).filter(({ tradeDate }) => tradeDate === last.tradeDate);
  const { high, low } = rangeOf(day);
  return { ...day[0], highTicks: high, lowTicks: low, closeTicks: last.closeTicks, endMs: last.sessionCloseMs };
}

function lackingAfter(bars: readonly AnalysisBar[]): LackingMonth[] {
  const periods = createPriorPeriods("ES");
  for (const [at, bar] of bars.entries()) {
    if (at > 0 && bar.tradeDate !== bars[at - 1].tradeDate) addMonthDay(periods.months, dayOf(bars, at));
    addPriorPeriodsBar(periods, bar);
  }
  return periods.lacking;
}

function rangeOf(bars: readonly AnalysisBar[]): { high: number; low: number; close: number | undefined } {
  return {
    high: Math.max(...bars.map(({ highTicks }) => highTicks)),
    low: Math.min(...bars.map(({ lowTicks }) => lowTicks)),
    close: bars.at(-1)?.closeTicks,
  };
}

const between = (bars: readonly AnalysisBar[], from: string, to: string): AnalysisBar[] =>
  bars.filter(({ openMs }) => openMs >= at(from) && openMs < at(to));

function assertRange(
  levels: Partial<Record<LevelKind, ListedLevel>>,
  id: "priorDay" | "priorDayRth" | "priorWeek" | "priorWeekRth" | "priorMonth" | "priorMonthRth",
  bars: readonly AnalysisBar[],
): void {
  const { high, low, close } = rangeOf(bars);
  const found = [levels[`${id}.high`], levels[`${id}.low`], levels[`${id}.close`]].map((level) => level?.priceTicks);
  assert.deepEqual(found, [high, low, close], id);
  assert.equal(levels[`${id}.high`]?.bornMs, bars.at(-1)?.endMs, id);
}

/** Mon 2026-11-16 to Tue 12-01: two weeks, Thanksgiving's segment in Friday's early close, the month's turn. */
const WALK = walkBars(21, { from: "2026-11-16", dates: 11, intervalMs: FIVE });

test("prior day, week: full and RTH apart, as counted over the list", () => {
  // Wednesday 2026-11-25, 10:00 CT.
  const levels = levelsOf(WALK.filter(({ openMs }) => openMs < at("2026-11-25T16:00:00Z")));
  assertRange(levels, "priorDay", between(WALK, "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"));
  assertRange(levels, "priorDayRth", between(WALK, "2026-11-24T14:30:00Z", "2026-11-24T21:00:00Z"));
  assertRange(levels, "priorWeek", between(WALK, "2026-11-15T23:00:00Z", "2026-11-21T00:00:00Z"));
  const rth = WALK.filter((bar) => bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs);
  assertRange(levels, "priorWeekRth", between(rth, "2026-11-15T23:00:00Z", "2026-11-21T00:00:00Z"));
  assert.notEqual(levels["priorDay.high"]?.priceTicks, levels["priorDayRth.high"]?.priceTicks);
});

test("Thanksgiving's segment belongs to Friday, whose RTH ends early", () => {
  const monday = levelsOf(WALK.filter(({ openMs }) => openMs < at("2026-11-30T16:00:00Z")));
  assertRange(monday, "priorDay", between(WALK, "2026-11-25T23:00:00Z", "2026-11-27T18:15:00Z"));
  assertRange(monday, "priorDayRth", between(WALK, "2026-11-27T14:30:00Z", "2026-11-27T18:15:00Z"));
});

/** Tue 2026-09-29 to Tue 11-03: October with a date before it and two behind it. */
const OCTOBER = walkBars(22, { from: "2026-09-29", dates: 26, intervalMs: FIVE });

test("the month before gives levels, full and RTH, when none of its trade dates is missing", () => {
  const levels = levelsOf(OCTOBER);
  const month = between(OCTOBER, "2026-09-30T22:00:00Z", "2026-10-30T23:00:00Z");
  assertRange(levels, "priorMonth", month);
  const rth = month.filter((bar) => bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs);
  assertRange(levels, "priorMonthRth", rth);
  assert.deepEqual(lackingAfter(OCTOBER), []);
});

test("a month that runs gives none before it is over; its levels stand from the next month's first bar on", () => {
  const lastOf = OCTOBER.findIndex(({ openMs }) => openMs >= at("2026-11-01T22:00:00Z"));
  assert.equal(levelsOf(OCTOBER.slice(0, lastOf))["priorMonth.high"], undefined);
  assert.notEqual(levelsOf(OCTOBER.slice(0, lastOf + 1))["priorMonth.high"], undefined);
});

test("a month of which a date is missing, or that was joined in its middle, says how many were seen", () => {
  const isOf15th = ({ tradeDate }: AnalysisBar): boolean => tradeDate === at("2026-10-15T00:00:00Z") / 86_400_000;
  const holed = OCTOBER.filter((bar) => !isOf15th(bar));
  assert.equal(levelsOf(holed)["priorMonth.high"], undefined);
  assert.deepEqual(
    lackingAfter(holed).map(({ have, need }) => [have, need]),
    [
      [21, 22],
      [21, 22],
    ],
  );
  // The morning of the 15th alone: its day is a bar of 1d, but its RTH was not seen from the open on.
  const late = OCTOBER.filter((bar) => !isOf15th(bar) || bar.openMs >= at("2026-10-15T14:00:00Z"));
  assert.notEqual(levelsOf(late)["priorMonth.high"], undefined);
  assert.equal(levelsOf(late)["priorMonthRth.high"], undefined);
  const [full, rth] = lackingAfter(WALK);
  assert.deepEqual([full.have, full.need, rth.have, rth.need], [9, 20, 10, 20]);
  assert.equal(full.reason, "prior month 2026-11: 9 of 20 trade dates seen");
});

test(
  "real ES of April 2024: the month's high, low, close are those of the raw rows",
  needsSharedData(ES_FIVE_MINUTES),
  () => {
    const bars = realEsFiveMinutes("2024-03-27", "2024-05-02");
    const levels = levelsOf(bars);
    const month = between(bars, "2024-03-31T22:00:00Z", "2024-04-30T21:00:00Z");
    assertRange(levels, "priorMonth", month);
    assertRange(
      levels,
      "priorMonthRth",
      // Chicago is five hours behind UTC: 08:30 to 15:00.
      month.filter(({ openMs }) => openMs % 86_400_000 >= 13.5 * 3_600_000 && openMs % 86_400_000 < 20 * 3_600_000),
    );
  },
);

test("a day, week or range that was not seen from its beginning gives no levels", () => {
  // From Tuesday 2026-11-17 10:00 CT on.
  const late = WALK.filter(({ openMs }) => openMs >= at("2026-11-17T16:00:00Z"));
  const wednesday = levelsOf(late.filter(({ openMs }) => openMs < at("2026-11-18T13:00:00Z")));
  for (const kind of ["priorDay.high", "priorDayRth.high", "priorWeek.high", "newYork.high"] as const) {
    assert.equal(wednesday[kind], undefined, kind);
  }
  assert.equal(
    levelsOf(late.filter(({ openMs }) => openMs < at("2026-11-17T20:00:00Z")))["initialBalance.high"],
    undefined,
  );
  const thursday = levelsOf(late.filter(({ openMs }) => openMs < at("2026-11-19T13:00:00Z")));
  assertRange(thursday, "priorDay", between(WALK, "2026-11-17T23:00:00Z", "2026-11-18T23:00:00Z"));
  assert.equal(levelsOf(late.filter(({ openMs }) => openMs < at("2026-11-24T16:00:00Z")))["priorWeek.high"], undefined);
});

test("overnight, Asia, London, New York, initial balance, opening ranges lie in their windows", () => {
  const tuesday = (until: string): Partial<Record<LevelKind, ListedLevel>> =>
    levelsOf(WALK.filter(({ endMs }) => endMs <= at(until)));
  const levels = tuesday("2026-11-24T21:00:00Z");
  const windows = [
    ["overnight", "2026-11-23T23:00:00Z", "2026-11-24T14:30:00Z"],
    ["asia", "2026-11-24T00:00:00Z", "2026-11-24T07:00:00Z"],
    ["london", "2026-11-24T07:00:00Z", "2026-11-24T13:00:00Z"],
    ["newYork", "2026-11-24T13:00:00Z", "2026-11-24T21:00:00Z"],
    ["initialBalance", "2026-11-24T14:30:00Z", "2026-11-24T15:30:00Z"],
    ["openingRange5", "2026-11-24T14:30:00Z", "2026-11-24T14:35:00Z"],
    ["openingRange15", "2026-11-24T14:30:00Z", "2026-11-24T14:45:00Z"],
    ["openingRange30", "2026-11-24T14:30:00Z", "2026-11-24T15:00:00Z"],
  ] as const;
  for (const [id, from, to] of windows) {
    const { high, low } = rangeOf(between(WALK, from, to));
    const [top, bottom] = [levels[`${id}.high`], levels[`${id}.low`]];
    assert.deepEqual([top?.priceTicks, bottom?.priceTicks], [high, low], id);
    assert.deepEqual([top?.bornMs, top?.isDeveloping], [at(to), false], id);
  }
  assert.equal(tuesday("2026-11-24T15:25:00Z")["initialBalance.high"]?.isDeveloping, true);
  assert.equal(tuesday("2026-11-24T15:30:00Z")["initialBalance.high"]?.isDeveloping, false);
  // In the evening New York's range stays, the initial balance is gone, overnight begins anew.
  const evening = tuesday("2026-11-24T23:05:00Z");
  assert.equal(evening["newYork.high"]?.priceTicks, levels["newYork.high"]?.priceTicks);
  assert.equal(evening["initialBalance.high"], undefined);
  assert.equal(evening["overnight.high"]?.isDeveloping, true);
});

test("the RTH gap is RTH open less prior RTH close; its middle may lie between ticks", () => {
  const monday = WALK.filter(({ openMs }) => openMs <= at("2026-11-23T14:30:00Z"));
  const levels = levelsOf(monday);
  const close = WALK.find(({ openMs }) => openMs === at("2026-11-20T20:55:00Z"))?.closeTicks ?? Number.NaN;
  const open = monday.at(-1)?.openTicks ?? Number.NaN;
  assert.notEqual(open, close);
  const prices = (["upper", "middle", "lower"] as const).map((part) => levels[`gap.rth.${part}`]?.priceTicks);
  assert.deepEqual(prices, [Math.max(open, close), (open + close) / 2, Math.min(open, close)]);
  const friday = WALK.filter(({ openMs }) => openMs < at("2026-11-21T00:00:00Z")).at(-1)?.closeTicks ?? Number.NaN;
  const sunday = WALK.find(({ openMs }) => openMs === at("2026-11-22T23:00:00Z"))?.openTicks ?? Number.NaN;
  assert.equal(levels["gap.week.upper"]?.priceTicks, Math.max(friday, sunday));
  assert.equal(levels["gap.day.upper"]?.priceTicks, Math.max(friday, sunday));
});

test("a gap is filled by a trade at the close before it", () => {
  const state = createOpeningGaps();
  const [first, second] = walkBars(5, { from: "2026-11-16", dates: 2, intervalMs: FIVE }).filter(
    (bar, index, all) => index === 0 || bar.tradeDate !== all[index - 1].tradeDate,
  );
  const prices = { openTicks: 112, highTicks: 114, lowTicks: 101, closeTicks: 103 };
  addOpeningGapsBar(state, { ...first, closeTicks: 100 });
  addOpeningGapsBar(state, { ...second, ...prices });
  assert.deepEqual([state.gaps.day?.fromTicks, state.gaps.day?.toTicks, state.gaps.day?.filledMs], [100, 112, null]);
  addOpeningGapsBar(state, { ...second, ...prices, lowTicks: 100, endMs: second.endMs + FIVE });
  assert.equal(state.gaps.day?.filledMs, second.endMs + FIVE);
});

test("real ES minutes of 2013: prior day full and RTH", needsSharedData(ES_MINUTES), () => {
  const bars = realEsMinutes("ES201312", "2013-10-06T00:00", "2013-10-11");
  const levels = levelsOf(bars.filter(({ openMs }) => openMs < at("2013-10-10T15:00:00Z")));
  // Trade date 2013-10-09: 17:00 CT of the 8th to 16:15; RTH then ended at 15:15 CT. Chicago is five hours behind UTC.
  assertRange(levels, "priorDay", between(bars, "2013-10-08T22:00:00Z", "2013-10-09T21:15:00Z"));
  assertRange(levels, "priorDayRth", between(bars, "2013-10-09T13:30:00Z", "2013-10-09T20:15:00Z"));
});

test("the week's gap lies before Sunday's open, also where Friday's segment is of Monday's date", () => {
  // Juneteenth, Friday 2026-06-19, trades to noon CT.
  const bars = walkBars(8, { from: "2026-06-17", dates: 3, intervalMs: FIVE });
  const noon = bars.filter(({ openMs }) => openMs < at("2026-06-19T17:00:00Z")).at(-1)?.closeTicks ?? Number.NaN;
  const sunday = bars.find(({ openMs }) => openMs === at("2026-06-21T22:00:00Z"))?.openTicks ?? Number.NaN;
  const gap = levelsOf(bars)["gap.week.upper"]?.priceTicks;
  assert.equal(gap, Math.max(noon, sunday));
  assert.notEqual(noon, sunday);
});

/** Where did a whole month of trade dates turn high and low, and where did it end? Made of dates that have closed. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { civilParts, lastDayOfMonth } from "#lib/civil.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { isTradeDate, rthOf } from "#lib/session.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";

/** High, low and close of a stretch; `endMs`: end of its last bar, when it is known. */
export type PeriodRange = { highTicks: number; lowTicks: number; closeTicks: number; endMs: number };

/** `have` of the month's `need` dates went into the range. */
export type MonthPart = { have: number; need: number; range: PeriodRange | null };
/** `id`: year × 12 + month. Over all hours from closed days, over RTH from the RTH of dates seen from their open. */
export type Month = { id: number; full: MonthPart; rth: MonthPart };

/** The months that run and ran, oldest first. */
export type MonthRangesState = { root: string; newestDate: number; months: Month[] };

const MONTHS_KEPT = 2;

export function createMonthRanges(root: string): MonthRangesState {
  return { root, newestDate: Number.NaN, months: [] };
}

export function monthIdOf(date: number): number {
  const { year, month } = civilParts(date);
  return year * 12 + month;
}

/** Takes the next closed bar of 1d. The first of all does not count: its day may have been joined in its middle. */
export function addMonthDay(state: MonthRangesState, day: AnalysisBar): void {
  const isNext = day.tradeDate > state.newestDate;
  state.newestDate = day.tradeDate;
  const { full } = monthAt(state, monthIdOf(day.tradeDate));
  if (isNext) addTo(full, day);
}

/** Takes the RTH of a date that was seen from its open. */
export function addMonthRth(state: MonthRangesState, date: number, range: PeriodRange): void {
  addTo(monthAt(state, monthIdOf(date)).rth, range);
}

/** The month before that of the date, as far as it was seen. */
export function monthBefore({ root, months }: MonthRangesState, date: number): Month {
  const id = monthIdOf(date) - 1;
  return months.find((month) => month.id === id) ?? createMonth(root, id);
}

/** The range of a month of which no date is missing; null: there is no such. */
export function wholeRange({ have, need, range }: MonthPart): PeriodRange | null {
  return have === need ? range : null;
}

/** So many dates of the month before, over these hours, were not seen. */
export type LackingMonth = { hours: "full" | "rth"; have: number; need: number; reason: string };

/** {id: 2026 × 12 + 10, full: 14 of 22} → "prior month 2026-10: 14 of 22 trade dates seen". */
export function lackingOf({ id, full, rth }: Month): LackingMonth[] {
  const name = `${Math.floor((id - 1) / 12)}-${String(((id - 1) % 12) + 1).padStart(2, "0")}`;
  const parts = [
    { hours: "full", words: `prior month ${name}`, part: full },
    { hours: "rth", words: `its RTH`, part: rth },
  ] as const;
  return parts
    .filter(({ part }) => part.have !== part.need)
    .map(({ hours, words, part: { have, need } }) => {
      return { hours, have, need, reason: `${words}: ${have} of ${need} trade dates seen` };
    });
}

function monthAt(state: MonthRangesState, id: number): Month {
  const known = state.months.find((month) => month.id === id);
  if (known !== undefined) return known;
  const month = createMonth(state.root, id);
  state.months.push(month);
  if (state.months.length > MONTHS_KEPT) state.months.shift();
  return month;
}

function createMonth(root: string, id: number): Month {
  const dates = tradeDatesOf(root, id);
  const part = (need: number): MonthPart => ({ have: 0, need, range: null });
  return { id, full: part(dates.length), rth: part(dates.filter((date) => rthOf(root, date) !== null).length) };
}

function tradeDatesOf(root: string, id: number): TradeDate[] {
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  const [year, month] = [Math.floor((id - 1) / 12), ((id - 1) % 12) + 1];
  const last = lastDayOfMonth(year, month);
  return Array.from({ length: civilParts(last).day }, (_, back) => tradeDate(last - back)).filter((date) =>
    isTradeDate(calendar, date),
  );
}

function addTo(part: MonthPart, { highTicks, lowTicks, closeTicks, endMs }: PeriodRange): void {
  part.have += 1;
  part.range = {
    highTicks: Math.max(part.range?.highTicks ?? highTicks, highTicks),
    lowTicks: Math.min(part.range?.lowTicks ?? lowTicks, lowTicks),
    closeTicks,
    endMs,
  };
}

/** At which prices did the market spend its time? Market profile of 30-minute letters, and what RTH began with. */
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "./analysis-bar.ts";
import { addOpeningBar, createOpening, type Opening, type OpeningState, openingOf } from "./opening-type.ts";
import { valueAreaOf } from "./value-area.ts";
import { type ExplainedWarming, explainedWarming } from "./warming.ts";

export const TPO_PERIOD_MS = 30 * MS_PER_MINUTE;
/** Trade dates with a holiday's segment run up to 43 hours: 87 periods. Later ones are left out. */
const PERIODS_MAX = 96;

/** One span's periods by number since its open; low > high where a period has not traded. */
export type TpoSpan = {
  span: "session" | "rth";
  openMs: number;
  closeMs: number;
  atMs: number;
  /** Periods up to the newest that traded. */
  count: number;
  lowTicks: Int32Array;
  highTicks: Int32Array;
};

export type TpoState = { tradeDate: number; session: TpoSpan; rth: TpoSpan; opening: OpeningState };

/** Prices between `lowTicks` and `highTicks` belong to the letter. */
export type TpoPeriod = { letter: string; openMs: number; lowTicks: number; highTicks: number };

/** A stretch of prices that one period alone has printed; a tail lies at the end of the range. */
export type SinglePrints = { kind: "tail" | "inside"; fromTicks: number; toTicks: number; letter: string };

export type ReadyTpo = {
  status: "ready";
  span: "session" | "rth";
  atMs: number;
  /** Letters printed: the sum over all prices. */
  n: number;
  pocTicks: number;
  valTicks: number;
  vahTicks: number;
  lowTicks: number;
  highTicks: number;
  periods: TpoPeriod[];
  singlePrints: SinglePrints[];
  reasons: string[];
};

export type Tpo = ExplainedWarming | ReadyTpo;

export function createTpo(): TpoState {
  return { tradeDate: 0, session: createSpan("session"), rth: createSpan("rth"), opening: createOpening() };
}

function createSpan(span: "session" | "rth"): TpoSpan {
  return {
    span,
    openMs: Number.NaN,
    closeMs: Number.NaN,
    atMs: Number.NaN,
    count: 0,
    lowTicks: new Int32Array(PERIODS_MAX),
    highTicks: new Int32Array(PERIODS_MAX),
  };
}

/** Takes the next closed bar of 30 minutes or less. A new trade date begins both spans anew. */
export function addTpoBar(state: TpoState, bar: AnalysisBar): void {
  if (bar.tradeDate !== state.tradeDate) {
    state.tradeDate = bar.tradeDate;
    begin(state.session, bar.sessionOpenMs, bar.sessionCloseMs);
    begin(state.rth, bar.rthOpenMs, bar.rthCloseMs);
  }
  addTo(state.session, bar);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) addTo(state.rth, bar);
  addOpeningBar(state.opening, bar);
}

function begin(span: TpoSpan, openMs: number, closeMs: number): void {
  span.openMs = openMs;
  span.closeMs = closeMs;
  span.atMs = Number.NaN;
  span.count = 0;
}

function addTo(span: TpoSpan, bar: AnalysisBar): void {
  const period = Math.floor((bar.openMs - span.openMs) / TPO_PERIOD_MS);
  if (period >= PERIODS_MAX) return;
  for (; span.count <= period; span.count++) {
    span.lowTicks[span.count] = bar.lowTicks + 1;
    span.highTicks[span.count] = bar.lowTicks;
  }
  const isFirst = span.lowTicks[period] > span.highTicks[period];
  span.lowTicks[period] = isFirst ? bar.lowTicks : Math.min(bar.lowTicks, span.lowTicks[period]);
  span.highTicks[period] = isFirst ? bar.highTicks : Math.max(bar.highTicks, span.highTicks[period]);
  span.atMs = bar.endMs;
}

/** A to Z, a to z, then AA, AB … as Market Profile letters its half hours. 0 → "A", 26 → "a", 52 → "AA". */
export function tpoLetter(period: number): string {
  const code = period % 52;
  const letter = String.fromCharCode(code < 26 ? 65 + code : 97 + code - 26);
  return period < 52 ? letter : tpoLetter(Math.floor(period / 52) - 1) + letter;
}

/**
 * The profile of letters: a period prints its letter once at every price from its low to its high. Point of control is
 * the price with most letters, value area 70 % of them by the two-row rule (`valueAreaOf`). Single prints are prices
 * with one letter, in stretches of at least two ticks; those of the period that still runs are left out, as every new
 * extreme begins as one. Source: CBOT, Market Profile (1991).
 * A 10 … 13, B 12 … 15 → 8 letters, POC 13, tails 10 … 11 (A) and 14 … 15 (B, once its half hour is over).
 */
export function tpoOf(state: TpoState, which: "session" | "rth"): Tpo {
  const span = state[which];
  if (Number.isNaN(span.atMs)) return noTpo(state, which);
  const periods = periodsOf(span);
  const lowTicks = Math.min(...periods.map((period) => period.lowTicks));
  const highTicks = Math.max(...periods.map((period) => period.highTicks));
  const counts = lettersAt(periods, lowTicks, highTicks);
  const area = valueAreaOf(counts);
  if (area === null) return noTpo(state, which);
  const closed = periods.filter(({ openMs }) => Math.min(openMs + TPO_PERIOD_MS, span.closeMs) <= span.atMs);
  const singlePrints = singlePrintsOf(counts, closed, lowTicks);
  return {
    status: "ready",
    span: which,
    atMs: span.atMs,
    n: area.total,
    pocTicks: lowTicks + area.poc,
    valTicks: lowTicks + area.low,
    vahTicks: lowTicks + area.high,
    lowTicks,
    highTicks,
    periods,
    singlePrints,
    reasons: [
      `${counts[area.poc]} of ${periods.length} half hours at the point of control`,
      `the value area holds ${((100 * area.inside) / area.total).toFixed(1)} % of ${area.total} letters`,
    ],
  };
}

function noTpo({ session }: TpoState, which: "session" | "rth"): ExplainedWarming {
  const why = `no bar of ${which === "rth" ? "RTH" : "this session"} yet`;
  return explainedWarming({ have: 0, need: 1 }, session.atMs, why);
}

function periodsOf(span: TpoSpan): TpoPeriod[] {
  const periods: TpoPeriod[] = [];
  for (let period = 0; period < span.count; period++) {
    const lowTicks = span.lowTicks[period];
    const highTicks = span.highTicks[period];
    if (lowTicks > highTicks) continue;
    periods.push({ letter: tpoLetter(period), openMs: span.openMs + period * TPO_PERIOD_MS, lowTicks, highTicks });
  }
  return periods;
}

/** Letters at each price from low to high; steps up at a period's low and down above its high. */
function lettersAt(periods: readonly TpoPeriod[], lowTicks: number, highTicks: number): Int32Array {
  const counts = new Int32Array(highTicks - lowTicks + 1);
  for (const period of periods) {
    counts[period.lowTicks - lowTicks] += 1;
    if (period.highTicks < highTicks) counts[period.highTicks + 1 - lowTicks] -= 1;
  }
  for (let row = 1; row < counts.length; row++) counts[row] += counts[row - 1];
  return counts;
}

/** Stretches that only one closed period covers. One period's letters are one stretch, so none crosses to another. */
function singlePrintsOf(counts: Int32Array, closed: readonly TpoPeriod[], lowTicks: number): SinglePrints[] {
  const found: SinglePrints[] = [];
  for (const { letter, lowTicks: low, highTicks: high } of closed) {
    for (let from = low; from <= high; from++) {
      if (counts[from - lowTicks] !== 1) continue;
      let to = from;
      while (to < high && counts[to + 1 - lowTicks] === 1) to++;
      const isTail = from === lowTicks || to === lowTicks + counts.length - 1;
      if (to > from) found.push({ kind: isTail ? "tail" : "inside", fromTicks: from, toTicks: to, letter });
      from = to;
    }
  }
  return found.sort((a, b) => a.fromTicks - b.fromTicks);
}

/** What RTH began with: initial balance and opening type, see opening-type.ts. */
export function tpoOpeningOf(state: TpoState): Opening {
  return openingOf(state.opening, state.session.atMs);
}

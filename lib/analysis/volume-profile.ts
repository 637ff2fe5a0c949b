/** Where has a contract traded today, in RTH, and on the days before? Its volume profiles, taken forward bar by bar. */
import type { SignedTrade } from "#lib/bars/time-bars.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { AnalysisBar } from "./analysis-bar.ts";
import {
  type ClosedProfiles,
  closeProfile,
  createClosedProfiles,
  takeOverProfiles,
  touchPocs,
} from "./closed-profiles.ts";
import { addRows, addRowTrade, clearRows, createPriceRows, type PriceRows } from "./price-rows.ts";
import { addPricedSpan, type PricedSpan } from "./priced-spans.ts";
import { noProfile, profileOf, type VolumeProfile } from "./profile.ts";
import { tradedAreaOf, type ValueAreaRule } from "./value-area.ts";

export type VolumeProfileSettings = {
  rule: ValueAreaRule;
  /** Trade dates whose profiles are kept for composites and naked points of control, at most 20. */
  dates: number;
};

/** How point of control and value area have moved, one row at most every five minutes; see `keepDeveloping`. */
export type DevelopingLine = {
  count: number;
  atMs: Float64Array;
  pocTicks: Int32Array;
  valTicks: Int32Array;
  vahTicks: Int32Array;
};

/** One running span: emptied when the next begins, closed at its end. */
export type RunningProfile = { span: "session" | "rth"; rows: PriceRows; atMs: number; developing: DevelopingLine };

/** What the front named `from` has traded before `fromTradeDate`, for whose prices hold its own + `spreadTicks`. */
export type Heritage = { fromTradeDate: number; spreadTicks: number; from: string; closed: ClosedProfiles };

export type VolumeProfileState = {
  settings: VolumeProfileSettings;
  /** Place of the newest bar; 0: none yet. */
  tradeDate: number;
  sessionOpenMs: number;
  rthOpenMs: number;
  rthCloseMs: number;
  session: RunningProfile;
  rth: RunningProfile;
  closed: ClosedProfiles;
  /** Of the front before the last roll; null: none, or none of its dates is kept any more. */
  heritage: Heritage | null;
  /** Volume at price that came with history. */
  priced: PricedSpan[];
  /** Contracts of trades that came after their session had closed. */
  lateVolume: number;
};

const DEVELOPING_EVERY_MS = 5 * MS_PER_MINUTE;
const DEVELOPING_AT_FIRST = 96;
/** Trade dates with a holiday's segment run up to 43 hours: 516 rows. Later ones are left out. */
const DEVELOPING_MAX = 600;

export function createVolumeProfile(settings: VolumeProfileSettings): VolumeProfileState {
  return {
    settings: { rule: settings.rule, dates: Math.min(settings.dates, BASELINE_SESSIONS) },
    tradeDate: 0,
    sessionOpenMs: Number.NaN,
    rthOpenMs: Number.NaN,
    rthCloseMs: Number.NaN,
    session: createRunning("session"),
    rth: createRunning("rth"),
    closed: createClosedProfiles(),
    heritage: null,
    priced: [],
    lateVolume: 0,
  };
}

function createRunning(span: "session" | "rth"): RunningProfile {
  return { span, rows: createPriceRows(), atMs: Number.NaN, developing: createLine(DEVELOPING_AT_FIRST) };
}

function createLine(capacity: number): DevelopingLine {
  return {
    count: 0,
    atMs: new Float64Array(capacity),
    pocTicks: new Int32Array(capacity),
    valTicks: new Int32Array(capacity),
    vahTicks: new Int32Array(capacity),
  };
}

/**
 * Takes the next closed bar (1m in the engine) with the rows that hold its volume. A session or RTH that is over by
 * this bar becomes an immutable record first. RTH is the bars that open in it.
 */
export function addVolumeProfileBar(state: VolumeProfileState, bar: AnalysisBar, rows: PriceRows): void {
  const isNewDate = bar.tradeDate !== state.tradeDate;
  if (isNewDate || bar.openMs >= state.rthCloseMs) closeRunning(state, state.rth);
  if (isNewDate) {
    closeRunning(state, state.session);
    inherit(state, bar.tradeDate);
    beginDate(state, bar);
  }
  touchPocs(state.closed, bar);
  take(state, state.session, bar, rows);
  if (bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs) take(state, state.rth, bar, rows);
}

/** At the first bar behind the roll, so that a bar before it meets no price that was not known then. */
function inherit(state: VolumeProfileState, tradeDate: number): void {
  const { heritage, closed } = state;
  if (heritage === null || tradeDate < heritage.fromTradeDate) return;
  if (state.tradeDate < heritage.fromTradeDate) takeOverProfiles(closed, heritage.closed, heritage);
  else if (closed.profiles.every((one) => one.tradeDate >= heritage.fromTradeDate)) state.heritage = null;
}

/** What a new front takes over: the profiles of `former`, which ends, and with them that of its completed date. */
export function heritageOf(former: VolumeProfileState, roll: Omit<Heritage, "closed">): Heritage | null {
  if (former.tradeDate < roll.fromTradeDate) {
    closeRunning(former, former.rth);
    closeRunning(former, former.session);
  }
  return former.closed.profiles.length === 0 ? null : { ...roll, closed: former.closed };
}

function closeRunning(state: VolumeProfileState, running: RunningProfile): void {
  if (Number.isNaN(running.atMs)) return;
  const { span, atMs } = running;
  closeProfile(state.closed, running.rows, { ...state.settings, tradeDate: state.tradeDate, span, atMs });
  running.atMs = Number.NaN;
  running.rows = createPriceRows();
}

function beginDate(state: VolumeProfileState, bar: AnalysisBar): void {
  state.tradeDate = bar.tradeDate;
  state.sessionOpenMs = bar.sessionOpenMs;
  state.rthOpenMs = bar.rthOpenMs;
  state.rthCloseMs = bar.rthCloseMs;
  for (const running of [state.session, state.rth]) running.developing.count = 0;
}

function take(state: VolumeProfileState, running: RunningProfile, bar: AnalysisBar, rows: PriceRows): void {
  addRows(running.rows, rows);
  running.atMs = bar.endMs;
  takePriced(state, running, bar);
  keepDeveloping(running, state.settings.rule);
}

/**
 * Where the vendor's volume at price ends with this bar and is all that the span has traded up to it, it takes the
 * place of what was spread over the bars. Else (own trades since, a bar that lacks it) the spread stays, an estimate.
 */
function takePriced({ priced }: VolumeProfileState, { span, rows }: RunningProfile, bar: AnalysisBar): void {
  for (const one of priced) {
    if (one.tradeDate !== bar.tradeDate || one.span !== span || one.atMs !== bar.endMs) continue;
    if (one.volume !== rows.volume || rows.estimatedVolume === 0) continue;
    clearRows(rows);
    addPricedSpan(rows, one);
  }
}

/** Notes where the value stands at the first bar that ends in or behind each stretch of five minutes. */
function keepDeveloping({ rows, atMs, developing }: RunningProfile, rule: ValueAreaRule): void {
  const row = developing.count;
  const slot = Math.floor(atMs / DEVELOPING_EVERY_MS);
  if (row > 0 && slot <= Math.floor(developing.atMs[row - 1] / DEVELOPING_EVERY_MS)) return;
  const area = tradedAreaOf(rows, rule);
  if (area === null || row >= DEVELOPING_MAX) return;
  if (row >= developing.atMs.length) growLine(developing);
  developing.atMs[row] = atMs;
  developing.pocTicks[row] = rows.lowTicks + area.poc;
  developing.valTicks[row] = rows.lowTicks + area.low;
  developing.vahTicks[row] = rows.lowTicks + area.high;
  developing.count = row + 1;
}

function growLine(line: DevelopingLine): void {
  const next = createLine(Math.min(DEVELOPING_MAX, line.atMs.length * 2));
  next.atMs.set(line.atMs);
  next.pocTicks.set(line.pocTicks);
  next.valTicks.set(line.valTicks);
  next.vahTicks.set(line.vahTicks);
  line.atMs = next.atMs;
  line.pocTicks = next.pocTicks;
  line.valTicks = next.valTicks;
  line.vahTicks = next.vahTicks;
}

/** A trade that came after its bar had closed: published values stay, the next ones hold it. */
export function amendVolumeProfile(state: VolumeProfileState, trade: SignedTrade): void {
  const ms = trade.exchangeMs;
  if (Number.isNaN(state.session.atMs) || ms < state.sessionOpenMs) {
    state.lateVolume += trade.size;
    return;
  }
  addRowTrade(state.session.rows, trade);
  if (ms < state.rthOpenMs || !(ms < state.rthCloseMs)) return;
  if (Number.isNaN(state.rth.atMs)) state.lateVolume += trade.size;
  else addRowTrade(state.rth.rows, trade);
}

/**
 * The running profile of the trade date or of its RTH, as of its newest closed bar. RTH that is over or has not begun
 * reads as warming; the closed one is the newest of `state.closed`.
 */
export function volumeProfileOf(state: VolumeProfileState, span: "session" | "rth"): VolumeProfile {
  const { rows, atMs } = span === "session" ? state.session : state.rth;
  const { rule } = state.settings;
  if (Number.isNaN(atMs)) {
    const isOver = state.session.atMs > state.rthCloseMs;
    return noProfile({ span, atMs: state.session.atMs, ...(isOver ? { why: "RTH of this trade date is over" } : {}) });
  }
  return profileOf(rows, { span, atMs, rule });
}

/** Point of control and value area alone, in ticks. */
export type RunningValue = { pocTicks: number; valTicks: number; vahTicks: number };

/** The value of a running profile, without its zones and reasons; null while nothing has traded in it. */
export function runningValue(state: VolumeProfileState, span: "session" | "rth"): RunningValue | null {
  const { rows, atMs } = span === "session" ? state.session : state.rth;
  if (Number.isNaN(atMs)) return null;
  const area = tradedAreaOf(rows, state.settings.rule);
  if (area === null) return null;
  const { lowTicks } = rows;
  return { pocTicks: lowTicks + area.poc, valTicks: lowTicks + area.low, vahTicks: lowTicks + area.high };
}

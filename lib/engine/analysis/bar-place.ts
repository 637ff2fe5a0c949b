/** Where in its session does a closed bar stand? Fills the bar that every analysis reads from a row of a series. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import type { BarSeries } from "#lib/bars/bar-series.ts";
import { isFullTradeDate, rthOf, segmentsOf, sessionCloseMs, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import type { CalendarId } from "#lib/session-hours.ts";
import { tradeDate } from "#lib/units.ts";

/** The trade date that the newest bar lay in, looked up once a day instead of once a bar. */
export type SessionPlace = {
  tradeDate: number;
  openMs: number;
  closeMs: number;
  rthOpenMs: number;
  rthCloseMs: number;
  isFull: boolean;
  /** Opens of the date's segments, oldest first: the session's own and those behind its halts. */
  segmentOpensMs: number[];
};

/** Before the first bar. */
export function createSessionPlace(): SessionPlace {
  return {
    tradeDate: 0,
    openMs: Number.POSITIVE_INFINITY,
    closeMs: Number.NEGATIVE_INFINITY,
    rthOpenMs: Number.NaN,
    rthCloseMs: Number.NaN,
    isFull: false,
    segmentOpensMs: [],
  };
}

export function createAnalysisBar(): AnalysisBar {
  return {
    openMs: 0,
    endMs: 0,
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    closeTicks: 0,
    volume: 0,
    buyVolume: 0,
    sellVolume: 0,
    vwapSum: 0,
    deltaSource: 0,
    tradeDate: 0,
    sessionOpenMs: 0,
    sessionCloseMs: 0,
    rthOpenMs: Number.NaN,
    rthCloseMs: Number.NaN,
    isAfterBreak: false,
    isFullSession: false,
  };
}

/** Fills `out` with row `row`, which ends at `endMs`; `formerMs` is the open of the bar before it, −Infinity: none. */
export function placeBar(
  out: AnalysisBar,
  place: SessionPlace,
  { root, calendar }: { root: string; calendar: CalendarId },
  at: { series: BarSeries; row: number; endMs: number; formerMs: number },
): void {
  const { series, row } = at;
  const openMs = series.openMs[row];
  if (openMs < place.openMs || openMs >= place.closeMs) enterSession(place, root, calendar, openMs);
  out.openMs = openMs;
  out.endMs = at.endMs;
  out.openTicks = series.openTicks[row];
  out.highTicks = series.highTicks[row];
  out.lowTicks = series.lowTicks[row];
  out.closeTicks = series.closeTicks[row];
  out.volume = series.volume[row];
  out.buyVolume = series.buyVolume[row];
  out.sellVolume = series.sellVolume[row];
  out.vwapSum = series.vwapSum[row];
  out.deltaSource = series.deltaSource[row];
  out.tradeDate = place.tradeDate;
  out.sessionOpenMs = place.openMs;
  out.sessionCloseMs = place.closeMs;
  out.rthOpenMs = place.rthOpenMs;
  out.rthCloseMs = place.rthCloseMs;
  out.isFullSession = place.isFull;
  out.isAfterBreak = at.formerMs < segmentOpenMs(place, openMs);
}

function enterSession(place: SessionPlace, root: string, calendar: CalendarId, ms: number): void {
  const date = tradeDateAt(calendar, ms);
  const rth = rthOf(root, tradeDate(date));
  place.tradeDate = date;
  place.openMs = sessionOpenMs(calendar, date);
  place.closeMs = sessionCloseMs(calendar, date);
  place.rthOpenMs = rth === null ? Number.NaN : rth.openMs;
  place.rthCloseMs = rth === null ? Number.NaN : rth.closeMs;
  place.isFull = isFullTradeDate(calendar, date);
  place.segmentOpensMs = segmentsOf(calendar, date).map((segment) => segment.openMs);
}

function segmentOpenMs(place: SessionPlace, ms: number): number {
  let found = place.openMs;
  for (const openMs of place.segmentOpensMs) if (openMs <= ms) found = openMs;
  return found;
}

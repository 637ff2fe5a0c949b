/** What may be asked? Every read of REST and stream, answered from the engine's state and the parts' own counts. */
import type { ValueAreaRule } from "#lib/analysis/value-area.ts";
import { civilDayIso } from "#lib/civil.ts";
import { type EngineState, STATE_VERSION } from "#lib/engine/state.ts";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { BARS_ANSWER_MAX } from "#lib/limits.ts";
import { type CalendarId, sessionAt } from "#lib/session.ts";
import { civilDay } from "#lib/units.ts";
import type { BarRow, BarsAnswer } from "#lib/wire/bars.ts";
import type {
  FootprintAnswer,
  FootprintInterval,
  ProfileAnswer,
  ProfileRange,
  ProfileSpan,
} from "#lib/wire/footprint.ts";
import type { AnalysisStatus, CalendarReport, InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { BridgeAccountRow, PositionsAnswer } from "#lib/wire/positions.ts";
import type { RefreshReport } from "#lib/wire/refresh.ts";
import type { StatusAnswer } from "#lib/wire/status.ts";
import { type BarTuple, DELTA_SOURCES, type FeedsReport, type Header, type Hello } from "#lib/wire/stream.ts";
import { isTimeInterval } from "#lib/wire/topic.ts";
import { barPage } from "#server/bar-history.ts";
import type { BridgeRefusals } from "#server/bridge-refusals.ts";
import type { Config } from "#server/config.ts";
import { CodedError } from "#server/errors.ts";
import type { Feed } from "#server/feeds/feed.ts";
import type { BarsQuery } from "#server/http/deps.ts";
import { analysisStatus, insightView } from "#server/insight-view.ts";
import { feedsReport, instrumentRows } from "#server/live-view.ts";
import { opsReport } from "#server/ops-report.ts";
import { accountRows, positionsAnswer } from "#server/positions-view.ts";
import { contractOf, footprintView, profileView } from "#server/price-rows-view.ts";
import type { RejectCounts } from "#server/reject-counts.ts";
import { scannerView } from "#server/scanner-view.ts";
import type { CheckpointStatus } from "#server/sequencer/checkpoint.ts";
import type { SequencerStatus } from "#server/sequencer/sequencer.ts";
import type { StoresReport } from "#server/store/stores.ts";

/** What the composition root learns while it goes; read, never written, here. */
export type Facts = {
  sequencer: { readonly status: SequencerStatus } | null;
  checkpointer: { readonly status: CheckpointStatus } | null;
  readiness: { ready: true } | { ready: false; reason: string };
  progressMs: number | null;
  digest: { seq: number; equal: boolean } | null;
  clients: () => number;
  clientsCut: number;
  codeVersion: string;
  calendar: () => CalendarReport | null;
  refresh: () => RefreshReport | null;
  stores: () => StoresReport;
};

export type ReadModelSource = {
  config: Config;
  state: EngineState;
  feed: Feed;
  rejects: RejectCounts;
  refusals: BridgeRefusals;
  facts: Facts;
  wallMs: () => number;
};

/** No settings are versioned yet: they come from the environment alone. */
export const SETTINGS_VERSION = 1;

export type ReadModel = {
  nowMs(): number;
  /** First message of each stream. */
  hello(): Hello;
  speed(): number | null;
  header(): Header;
  instruments(): InstrumentRow[];
  feeds(): FeedsReport;
  ops(): OpsReport;
  canWork(): { ok: true } | { ok: false; reason: string };
  isReady(): Facts["readiness"];
  bars(query: BarsQuery): BarsAnswer | null;
  insight(root: string): InsightView | null;
  profile(symbol: string, asked: ProfileSpan | ProfileRange, valueArea: ValueAreaRule): ProfileAnswer | null;
  footprint(symbol: string, interval: FootprintInterval): FootprintAnswer | null;
  scanner(): ScannerView;
  accounts(): BridgeAccountRow[];
  positions(): PositionsAnswer;
  analysisStatus(): AnalysisStatus;
  status(): StatusAnswer;
};

export function createReadModel(source: ReadModelSource): ReadModel {
  const { config, state, feed, rejects, refusals, facts, wallMs } = source;
  const isLive = feed.mode === "LIVE" || feed.mode === "DELAYED";
  const nowMs = () => Math.max(state.nowMs, isLive ? wallMs() : feed.clock.nowMs());
  const speed = () => {
    const factor = isLive ? 1 : feed.clock.speed();
    return Number.isFinite(factor) ? factor : null;
  };
  const ops = () =>
    opsReport({
      ...facts,
      state,
      sequencer: facts.sequencer?.status ?? null,
      checkpoint: facts.checkpointer?.status ?? null,
      rejects: [...rejects.rows(), ...refusals.rows()],
      accounts: accountRows(state, wallMs()),
      wallMs: wallMs(),
      clients: facts.clients(),
      stores: facts.stores(),
    });
  return {
    nowMs,
    speed,
    hello() {
      const { epoch, runId, mode } = state;
      return { kind: "hello", epoch, runId, mode, nowMs: nowMs(), speed: speed() };
    },
    header: () => ({ seq: state.seq, nowMs: nowMs(), receivedMs: state.receivedMs }),
    instruments: () => instrumentRows(state, config.instruments, nowMs()),
    feeds: () => feedsReport(state, nowMs(), { speed: speed(), rejects: rejects.rows() }),
    ops,
    canWork() {
      const failed = ops().parts.find((part) => part.state === "failed");
      return failed === undefined ? { ok: true } : { ok: false, reason: `${failed.name}: ${failed.message}` };
    },
    isReady: () => facts.readiness,
    insight: (root) => insightView(state, root),
    profile: (symbol, asked, valueArea) => profileView(state, symbol, asked, valueArea),
    footprint: (symbol, interval) => footprintView(state, symbol, interval),
    scanner: () => scannerView(state, followedRoots(state, config.instruments), nowMs()),
    accounts: () => accountRows(state, wallMs()),
    positions: () => positionsAnswer(state, wallMs()),
    analysisStatus: () => analysisStatus(state, { calendar: facts.calendar(), refresh: facts.refresh() }),
    bars: (query) => barsAnswer(state, query, nowMs()),
    status: () => statusAnswer(source, { nowMs: nowMs(), speed: speed() }),
  };
}

/** Those of the settings, then others as they were first seen. */
function followedRoots(state: EngineState, roots: readonly string[]): string[] {
  return [...new Set([...roots, ...state.roots.map(({ root }) => root)])];
}

function barsAnswer(state: EngineState, query: BarsQuery, nowMs: number): BarsAnswer | null {
  const { symbol, interval, hours } = query;
  const contract = contractOf(state, symbol);
  if (contract === null) return null;
  if (!isTimeInterval(interval)) {
    const action = `Follow the topic bar:${contract.symbol}:${interval} on /stream: such bars are built while watched.`;
    throw new CodedError("BAD_INTERVAL", { message: `${interval} bars are not kept`, received: interval, action });
  }
  const { fromMs, toMs, limit } = query;
  const range = { fromMs: fromMs ?? Number.NEGATIVE_INFINITY, toMs: toMs ?? Number.POSITIVE_INFINITY };
  const page = barPage(contract, { interval, hours, ...range, limit: Math.min(limit, BARS_ANSWER_MAX) + 1 }, nowMs);
  const closed = page.bars.filter((bar) => bar[11] === 1).slice(-limit);
  const isCut = closed.length > 0 && closed[0][0] !== page.bars[0][0];
  return {
    contract: contract.symbol,
    interval,
    hours,
    mode: state.mode,
    tickSize: contract.tickSize,
    bars: closed.map(barRow),
    next: isCut || page.next !== null ? (closed[0]?.[0] ?? null) : null,
    why: closed.length > 0 ? null : (page.why ?? "no bar has closed there yet"),
  };
}

function barRow(bar: BarTuple): BarRow {
  const [openMs, open, high, low, close, volume, buyVolume, sellVolume, trades, vwap, revision, , delta, source] = bar;
  const sides = { buyVolume, sellVolume, unsignedVolume: volume - buyVolume - sellVolume };
  const deltaSource = DELTA_SOURCES[source];
  return { openMs, open, high, low, close, volume, ...sides, trades, vwap, revision, delta, deltaSource };
}

const CALENDARS: readonly CalendarId[] = ["equity", "metals", "energy", "rates", "fx", "crypto"];

function statusAnswer(source: ReadModelSource, clock: { nowMs: number; speed: number | null }): StatusAnswer {
  const { state, config, facts } = source;
  return {
    mode: state.mode,
    runId: state.runId,
    epoch: state.epoch,
    nowMs: clock.nowMs,
    feed: { name: state.feed, state: state.feedState, message: state.feedMessage, speed: clock.speed },
    sessions: CALENDARS.filter((calendar) => isFollowed(config, calendar)).map((calendar) =>
      sessionStatus(calendar, clock.nowMs),
    ),
    versions: { code: facts.codeVersion, node: process.version, settings: SETTINGS_VERSION, snapshot: STATE_VERSION },
    notices: noticesOf(state),
  };
}

function isFollowed(config: Config, calendar: CalendarId): boolean {
  return INSTRUMENTS.some((one) => one.calendar === calendar && config.instruments.includes(one.root));
}

function sessionStatus(calendar: CalendarId, nowMs: number): StatusAnswer["sessions"][number] {
  const session = sessionAt(calendar, nowMs);
  const isOpen = session.state === "open";
  return {
    calendar,
    state: session.state,
    reason: isOpen ? null : session.reason,
    tradeDate: civilDayIso(civilDay(session.tradeDate)),
    untilMs: isOpen ? session.closeMs : session.nextOpenMs,
  };
}

function noticesOf(state: EngineState): string[] {
  const absent = ["Accounts are read from a bridge alone: no order leaves this build."];
  if (state.mode === "SIM") return ["Prices, volumes and times are simulated.", ...absent];
  if (state.mode === "REPLAY") return ["Prices and times are replayed from a file.", ...absent];
  return absent;
}

/** What stands behind the routes in these tests? A house of made-up answers that remembers what it was asked. */

import path from "node:path";
import { pino } from "pino";
import { ACCEPTED, type Outcome } from "#lib/outputs/output.ts";
import type { BarRow, BarsAnswer } from "#lib/wire/bars.ts";
import type { AnalysisStatus } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { StatusAnswer } from "#lib/wire/status.ts";
import { type Config, loadConfig } from "#server/config.ts";
import type { LiveFeedAction, LiveFeedAnswer, LiveFeedReport } from "#server/feeds/live-feed.ts";
import type { AnchorWish, BarsQuery, HttpDeps } from "#server/http/deps.ts";
import { ImportDesk } from "#server/imports/import-desk.ts";
import { Database } from "#server/store/database.ts";
import { TradeBook } from "#server/trades/trade-book.ts";
import { TradeDesk } from "#server/trades/trade-desk.ts";
import { QUIET } from "../../support/stores.ts";

export const WEB_SECRET = "w".repeat(64);
export const NOW_MS = Date.UTC(2026, 10, 20, 15);

export const OPS: OpsReport = {
  ready: true,
  parts: [
    { name: "log", state: "ok", message: "writing", progressMs: NOW_MS, lagMs: 4 },
    { name: "db", state: "degraded", message: "no server answers", progressMs: null, lagMs: 7_000 },
  ],
  seq: 1_234,
  flushedSeq: 1_230,
  eventsPerSecond: 321.5,
  queued: 17,
  flushMs: { p50: 2, p99: 12 },
  logBytes: 65_536,
  segment: { number: 3, ageMs: 90_500 },
  snapshot: { seq: 1_100, ageMs: 42_000, bytes: 4_096, tookMs: 3.5 },
  snapshotOvertime: 1,
  snapshotError: null,
  poisoned: { count: 2, newest: [{ seq: 900, eventType: "ContractPinned", reason: "planted poison" }] },
  gaps: {
    count: 2,
    open: 1,
    newest: { contract: "ESZ6", fromMs: NOW_MS - 60_000, toMs: null, reason: "the connection was lost" },
  },
  rejects: [{ reason: "off-tick", count: 4, last: "row 7" }],
  handlers: [
    { name: "project-postgres", seq: 1_200, lagEvents: 30 },
    { name: "mirror-redis", seq: 1_230, lagEvents: 0 },
  ],
  clients: 3,
  clientsCut: 1,
  codeVersion: "0.1.0-test",
  projection: { seq: 1_200, lagEvents: 30, refusedFacts: 2, newestRefused: "BarClosed of seq 9", broken: null },
  runId: "sim-1",
  epoch: 2,
  digest: { seq: 1_000, equal: true },
};

const STATUS: StatusAnswer = {
  mode: "SIM",
  runId: "sim-1",
  epoch: 2,
  nowMs: NOW_MS,
  feed: { name: "simulator", state: "connected", message: "runs", speed: 1 },
  sessions: [
    { calendar: "equity", state: "open", reason: null, tradeDate: "2026-11-20", untilMs: NOW_MS + 1 },
    { calendar: "fx", state: "closed", reason: "break", tradeDate: "2026-11-23", untilMs: NOW_MS + 2 },
  ],
  versions: { code: "0.1.0-test", node: "v24", settings: 1, snapshot: 1 },
  notices: ["Every price is simulated."],
};

const FEED_REPORT: LiveFeedReport = {
  isRunning: true,
  wanted: "trades",
  received: "bars",
  delayMs: 41,
  frames: 12,
  contracts: ["ESZ6"],
  refusedRoots: [{ root: "NQ", reason: "another tick" }],
  hosts: ["socket.example"],
};

export const ES_ROW: InstrumentRow = {
  root: "ES",
  contract: "ESZ6",
  label: "ES Z6",
  pinned: false,
  contracts: ["ESZ6", "ESH7"],
  name: "E-mini S&P 500",
  exchange: "CME",
  currency: "USD",
  calendar: "equity",
  tickSize: 0.25,
  pointValue: 50,
  tickValueUsd: 12.5,
  feePerSideUsd: 1.4,
  mode: "SIM",
  last: 6_012.25,
  changePoints: null,
  changeSource: "no previous settlement",
  settlement: null,
  ageMs: 80,
  stale: false,
};

function barAt(openMs: number): BarRow {
  const price = { open: 6_000, high: 6_001, low: 5_999.75, close: 6_000.5, vwap: null };
  const sides = { buyVolume: 5, sellVolume: 3, unsignedVolume: 1, delta: 2, deltaSource: "quote" } as const;
  return { openMs, ...price, volume: 9, ...sides, trades: 4, revision: 0 };
}

export function barsAnswer(query: BarsQuery): BarsAnswer {
  const { interval, hours, limit } = query;
  const bars = Array.from({ length: limit }, (_, row) => barAt(NOW_MS + row * 60_000));
  return { contract: "ESZ6", interval, hours, mode: "SIM", tickSize: 0.25, bars, next: NOW_MS, why: null };
}

export type FakeHouse = {
  deps: HttpDeps;
  /** What the routes asked for, in order. */
  barQueries: BarsQuery[];
  profiles: Parameters<HttpDeps["profile"]>[];
  pins: { root: string; symbol: string | null }[];
  anchors: { symbol: string; wish: AnchorWish }[];
  /** Posts of a bridge that were refused: address, code, field. */
  refused: string[];
  /** Lines that the logger wrote. */
  logged: string[];
  /** What the house says next; tests change it. */
  says: {
    canWork: ReturnType<HttpDeps["canWork"]>;
    isReady: ReturnType<HttpDeps["isReady"]>;
    pin: () => Outcome;
    anchor: () => Outcome;
    report: () => Outcome;
    instruments: () => InstrumentRow[];
    feed: (action: LiveFeedAction) => LiveFeedAnswer;
  };
};

const ANALYSIS_STATUS: AnalysisStatus = {
  settings: { interval: "5m", period: "5d", account_size: 50_000 },
  calendar: null,
  contracts: [],
  refresh: null,
};

/** A house with ES alone; `env` are settings on top of WEB_SECRET. */
export function createFakeHouse(env: Record<string, string>): FakeHouse {
  const root = path.resolve(import.meta.dirname, "../../..");
  const config: Config = loadConfig({ env: { WEB_SECRET, ...env }, argv: [], root });
  const logged: string[] = [];
  const house: Omit<FakeHouse, "deps"> = {
    barQueries: [],
    profiles: [],
    pins: [],
    anchors: [],
    refused: [],
    logged,
    says: {
      canWork: { ok: true },
      isReady: { ready: true },
      pin: () => ({ status: "accepted" }),
      anchor: () => ({ status: "accepted" }),
      report: () => ({ status: "accepted" }),
      instruments: () => [ES_ROW],
      feed: (action) => ({ status: "done", message: `did ${action}` }),
    },
  };
  const deps: HttpDeps = {
    config,
    logger: pino({ level: "info" }, { write: (line: string) => void logged.push(line) }),
    ops: () => OPS,
    canWork: () => house.says.canWork,
    isReady: () => house.says.isReady,
    instruments: () => house.says.instruments(),
    bars: (query) => {
      house.barQueries.push(query);
      return query.symbol === "ESZ6" ? barsAnswer(query) : null;
    },
    pin: async (name, symbol) => {
      house.pins.push({ root: name, symbol });
      return { seq: 77, outcome: house.says.pin(), row: { ...ES_ROW, pinned: symbol !== null } };
    },
    insight: () => null,
    profile: (...asked) => {
      house.profiles.push(asked);
      return null;
    },
    footprint: () => null,
    scanner: () => {
      throw new Error("the fake house scans nothing");
    },
    analysisStatus: () => ANALYSIS_STATUS,
    anchor: async (symbol, wish) => {
      house.anchors.push({ symbol, wish });
      return symbol === "ESZ6" ? { seq: 79, outcome: house.says.anchor(), anchors: [60_000] } : null;
    },
    forceRefresh: (from) => ({ status: "running", from, startedMs: 1, events: 0, seq: 0 }),
    updateSettings: async () => ({ seq: 78, outcome: house.says.pin() }),
    liveFeed: {
      act: async (action) => house.says.feed(action),
      report: () => FEED_REPORT,
    },
    feedTraffic: () => ({ trades: 9, bars: 4, uptimeSeconds: 71, errorCount: 8, errors: ["off-tick: row 7"] }),
    positions: () => ({ accounts: [] }),
    report: async () => ({ seq: 80, outcome: house.says.report() }),
    clearPositions: async () => ({ seq: 81, outcome: { status: "unchanged" } }),
    bridgeRefused: (address, { code, detail }) => void house.refused.push(`${address} ${code} ${detail.field ?? ""}`),
    ...awayTrades(),
    status: () => STATUS,
    metricsText: async () => "rightseat_seq 1234\n",
  };
  return { deps, ...house };
}

/** Desks over a database that never answers. */
function awayTrades(): Pick<HttpDeps, "tradeBook" | "tradeDesk" | "importDesk" | "projected"> {
  const database = new Database({ kind: "url", url: "postgres://nobody@127.0.0.1:1/none" }, { logger: QUIET });
  const tradeBook = new TradeBook(database);
  const tell = async () => ({ seq: 80, outcome: ACCEPTED });
  const desk = { book: tradeBook, tell, caughtUp: async () => {}, wallMs: () => NOW_MS };
  return {
    tradeBook,
    tradeDesk: new TradeDesk(desk),
    importDesk: new ImportDesk({ ...desk, database }),
    projected: async () => true,
  };
}

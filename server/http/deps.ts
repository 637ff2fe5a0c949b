/** What may a route ask the house? The whole of it: routes know nothing but these functions. */

import type { ValueAreaRule } from "#lib/analysis/value-area.ts";
import type { BridgeReport } from "#lib/events/bridge.ts";
import type { EngineSettings } from "#lib/events/operator.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import type {
  FootprintAnswer,
  FootprintInterval,
  ProfileAnswer,
  ProfileRange,
  ProfileSpan,
} from "#lib/wire/footprint.ts";
import type { AnalysisStatus, InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { PositionsAnswer } from "#lib/wire/positions.ts";
import type { RefreshFrom, RefreshReport } from "#lib/wire/refresh.ts";
import type { StatusAnswer } from "#lib/wire/status.ts";
import type { Hours, Interval } from "#lib/wire/topic.ts";
import type { Config } from "#server/config.ts";
import type { CodedError } from "#server/errors.ts";
import type { FeedTrafficReport } from "#server/feed-traffic.ts";
import type { LiveFeedControls } from "#server/feeds/live-feed.ts";
import type { ImportDesk } from "#server/imports/import-desk.ts";
import type { Logger } from "#server/logger.ts";
import type { TradeBook } from "#server/trades/trade-book.ts";
import type { TradeDesk } from "#server/trades/trade-desk.ts";

/** `symbol` is the short one, "ESZ6"; bars with fromMs ≤ openMs < toMs, the newest `limit` of them. */
export type BarsQuery = {
  symbol: string;
  interval: Interval;
  hours: Hours;
  fromMs: number | null;
  toMs: number | null;
  limit: number;
};

/** `row` is the root's row after the outcome; null where the root is not followed. */
export type PinResult = { seq: number; outcome: Outcome; row: InstrumentRow | null };

/** An anchor is placed at the minute that holds `atMs`, or removed; null removes all. */
export type AnchorWish = { type: "place"; atMs: number } | { type: "remove"; atMs: number | null };
/** `anchors`: where they stand after the outcome. */
export type AnchorResult = { seq: number; outcome: Outcome; anchors: number[] };

export type HttpDeps = {
  config: Config;
  logger: Logger;
  ops(): OpsReport;
  /** `ok: false` only when the data-service cannot do its job: /health answers 503. */
  canWork(): { ok: true } | { ok: false; reason: string };
  /** Ready: recovery and first history are done. */
  isReady(): { ready: true } | { ready: false; reason: string };
  instruments(): InstrumentRow[];
  /** Null: that contract is not of this run. */
  bars(query: BarsQuery): BarsAnswer | null;
  /** Fixes a root's front contract by its long symbol ("ESZ26"), durably. Throws CodedError LOG_UNWRITABLE. */
  pin(root: string, symbol: string | null): Promise<PinResult>;
  /** The running feed's own controls and word about itself. */
  liveFeed: LiveFeedControls;
  /** What the feed has brought since this start. */
  feedTraffic(): FeedTrafficReport;
  /** Null: that root is not followed. */
  insight(root: string): InsightView | null;
  /** By the short symbol; null: that contract is not of this run. */
  profile(symbol: string, asked: ProfileSpan | ProfileRange, valueArea: ValueAreaRule): ProfileAnswer | null;
  footprint(symbol: string, interval: FootprintInterval): FootprintAnswer | null;
  scanner(): ScannerView;
  analysisStatus(): AnalysisStatus;
  /** Durably; `unchanged` where they were so already. */
  updateSettings(settings: EngineSettings): Promise<{ seq: number; outcome: Outcome }>;
  /** By the short symbol, durably; null: that contract is not of this run. */
  anchor(symbol: string, wish: AnchorWish): Promise<AnchorResult | null>;
  /** Starts a replay beside the live engine, or tells of the one under way. Throws CodedError NOT_READY. */
  forceRefresh(from: RefreshFrom): RefreshReport;
  positions(): PositionsAnswer;
  /** A bridge's report, durably. */
  report(report: BridgeReport): Promise<{ seq: number; outcome: Outcome }>;
  /** Forgets what an account (null: every one) reported, durably. */
  clearPositions(account: string | null): Promise<{ seq: number; outcome: Outcome }>;
  /** A post of a bridge was refused: ops counts it. */
  bridgeRefused(address: string, refusal: CodedError): void;
  /** What the tables say of trades, how one is changed, and how files of them are taken over. */
  tradeBook: TradeBook;
  tradeDesk: TradeDesk;
  importDesk: ImportDesk;
  /** Waits up to 2 s until the tables hold everything up to a seq; false: they do not yet. */
  projected(seq: number): Promise<boolean>;
  status(): StatusAnswer;
  metricsText(): Promise<string>;
};

/** What does a bridge say of one account? The values of its reports: contracts known by name, prices in ticks. */
import { type Stamp, UNSTAMPED } from "./stamp.ts";

/**
 * Who says it, and when by the sender's own clock. Without an id the content tells repeats; without a time (the
 * incumbent's bridge may leave both out) arrival is the order.
 */
export type ReportHead = { account: string; reportId: string | null; sentMs: number | null };

/** `contract` is the long symbol (MESZ26); `netContracts` is above 0 for long, below for short, never 0. */
export type ReportedPosition = {
  contract: string;
  netContracts: number;
  /** Fractional: an average. */
  averageTicks: number;
  tickSize: number;
  /** The platform's own mark and open P&L; null: not said. */
  markTicks: number | null;
  unrealizedUsd: number | null;
};
/** Every open position; none is flat. */
export type PositionsReport = ReportHead & { kind: "positions"; positions: ReportedPosition[] };

export const BRIDGE_ORDER_TYPES = ["Market", "Limit", "StopMarket", "StopLimit", "MIT"] as const;
export type ReportedOrder = {
  orderId: string;
  contract: string;
  side: "buy" | "sell";
  type: (typeof BRIDGE_ORDER_TYPES)[number];
  contracts: number;
  filledContracts: number;
  limitTicks: number | null;
  stopTicks: number | null;
  tickSize: number;
  /** The platform's word: Working, PartFilled, ChangePending … */
  state: string;
  oco: string | null;
};
/** Every order that is not over. */
export type OrdersReport = ReportHead & { kind: "orders"; orders: ReportedOrder[] };

/** One execution: the shape of a fill (`feeUsd` null: not said, so the fee schedule rules). */
export type ReportedExecution = {
  executionId: string;
  account: string;
  root: string;
  year: number;
  month: number;
  side: "buy" | "sell";
  contracts: number;
  priceTicks: number;
  tickSize: number;
  atMs: number;
  orderId: string | null;
  feeUsd: number | null;
  source: string;
};
/** Some executions of the session; an empty report says only that this bridge reports them. */
export type ExecutionsReport = ReportHead & { kind: "executions"; executions: ReportedExecution[] };

/** Dollars; null: not said. `drawdownLeftUsd` is the room to the broker's own floor, where it reports one. */
export type ReportedAccountValues = {
  cashUsd: number | null;
  realizedUsd: number | null;
  unrealizedUsd: number | null;
  marginUsd: number | null;
  netLiquidationUsd: number | null;
  drawdownLeftUsd: number | null;
  dailyLossLimitUsd: number | null;
};
export type AccountReport = ReportHead & { kind: "account"; values: ReportedAccountValues };

/** `connection` is the platform's word for its own line to the broker; "Connected" is well. */
export type HeartbeatReport = ReportHead & {
  kind: "heartbeat";
  connection: string;
  platformVersion: string | null;
  bridgeVersion: string | null;
};

export type BridgeReport = PositionsReport | OrdersReport | ExecutionsReport | AccountReport | HeartbeatReport;
export const REPORT_KINDS = ["positions", "orders", "executions", "account", "heartbeat"] as const;

/** A bridge's report as it is sequenced, a type each, so that a log can be searched by it. */
export type BridgeReported = Stamp &
  (
    | { type: "PositionsReported"; report: PositionsReport }
    | { type: "OrdersReported"; report: OrdersReport }
    | { type: "ExecutionsReported"; report: ExecutionsReport }
    | { type: "AccountReported"; report: AccountReport }
    | { type: "HeartbeatReported"; report: HeartbeatReport }
  );

/** The user takes what an account (null: every one) reported off the screen; a live bridge says it again at once. */
export type PositionsCleared = Stamp & { type: "PositionsCleared"; account: string | null };

/** The event that carries a report; the sequencer stamps it. */
export function reportedEvent(report: BridgeReport): BridgeReported {
  switch (report.kind) {
    case "positions":
      return { ...UNSTAMPED, type: "PositionsReported", report };
    case "orders":
      return { ...UNSTAMPED, type: "OrdersReported", report };
    case "executions":
      return { ...UNSTAMPED, type: "ExecutionsReported", report };
    case "account":
      return { ...UNSTAMPED, type: "AccountReported", report };
    case "heartbeat":
      return { ...UNSTAMPED, type: "HeartbeatReported", report };
  }
}

/** Prices that the platform hands on, in its order; `number` counts them within one sender's start. */
export type ForwardedTick = {
  number: number;
  contract: string;
  kind: "last" | "bid" | "ask";
  priceTicks: number;
  tickSize: number;
  size: number;
  exchangeMs: number;
};
export type ForwardedBar = {
  contract: string;
  openMs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  tickSize: number;
  volume: number;
};
/** `dropped`: ticks that the sender had to throw away since its former post. */
export type MarketReport = {
  reportId: string | null;
  sentMs: number | null;
  dropped: number;
  ticks: ForwardedTick[];
  bars: ForwardedBar[];
};

/** What may a bridge post to us? The incumbent's payload unchanged, and ours; each message says what was expected. */
import { z } from "zod";
import { BRIDGE_ORDER_TYPES } from "../events/bridge.ts";
import {
  BRIDGE_BARS_MAX,
  BRIDGE_CONTRACTS_MAX,
  BRIDGE_EXECUTIONS_MAX,
  BRIDGE_ORDERS_MAX,
  BRIDGE_POINTS_MAX,
  BRIDGE_POSITIONS_MAX,
  BRIDGE_TICKS_MAX,
  BRIDGE_USD_MAX,
} from "../limits.ts";

/** U+FFFD: what a lenient reader makes of bytes that are no UTF-8. */
const BROKEN_TEXT = /\uFFFD/;
/** 2000-01-01 and 2100-01-01: a time outside is in other units. */
const EARLIEST_MS = 946_684_800_000;
const LATEST_MS = 4_102_444_800_000;

function text(longest: number) {
  const error = `text of 1 to ${longest} characters`;
  const utf8 = (value: string) => !BROKEN_TEXT.test(value);
  return z.string({ error }).trim().min(1, { error }).max(longest, { error }).refine(utf8, { error: "UTF-8 text" });
}

function between(low: number, high: number, example: string) {
  const error = `a number from ${low} to ${high} with a decimal point, such as ${example}`;
  return z.number({ error }).min(low, { error }).max(high, { error });
}

function whole(low: number, high: number) {
  const error = `a whole number from ${low} to ${high}`;
  return z.number({ error }).int({ error }).min(low, { error }).max(high, { error });
}

function list<Row extends z.ZodType>(row: Row, longest: number) {
  const error = `a list of at most ${longest}`;
  return z.array(row, { error }).max(longest, { error });
}

const points = between(-BRIDGE_POINTS_MAX, BRIDGE_POINTS_MAX, "5012.25");
const usd = between(-BRIDGE_USD_MAX, BRIDGE_USD_MAX, "-62.5");
const contracts = whole(1, BRIDGE_CONTRACTS_MAX);
const timeMs = between(EARLIEST_MS, LATEST_MS, "1763650000000 (milliseconds since 1970, UTC)");
const isoTime = z.iso.datetime({ offset: true, error: "an ISO time with its zone, such as 2026-11-20T15:00:00Z" });
const instrument = text(40).describe("MES 12-26, MES DEC26, MESZ6, MESZ26");
const account = text(80);
const head = { account, reportId: text(80).nullish(), sentMs: timeMs.nullish() };

/** The incumbent's fields as they are; unknown ones are left alone, because its later bridges send more. */
const positionRow = z.object({
  symbol: instrument,
  side: z.enum(["Long", "Short"], { error: "Long or Short" }),
  quantity: contracts,
  avgPrice: points,
  unrealizedPnL: usd.nullish(),
  lastUpdate: isoTime.nullish(),
  markPrice: points.nullish(),
});

/** POST /positions/update and /update_positions. An empty list is flat. */
export const positionsPostSchema = z.object({
  ...head,
  positions: list(positionRow, BRIDGE_POSITIONS_MAX),
  timestamp: isoTime.nullish(),
});
export type PositionsPost = z.infer<typeof positionsPostSchema>;

const orderRow = z.strictObject({
  orderId: text(80),
  instrument,
  action: z.enum(["Buy", "BuyToCover", "Sell", "SellShort"], { error: "Buy, BuyToCover, Sell or SellShort" }),
  type: z.enum(BRIDGE_ORDER_TYPES, { error: BRIDGE_ORDER_TYPES.join(", ") }),
  quantity: contracts,
  filled: whole(0, BRIDGE_CONTRACTS_MAX),
  limitPrice: points.nullish(),
  stopPrice: points.nullish(),
  state: text(40),
  oco: text(120).nullish(),
});

/** POST /bridge/orders: every order that is not over. */
export const ordersPostSchema = z.strictObject({ ...head, orders: list(orderRow, BRIDGE_ORDERS_MAX) });
export type OrdersPost = z.infer<typeof ordersPostSchema>;

const executionRow = z.strictObject({
  executionId: text(120),
  orderId: text(80).nullish(),
  instrument,
  side: z.enum(["Buy", "Sell"], { error: "Buy or Sell" }),
  quantity: contracts,
  price: points,
  timeMs,
  commissionUsd: usd.nullish().describe("for all its contracts; 0 or absent: not said"),
  position: whole(-BRIDGE_CONTRACTS_MAX, BRIDGE_CONTRACTS_MAX)
    .nullish()
    .describe("the platform's position after it; the next report of positions says it again and rules"),
});

/** POST /bridge/executions: some of the session's, in any order, as often as the sender likes. */
export const executionsPostSchema = z.strictObject({ ...head, executions: list(executionRow, BRIDGE_EXECUTIONS_MAX) });
export type ExecutionsPost = z.infer<typeof executionsPostSchema>;

/** POST /bridge/account. Of all but the two P&Ls 0 or absent means: not reported. */
export const accountPostSchema = z.strictObject({
  ...head,
  cashUsd: usd.nullish(),
  realizedPnlUsd: usd.nullish(),
  unrealizedPnlUsd: usd.nullish(),
  marginUsd: usd.nullish(),
  netLiquidationUsd: usd.nullish(),
  trailingDrawdownLeftUsd: usd.nullish(),
  dailyLossLimitUsd: usd.nullish(),
});
export type AccountPost = z.infer<typeof accountPostSchema>;

/** POST /bridge/heartbeat, every second, beside the positions. */
export const heartbeatPostSchema = z.strictObject({
  ...head,
  sentMs: timeMs,
  connection: text(40),
  platformVersion: text(40).nullish(),
  bridgeVersion: text(40).nullish(),
});
export type HeartbeatPost = z.infer<typeof heartbeatPostSchema>;

const tickRow = z.strictObject({
  number: whole(1, Number.MAX_SAFE_INTEGER),
  instrument,
  kind: z.enum(["last", "bid", "ask"], { error: "last, bid or ask" }),
  price: points,
  size: whole(0, 1_000_000_000),
  timeMs,
});
/** NinjaTrader stamps a minute bar at its end. */
const barRow = z.strictObject({
  instrument,
  endMs: timeMs,
  open: points,
  high: points,
  low: points,
  close: points,
  volume: whole(0, 1_000_000_000),
});

/** POST /bridge/market, for FEED=ninjatrader: prices in the platform's order, recent minute bars. */
export const marketPostSchema = z.strictObject({
  reportId: head.reportId,
  sentMs: head.sentMs,
  dropped: whole(0, Number.MAX_SAFE_INTEGER).default(0),
  ticks: list(tickRow, BRIDGE_TICKS_MAX).default([]),
  bars: list(barRow, BRIDGE_BARS_MAX).default([]),
});
export type MarketPost = z.infer<typeof marketPostSchema>;

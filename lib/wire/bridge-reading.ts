/** What does a bridge's message mean in our words? Contracts by name, prices in ticks, times checked; or refused. */

import { type Contract, contractLongSymbol } from "../contract.ts";
import type {
  AccountReport,
  ExecutionsReport,
  ForwardedBar,
  ForwardedTick,
  HeartbeatReport,
  MarketReport,
  OrdersReport,
  PositionsReport,
  ReportedExecution,
  ReportedOrder,
  ReportedPosition,
  ReportHead,
} from "../events/bridge.ts";
import { instrumentOf, tickSizeAt } from "../instrument.ts";
import { BRIDGE_CLOCK_AHEAD_MS_MAX } from "../limits.ts";
import { tradeDateAt } from "../session.ts";
import { MS_PER_MINUTE, MS_PER_SECOND, ticksFromPoints } from "../units.ts";
import { vendorContract } from "../vendor-symbol.ts";
import type { AccountPost, ExecutionsPost, HeartbeatPost, MarketPost, OrdersPost, PositionsPost } from "./bridge.ts";
import type { Refused } from "./bridge-body.ts";

/** Behind `source` of a fill that a bridge brought. */
const SOURCE = "bridge";

/** The open positions of one account; the incumbent's `timestamp` stands in for `sentMs`. */
export function readPositionsPost(post: PositionsPost, receivedMs: number): PositionsReport | Refused {
  const sentMs = post.sentMs ?? (post.timestamp == null ? null : isoMs(post.timestamp));
  const field = post.sentMs == null ? "timestamp" : "sentMs";
  const late = aheadOf(receivedMs, { field, ms: sentMs });
  if (late !== null) return late;
  const positions = readEach(post.positions, "positions", (row, at) => readPosition(row, at, receivedMs));
  if ("refused" in positions) return positions;
  const twice = positions.findIndex(({ contract }, index) =>
    positions.slice(0, index).some((other) => other.contract === contract),
  );
  if (twice >= 0) return refuse(`positions.${twice}.symbol`, "each contract once", post.positions[twice].symbol);
  return { kind: "positions", account: post.account, reportId: post.reportId ?? null, sentMs, positions };
}

function readPosition(row: PositionsPost["positions"][number], at: string, atMs: number): ReportedPosition | Refused {
  const listed = listedContract(row.symbol, { field: `${at}.symbol`, atMs });
  if ("refused" in listed) return listed;
  const { contract, tickSize } = listed;
  return {
    contract: contractLongSymbol(contract),
    netContracts: row.side === "Long" ? row.quantity : -row.quantity,
    averageTicks: fractional(row.avgPrice, tickSize),
    tickSize,
    markTicks: row.markPrice == null ? null : fractional(row.markPrice, tickSize),
    unrealizedUsd: usdOf(row.unrealizedPnL),
  };
}

/** The orders that are not over. NinjaTrader says 0 for a price that the type does not have: null here. */
export function readOrdersPost(post: OrdersPost, receivedMs: number): OrdersReport | Refused {
  const head = readHead(post, receivedMs);
  if ("refused" in head) return head;
  const orders = readEach(post.orders, "orders", (row, at) => readOrder(row, at, receivedMs));
  return "refused" in orders ? orders : { kind: "orders", ...head, orders };
}

function readOrder(row: OrdersPost["orders"][number], at: string, atMs: number): ReportedOrder | Refused {
  const listed = listedContract(row.instrument, { field: `${at}.instrument`, atMs });
  if ("refused" in listed) return listed;
  const { contract, tickSize } = listed;
  const hasLimit = row.type === "Limit" || row.type === "StopLimit";
  const hasStop = row.type !== "Market" && row.type !== "Limit";
  const limitTicks = hasLimit ? onTick(row.limitPrice, { field: `${at}.limitPrice`, tickSize }) : null;
  if (isRefused(limitTicks)) return limitTicks;
  const stopTicks = hasStop ? onTick(row.stopPrice, { field: `${at}.stopPrice`, tickSize }) : null;
  if (isRefused(stopTicks)) return stopTicks;
  if (row.filled > row.quantity) return refuse(`${at}.filled`, `at most the quantity, ${row.quantity}`, row.filled);
  return {
    orderId: row.orderId,
    contract: contractLongSymbol(contract),
    side: row.action.startsWith("Buy") ? "buy" : "sell",
    type: row.type,
    contracts: row.quantity,
    filledContracts: row.filled,
    limitTicks,
    stopTicks,
    tickSize,
    state: row.state,
    oco: row.oco ?? null,
  };
}

/** Executions as fills. A commission of 0 is what NinjaTrader says where none is set: not said. */
export function readExecutionsPost(post: ExecutionsPost, receivedMs: number): ExecutionsReport | Refused {
  const head = readHead(post, receivedMs);
  if ("refused" in head) return head;
  const executions = readEach(post.executions, "executions", (row, at) => {
    const late = aheadOf(receivedMs, { field: `${at}.timeMs`, ms: row.timeMs });
    return late ?? readExecution(row, at, post.account);
  });
  return "refused" in executions ? executions : { kind: "executions", ...head, executions };
}

function readExecution(
  row: ExecutionsPost["executions"][number],
  at: string,
  account: string,
): ReportedExecution | Refused {
  const listed = listedContract(row.instrument, { field: `${at}.instrument`, atMs: row.timeMs });
  if ("refused" in listed) return listed;
  const { contract, tickSize } = listed;
  const priceTicks = onTick(row.price, { field: `${at}.price`, tickSize });
  if (isRefused(priceTicks)) return priceTicks;
  return {
    executionId: row.executionId,
    account,
    ...contract,
    side: row.side === "Buy" ? "buy" : "sell",
    contracts: row.quantity,
    priceTicks,
    tickSize,
    atMs: row.timeMs,
    orderId: row.orderId ?? null,
    feeUsd: usdOf(row.commissionUsd) || null,
    source: SOURCE,
  };
}

/**
 * The account's values. NinjaTrader says 0 for what it has not: cash, margin, net liquidation and limits of 0 are not
 * said; a P&L of 0 is.
 */
export function readAccountPost(post: AccountPost, receivedMs: number): AccountReport | Refused {
  const head = readHead(post, receivedMs);
  if ("refused" in head) return head;
  const values = {
    cashUsd: usdOf(post.cashUsd) || null,
    realizedUsd: usdOf(post.realizedPnlUsd),
    unrealizedUsd: usdOf(post.unrealizedPnlUsd),
    marginUsd: usdOf(post.marginUsd) || null,
    netLiquidationUsd: usdOf(post.netLiquidationUsd) || null,
    drawdownLeftUsd: usdOf(post.trailingDrawdownLeftUsd) || null,
    dailyLossLimitUsd: usdOf(post.dailyLossLimitUsd) || null,
  };
  return { kind: "account", ...head, values };
}

export function readHeartbeatPost(post: HeartbeatPost, receivedMs: number): HeartbeatReport | Refused {
  const head = readHead(post, receivedMs);
  if ("refused" in head) return head;
  const { connection, platformVersion = null, bridgeVersion = null } = post;
  return { kind: "heartbeat", ...head, connection, platformVersion, bridgeVersion };
}

/** Forwarded prices, on ticks, in the order sent; a bar's time is turned from its end to its beginning. */
export function readMarketPost(post: MarketPost, receivedMs: number): MarketReport | Refused {
  const sentMs = post.sentMs ?? null;
  const late = aheadOf(receivedMs, { field: "sentMs", ms: sentMs });
  if (late !== null) return late;
  const ticks = readEach(post.ticks, "ticks", (row, at) => readTick(row, at, receivedMs));
  if ("refused" in ticks) return ticks;
  const bars = readEach(post.bars, "bars", (row, at) => readBar(row, at, receivedMs));
  if ("refused" in bars) return bars;
  return { reportId: post.reportId ?? null, sentMs, dropped: post.dropped, ticks, bars };
}

function readTick(row: MarketPost["ticks"][number], at: string, receivedMs: number): ForwardedTick | Refused {
  const late = aheadOf(receivedMs, { field: `${at}.timeMs`, ms: row.timeMs });
  if (late !== null) return late;
  const listed = listedContract(row.instrument, { field: `${at}.instrument`, atMs: row.timeMs });
  if ("refused" in listed) return listed;
  const { contract, tickSize } = listed;
  const priceTicks = onTick(row.price, { field: `${at}.price`, tickSize });
  if (isRefused(priceTicks)) return priceTicks;
  const { number, kind, size, timeMs } = row;
  return { number, contract: contractLongSymbol(contract), kind, priceTicks, tickSize, size, exchangeMs: timeMs };
}

function readBar(row: MarketPost["bars"][number], at: string, receivedMs: number): ForwardedBar | Refused {
  const late = aheadOf(receivedMs, { field: `${at}.endMs`, ms: row.endMs });
  if (late !== null) return late;
  if (row.endMs % MS_PER_MINUTE !== 0) return refuse(`${at}.endMs`, "the end of a minute", row.endMs);
  const listed = listedContract(row.instrument, { field: `${at}.instrument`, atMs: row.endMs });
  if ("refused" in listed) return listed;
  const { contract, tickSize } = listed;
  const prices = readEach(["open", "high", "low", "close"] as const, at, (name) =>
    onTick(row[name], { field: `${at}.${name}`, tickSize }),
  );
  if ("refused" in prices) return prices;
  const [openTicks, highTicks, lowTicks, closeTicks] = prices;
  if (highTicks !== Math.max(...prices)) return refuse(`${at}.high`, "the highest of the four prices", row.high);
  if (lowTicks !== Math.min(...prices)) return refuse(`${at}.low`, "the lowest of the four prices", row.low);
  const openMs = row.endMs - MS_PER_MINUTE;
  const symbol = contractLongSymbol(contract);
  return { contract: symbol, openMs, openTicks, highTicks, lowTicks, closeTicks, tickSize, volume: row.volume };
}

type Head = { account: string; reportId?: string | null | undefined; sentMs?: number | null | undefined };

function readHead(post: Head, receivedMs: number): ReportHead | Refused {
  const sentMs = post.sentMs ?? null;
  const late = aheadOf(receivedMs, { field: "sentMs", ms: sentMs });
  return late ?? { account: post.account, reportId: post.reportId ?? null, sentMs };
}

/** A sender's clock may be a little ahead of ours; further, its times would make every later report look stale. */
function aheadOf(receivedMs: number, { field, ms }: { field: string; ms: number | null }): Refused | null {
  if (ms === null || ms <= receivedMs + BRIDGE_CLOCK_AHEAD_MS_MAX) return null;
  const seconds = Math.round((ms - receivedMs) / MS_PER_SECOND);
  return refuse(
    field,
    `a time that has come; our clock says ${receivedMs}: set the clocks`,
    `${ms}, ${seconds} s ahead`,
  );
}

function listedContract(
  text: string,
  { field, atMs }: { field: string; atMs: number },
): { contract: Contract; tickSize: number } | Refused {
  const contract = vendorContract(text, atMs);
  const expected = "a contract that we list, such as MES 12-26 or MESZ6";
  if ("refused" in contract) return { refused: { field, expected, received: text, message: contract.refused } };
  const instrument = instrumentOf(contract.root);
  if (instrument === null) return refuse(field, expected, text);
  return { contract, tickSize: tickSizeAt(instrument, tradeDateAt(instrument.calendar, atMs)) };
}

function onTick(
  price: number | null | undefined,
  { field, tickSize }: { field: string; tickSize: number },
): number | Refused {
  const expected = `a multiple of the tick, ${tickSize}`;
  if (price == null) return refuse(field, expected, "nothing");
  return ticksFromPoints(price, tickSize) ?? refuse(field, expected, price);
}

/** Dollars to four decimals, cleared of binary dust; null: not said. */
function usdOf(value: number | null | undefined): number | null {
  return value == null ? null : Math.round(value * 1e4) / 1e4;
}

/** A price between ticks, cleared of binary dust to a millionth of a tick. */
function fractional(price: number, tickSize: number): number {
  return Math.round((price / tickSize) * 1e6) / 1e6;
}

/** Reads every row, with its place as a field name ("orders.2"); the first that is refused ends it. */
function readEach<Row, Value>(
  rows: readonly Row[],
  field: string,
  read: (row: Row, at: string) => Value | Refused,
): Value[] | Refused {
  const values: Value[] = [];
  for (const [index, row] of rows.entries()) {
    const value = read(row, `${field}.${index}`);
    if (isRefused(value)) return value;
    values.push(value);
  }
  return values;
}

function isRefused(value: unknown): value is Refused {
  return typeof value === "object" && value !== null && "refused" in value;
}

function refuse(field: string, expected: string, received: string | number): Refused {
  return { refused: { field, expected, received: String(received) } };
}

/** Milliseconds of an ISO time that its schema has checked: "2026-11-20T10:00:00.5-05:00" → 15:00:00.500 UTC. */
function isoMs(iso: string): number {
  const [, year, month, day, hour, minute, second = "0", zone] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)$/.exec(iso) ?? [];
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  const offset = zone === "Z" ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const offsetMs = (zone.startsWith("-") ? -1 : 1) * offset * MS_PER_MINUTE;
  return atMs + Math.round(Number(second) * MS_PER_SECOND) - offsetMs;
}

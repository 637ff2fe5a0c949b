/** Which events may a property test expect to meet? Arbitraries of every type, with values at the edges. */
import fc from "fast-check";
import { createBridgeAccount, takeBridgeReport } from "#lib/account/bridge-account.ts";
import { EVENT_IMPACTS } from "#lib/event-calendar.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { BRIDGE_ORDER_TYPES } from "#lib/events/bridge.ts";
import { MODES } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { FEED_STATES } from "#lib/events/market.ts";
import { ANALYSIS_INTERVALS } from "#lib/events/operator.ts";
import { createTradeBlock, type TradeBlock } from "#lib/events/trade-block.ts";
import { NO_PRICE } from "#lib/units.ts";

const u16 = fc.oneof(fc.constantFrom(0, 65_535), fc.integer({ min: 0, max: 65_535 }));
const u32 = fc.oneof(fc.constantFrom(0, 4_294_967_295), fc.integer({ min: 0, max: 4_294_967_295 }));
const priceTicks = fc.oneof(fc.constantFrom(NO_PRICE, -1, 0, 2_147_483_647), fc.integer());
const anyDouble = fc.oneof(fc.constantFrom(Number.NaN, -0, Number.MAX_SAFE_INTEGER), fc.double());
/** With parts of a millisecond, as feeds send them. */
const timeMs = fc.double({ min: -1e13, max: 1e13, noNaN: true }).map((value) => value + 0);
const source = fc.constantFrom(1, 2, 3, 4);
const stamp = { seq: fc.constant(0), nowMs: timeMs, receivedMs: timeMs };
const text = fc.string({ unit: "binary", minLength: 1 });
const root = fc.oneof(fc.constantFrom("ES", "6E"), text);
const finite = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0);

const barBlock: fc.Arbitrary<BarBlock> = fc
  .tuple(fc.array(fc.tuple(anyDouble, priceTicks, u32, anyDouble), { maxLength: 9 }), fc.uint8Array({ maxLength: 30 }))
  .map(([rows, volumeAtPrice]) => {
    // More room than rows: what lies behind `count` must not reach the log.
    const bars = createBarBlock(rows.length + 3);
    bars.openMs.fill(7);
    bars.count = rows.length;
    bars.volumeAtPrice = new Uint8Array(volumeAtPrice);
    rows.forEach(([openMs, price, volume, vwapTicks], row) => {
      bars.openMs[row] = openMs;
      bars.vwapTicks[row] = vwapTicks;
      bars.openTicks[row] = price;
      bars.highTicks[row] = ~price;
      bars.lowTicks[row] = price ^ 1;
      bars.closeTicks[row] = price >> 1;
      bars.volume[row] = volume;
      bars.buyVolume[row] = volume >>> 1;
      bars.sellVolume[row] = volume >>> 2;
      bars.trades[row] = volume >>> 3;
    });
    return bars;
  });

const tradeBlock: fc.Arbitrary<TradeBlock> = fc
  .array(fc.tuple(anyDouble, anyDouble, priceTicks, u32, fc.constantFrom(0, 1, 2, 3)), { maxLength: 9 })
  .map((rows) => {
    const trades = createTradeBlock(rows.length + 2);
    trades.count = rows.length;
    rows.forEach(([exchangeMs, sourceSeq, price, size, aggressor], row) => {
      trades.exchangeMs[row] = exchangeMs;
      trades.sourceSeq[row] = sourceSeq;
      trades.priceTicks[row] = price;
      trades.size[row] = size;
      trades.aggressor[row] = aggressor;
    });
    return trades;
  });

const engineSettings = fc.record(
  {
    interval: fc.constantFrom(...ANALYSIS_INTERVALS),
    lookbackDates: fc.integer({ min: 1, max: 20 }),
    accountSizeUsd: fc.constantFrom(50_000, 150_000),
  },
  { noNullPrototype: true },
);
const calendarEvents = fc.array(
  fc.record(
    { name: text, atMs: timeMs, impact: fc.constantFrom(...EVENT_IMPACTS), roots: fc.array(root) },
    { noNullPrototype: true },
  ),
  { maxLength: 3 },
);

const plain = { noNullPrototype: true };
const maybe = fc.option(finite);
/** Differences of it are finite. */
const money = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0));
const side = fc.constantFrom("buy", "sell");
const contracts = fc.integer({ min: 1 });
const tickSize = fc.constantFrom(0.25, 0.015625);
const list = <Value>(row: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(row, { maxLength: 3 });
const position = fc.record(
  {
    contract: fc.constantFrom("ESZ26", "MESZ26"),
    netContracts: fc.integer(),
    averageTicks: finite,
    tickSize,
    markTicks: maybe,
    unrealizedUsd: maybe,
  },
  plain,
);
const order = fc.record(
  {
    ...{ orderId: text, contract: text, side, type: fc.constantFrom(...BRIDGE_ORDER_TYPES), contracts, tickSize },
    ...{ filledContracts: fc.nat(), limitTicks: maybe, stopTicks: maybe, state: text, oco: fc.option(text) },
  },
  plain,
);
export const reportedExecution = fc.record(
  {
    ...{ executionId: text, account: text, root, year: fc.integer(), month: fc.integer({ min: 1, max: 12 }), side },
    ...{ contracts, priceTicks: finite, tickSize, atMs: timeMs, orderId: fc.option(text), feeUsd: maybe, source: text },
  },
  plain,
);
const values = fc.record(
  {
    ...{ cashUsd: money, realizedUsd: money, unrealizedUsd: money, marginUsd: money, netLiquidationUsd: money },
    ...{ drawdownLeftUsd: money, dailyLossLimitUsd: money },
  },
  plain,
);
/** What some reports have made of an account: every part of it is there, or is not. */
const bridgeAccount = fc.tuple(list(position), list(reportedExecution), values).map(([positions, executions, said]) => {
  const head = { account: "A", reportId: null, sentMs: 7 };
  const account = createBridgeAccount("A");
  takeBridgeReport(account, { kind: "executions", ...head, executions }, 8);
  takeBridgeReport(account, { kind: "positions", ...head, positions }, 9);
  if (positions.length > 1) takeBridgeReport(account, { kind: "account", ...head, values: said }, 10);
  return account;
});

function reported(type: InputEvent["type"], fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const head = { account: text, reportId: fc.option(text), sentMs: fc.option(timeMs) };
  return record(type, { report: fc.record({ ...head, ...fields }, plain) });
}
const word = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).filter((one) => !one.includes("\0"));
const toldFill = fc.record(
  {
    executionId: word,
    account: word,
    root: word,
    year: fc.integer({ min: 1990, max: 2040 }),
    month: fc.integer({ min: 1, max: 12 }),
    side: fc.constantFrom("buy", "sell"),
    contracts: fc.integer({ min: 1, max: 100_000 }),
    priceTicks: finite,
    tickSize: fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
    atMs: timeMs,
    orderId: fc.option(word),
    feeUsd: fc.option(finite),
    source: word,
  },
  { noNullPrototype: true },
);
const toldFills = fc.array(toldFill, { minLength: 1, maxLength: 3 });

/** One arbitrary a type; the key is checked against the union, so that a new event cannot be forgotten. */
export const SAMPLE_EVENTS: Record<InputEvent["type"], fc.Arbitrary<unknown>> = {
  TradePrinted: record("TradePrinted", {
    contract: u16,
    priceTicks,
    size: u32,
    aggressor: fc.constantFrom(0, 1, 2, 3),
    exchangeMs: anyDouble,
    source,
    sourceSeq: anyDouble,
  }),
  QuoteChanged: record("QuoteChanged", {
    contract: u16,
    bidTicks: priceTicks,
    bidSize: u32,
    askTicks: priceTicks,
    askSize: u32,
    exchangeMs: anyDouble,
    source,
    sourceSeq: anyDouble,
  }),
  BarReceived: record("BarReceived", {
    contract: u16,
    intervalMs: u32,
    openMs: anyDouble,
    openTicks: priceTicks,
    highTicks: priceTicks,
    lowTicks: priceTicks,
    closeTicks: priceTicks,
    volume: u32,
    buyVolume: u32,
    sellVolume: u32,
    trades: u32,
    vwapTicks: fc.oneof(fc.constantFrom(null, Number.NaN), fc.double()),
    source,
    sourceSeq: anyDouble,
  }),
  HistoryLoaded: record("HistoryLoaded", { contract: u16, intervalMs: u32, bars: barBlock, source }),
  GapFilled: record("GapFilled", { contract: u16, fromMs: anyDouble, toMs: anyDouble, trades: tradeBlock, source }),
  InstrumentListed: record("InstrumentListed", {
    contract: u16,
    root,
    year: fc.integer({ min: 1990, max: 2040 }),
    month: fc.integer({ min: 1, max: 12 }),
    tickSize: fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
  }),
  SettlementPublished: record("SettlementPublished", {
    contract: u16,
    tradeDate: fc.integer({ min: -30_000, max: 30_000 }),
    settlementTicks: finite,
    exchangeMs: timeMs,
    source,
  }),
  FeedStatusChanged: record("FeedStatusChanged", {
    feed: text,
    state: fc.constantFrom(...FEED_STATES),
    message: fc.string({ unit: "binary" }),
  }),
  FeedGapFound: record("FeedGapFound", {
    contract: fc.option(u16),
    fromMs: timeMs,
    toMs: fc.option(timeMs),
    reason: fc.string(),
  }),
  FeedClockJumped: record("FeedClockJumped", { fromMs: timeMs, toMs: timeMs, reason: fc.string() }),
  ContractPinned: record("ContractPinned", { root, symbol: fc.option(text) }),
  CalendarApplied: record("CalendarApplied", {
    events: calendarEvents,
  }),
  AnalysisRebuilt: record("AnalysisRebuilt", { contracts: fc.array(fc.nat(63), { minLength: 1, maxLength: 3 }) }),
  AnchorPlaced: record("AnchorPlaced", { contract: u16, atMs: timeMs }),
  AnchorRemoved: record("AnchorRemoved", { contract: u16, atMs: fc.option(timeMs) }),
  SettingsApplied: record("SettingsApplied", {
    settings: engineSettings,
  }),
  PositionsReported: reported("PositionsReported", { kind: fc.constant("positions"), positions: list(position) }),
  OrdersReported: reported("OrdersReported", { kind: fc.constant("orders"), orders: list(order) }),
  ExecutionsReported: reported("ExecutionsReported", {
    kind: fc.constant("executions"),
    executions: list(reportedExecution),
  }),
  AccountReported: reported("AccountReported", { kind: fc.constant("account"), values }),
  HeartbeatReported: reported("HeartbeatReported", {
    kind: fc.constant("heartbeat"),
    connection: text,
    platformVersion: fc.option(text),
    bridgeVersion: fc.option(text),
  }),
  PositionsCleared: record("PositionsCleared", { account: fc.option(text) }),
  FillsImported: record("FillsImported", {
    importId: word,
    piece: u32,
    source: word,
    fileName: word,
    zone: word,
    timeStepMs: timeMs,
    fills: toldFills,
  }),
  ImportUndone: record("ImportUndone", { importId: word }),
  TradeEntered: record("TradeEntered", {
    tradeId: word,
    revision: u32,
    fills: toldFills,
    stopTicks: fc.option(finite),
    targetTicks: fc.option(finite),
  }),
  TradeRemoved: record("TradeRemoved", { tradeId: word }),
  TradeNoted: record("TradeNoted", { tripKey: word, tags: fc.array(word, { maxLength: 3 }), setup: word, notes: word }),
  HeartbeatReceived: record("HeartbeatReceived", { account: text, sentMs: timeMs }),
  DeadlineReached: record("DeadlineReached", { clock: fc.constantFrom("feed", "wall"), deadlineMs: timeMs }),
  RunStarted: record("RunStarted", {
    runId: text,
    mode: fc.constantFrom(...MODES),
    feed: text,
    seed: fc.option(fc.integer()),
    pins: fc.dictionary(fc.stringMatching(/^[A-Z0-9]{1,3}$/), fc.string(), { noNullPrototype: true }),
    settings: engineSettings,
    calendar: fc.option(calendarEvents),
    accounts: list(bridgeAccount),
  }),
  EngineStarted: record("EngineStarted", {
    epoch: fc.integer({ min: 1 }),
    codeVersion: fc.string(),
    nodeVersion: fc.string(),
    snapshotVersion: fc.integer(),
    settingsVersion: fc.integer(),
  }),
};

function record(type: InputEvent["type"], fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.record({ type: fc.constant(type), ...stamp, ...fields }, { noNullPrototype: true });
}

/** Any event of any type, unstamped but for its clocks. */
export function anyEvent(): fc.Arbitrary<InputEvent> {
  // Safe: each arbitrary above builds the whole of its type; the round trip would show a missing field.
  return fc.oneof(...Object.values(SAMPLE_EVENTS)) as fc.Arbitrary<InputEvent>;
}

/** Blocks cut to their rows, plain copies of everything: what a decoder must give back. */
export function comparable(event: InputEvent): unknown {
  if (event.type === "HistoryLoaded") return { ...event, bars: cutToCount(event.bars) };
  if (event.type === "GapFilled") return { ...event, trades: cutToCount(event.trades) };
  return { ...event };
}

function cutToCount(block: BarBlock | TradeBlock): object {
  const cut = Object.entries(block).map(([name, column]) => [
    name,
    typeof column === "number" ? column : [...(name === "volumeAtPrice" ? column : column.subarray(0, block.count))],
  ]);
  return Object.fromEntries(cut);
}

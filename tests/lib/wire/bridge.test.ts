/** Is every bridge's message read into our words, and every wrong one refused with field, expected and received? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contractLongSymbol } from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { INSTRUMENTS, tickSizeAt } from "#lib/instrument.ts";
import { BRIDGE_CLOCK_AHEAD_MS_MAX } from "#lib/limits.ts";
import { MS_PER_DAY, pointsFromTicks } from "#lib/units.ts";
import {
  accountPostSchema,
  executionsPostSchema,
  heartbeatPostSchema,
  marketPostSchema,
  ordersPostSchema,
  positionsPostSchema,
} from "#lib/wire/bridge.ts";
import type { FieldRefusal } from "#lib/wire/bridge-body.ts";
import {
  readAccountPost,
  readExecutionsPost,
  readHeartbeatPost,
  readMarketPost,
  readOrdersPost,
  readPositionsPost,
} from "#lib/wire/bridge-reading.ts";
import { checkTwice } from "../../support/property-runs.ts";

const AT = Date.UTC(2026, 10, 20, 15);

/** As the incumbent's bridge sends it. */
const INCUMBENT = {
  account: "Sim101",
  positions: [
    {
      symbol: "MES 12-26",
      side: "Long",
      quantity: 2,
      avgPrice: 6012.375,
      unrealizedPnL: 12.5,
      lastUpdate: "2026-11-20T14:59:59Z",
    },
  ],
  timestamp: "2026-11-20T14:59:59Z",
};
const ORDER = {
  orderId: "o1",
  instrument: "MES 12-26",
  action: "Sell",
  type: "StopMarket",
  quantity: 2,
  filled: 0,
  limitPrice: 0,
  stopPrice: 6002.25,
  state: "Accepted",
  oco: "b1",
};
const EXECUTION = {
  executionId: "e1",
  orderId: "o1",
  instrument: "MESZ6",
  side: "Buy",
  quantity: 2,
  price: 6012.25,
  timeMs: AT - 5_000,
  commissionUsd: 1.24,
  position: 2,
};
const head = { account: "Sim101", reportId: "r-1", sentMs: AT - 50 };

function positionsOf(post: unknown) {
  return readPositionsPost(positionsPostSchema.parse(post), AT);
}

function ordersOf(orders: unknown[]) {
  return readOrdersPost(ordersPostSchema.parse({ ...head, orders }), AT);
}

function executionsOf(executions: unknown[]) {
  return readExecutionsPost(executionsPostSchema.parse({ ...head, executions }), AT);
}

function refusalOf(answer: object): FieldRefusal {
  assert.ok("refused" in answer, JSON.stringify(answer));
  return answer.refused as FieldRefusal;
}

test("the incumbent's payload is read unchanged", () => {
  assert.deepEqual(positionsOf(INCUMBENT), {
    kind: "positions",
    account: "Sim101",
    reportId: null,
    sentMs: Date.UTC(2026, 10, 20, 14, 59, 59),
    positions: [
      {
        contract: "MESZ26",
        netContracts: 2,
        averageTicks: 24_049.5,
        tickSize: 0.25,
        markTicks: null,
        unrealizedUsd: 12.5,
      },
    ],
  });
  const bare = positionsOf({ account: "Sim101", positions: [] });
  assert.deepEqual(bare, { kind: "positions", account: "Sim101", reportId: null, sentMs: null, positions: [] });
  const eastern = positionsOf({ ...INCUMBENT, timestamp: "2026-11-20T09:59:59.250-05:00" });
  assert.ok("sentMs" in eastern && eastern.sentMs === Date.UTC(2026, 10, 20, 14, 59, 59, 250));
});

test("our payload carries id, time and the mark of each instrument", () => {
  const [position] = INCUMBENT.positions;
  const short = { ...position, symbol: "GC DEC26", side: "Short", avgPrice: 4_100.1, markPrice: 4_099.9 };
  const report = positionsOf({ ...INCUMBENT, ...head, positions: [{ ...position, markPrice: 6013 }, short] });
  assert.ok("positions" in report);
  assert.deepEqual([report.reportId, report.sentMs], ["r-1", AT - 50]);
  assert.deepEqual(
    report.positions.map(({ contract, netContracts, averageTicks, markTicks }) => [
      contract,
      netContracts,
      averageTicks,
      markTicks,
    ]),
    [
      ["MESZ26", 2, 24_049.5, 24_052],
      ["GCZ26", -2, 41_001, 40_999],
    ],
  );
});

test("an order keeps only the prices that its type has", () => {
  const report = ordersOf([ORDER, { ...ORDER, type: "Market", stopPrice: 0.1 }, { ...ORDER, type: "Limit" }]);
  assert.ok("orders" in report);
  const prices = report.orders.map(({ limitTicks, stopTicks, side }) => [limitTicks, stopTicks, side]);
  assert.deepEqual(prices, [
    [null, 24_009, "sell"],
    [null, null, "sell"],
    [0, null, "sell"],
  ]);
});

test("an execution becomes a fill; a commission of 0 is none that was said", () => {
  const report = executionsOf([EXECUTION, { ...EXECUTION, executionId: "e2", side: "Sell", commissionUsd: 0 }]);
  assert.ok("executions" in report);
  const [first, second] = report.executions;
  assert.deepEqual(first, {
    executionId: "e1",
    account: "Sim101",
    root: "MES",
    year: 2026,
    month: 12,
    side: "buy",
    contracts: 2,
    priceTicks: 24_049,
    tickSize: 0.25,
    atMs: AT - 5_000,
    orderId: "o1",
    feeUsd: 1.24,
    source: "bridge",
  });
  assert.deepEqual([second.side, second.feeUsd], ["sell", null]);
});

test("a limit, cash or net liquidation of 0 is not reported; a P&L of 0 is", () => {
  const values = (post: object) => {
    const report = readAccountPost(accountPostSchema.parse({ ...head, ...post }), AT);
    assert.ok("values" in report);
    return report.values;
  };
  assert.equal(values({ trailingDrawdownLeftUsd: 0 }).drawdownLeftUsd, null);
  assert.equal(values({ trailingDrawdownLeftUsd: 1_740.5 }).drawdownLeftUsd, 1_740.5);
  assert.deepEqual(
    [values({ realizedPnlUsd: 0 }).realizedUsd, values({ dailyLossLimitUsd: 0 }).dailyLossLimitUsd],
    [0, null],
  );
  assert.equal(values({ unrealizedPnlUsd: 10.000000000004547 }).unrealizedUsd, 10);
  assert.deepEqual(
    [values({ cashUsd: 0 }).cashUsd, values({ netLiquidationUsd: 0 }).netLiquidationUsd, values({}).realizedUsd],
    [null, null, null],
  );
});

test("forwarded prices keep their order; a bar's time is its beginning", () => {
  const tick = { number: 7, instrument: "ES 12-26", kind: "bid", price: 6012, size: 3, timeMs: AT - 10 };
  const bar = { instrument: "ES 12-26", endMs: AT, open: 6011, high: 6013, low: 6010.5, close: 6012, volume: 900 };
  const read = (post: object) => readMarketPost(marketPostSchema.parse(post), AT);
  const report = read({ ticks: [tick, { ...tick, number: 8, kind: "last" }], bars: [bar], dropped: 2 });
  assert.ok("ticks" in report);
  assert.deepEqual(
    report.ticks.map(({ number, kind, priceTicks }) => [number, kind, priceTicks]),
    [
      [7, "bid", 24_048],
      [8, "last", 24_048],
    ],
  );
  const [row] = report.bars;
  assert.deepEqual([row.openMs, row.highTicks, row.lowTicks, report.dropped], [AT - 60_000, 24_052, 24_042, 2]);
  assert.equal(refusalOf(read({ bars: [{ ...bar, high: 6011 }] })).field, "bars.0.high");
  assert.equal(refusalOf(read({ bars: [{ ...bar, low: 6010.6 }] })).field, "bars.0.low");
  assert.equal(refusalOf(read({ bars: [{ ...bar, endMs: AT + 1 }] })).field, "bars.0.endMs");
});

test("an unknown instrument is refused by its name, and nothing else is taken", () => {
  const [position] = INCUMBENT.positions;
  const refused = refusalOf(
    positionsOf({ ...INCUMBENT, positions: [position, { ...position, symbol: "FDAX 12-26" }] }),
  );
  assert.deepEqual([refused.field, refused.received], ["positions.1.symbol", "FDAX 12-26"]);
  assert.match(refused.message ?? "", /contract "FDAX 12-26": root is none that we list/);
  assert.equal(refusalOf(ordersOf([ORDER, { ...ORDER, instrument: "AAPL" }])).field, "orders.1.instrument");
  assert.equal(refusalOf(executionsOf([{ ...EXECUTION, instrument: "MES 12-16" }])).field, "executions.0.instrument");
});

test("off-tick prices, overfilled orders and doubled contracts are refused", () => {
  const [position] = INCUMBENT.positions;
  assert.deepEqual(refusalOf(executionsOf([{ ...EXECUTION, price: 6012.3 }])), {
    field: "executions.0.price",
    expected: "a multiple of the tick, 0.25",
    received: "6012.3",
  });
  assert.equal(refusalOf(ordersOf([{ ...ORDER, stopPrice: null }])).received, "nothing");
  assert.equal(refusalOf(ordersOf([{ ...ORDER, filled: 3 }])).field, "orders.0.filled");
  const twice = { ...INCUMBENT, positions: [position, { ...position, symbol: "MESZ6", side: "Short" }] };
  assert.equal(refusalOf(positionsOf(twice)).field, "positions.1.symbol");
});

test("a clock that is ahead of ours is refused with both times", () => {
  const edge = AT + BRIDGE_CLOCK_AHEAD_MS_MAX;
  const beat = (sentMs: number) =>
    readHeartbeatPost(heartbeatPostSchema.parse({ account: "Sim101", sentMs, connection: "Connected" }), AT);
  assert.ok("connection" in beat(edge));
  const refused = refusalOf(beat(edge + 1));
  assert.deepEqual([refused.field, refused.received], ["sentMs", `${edge + 1}, 60 s ahead`]);
  assert.match(refused.expected, new RegExp(`our clock says ${AT}`));
  assert.equal(refusalOf(positionsOf({ ...INCUMBENT, timestamp: "2026-11-20T15:02:00Z" })).field, "timestamp");
  assert.equal(refusalOf(executionsOf([{ ...EXECUTION, timeMs: edge + 1 }])).field, "executions.0.timeMs");
});

/** A wrong value: where, what, and what the schema's words must hold. */
const WRONG: readonly [name: string, row: object, field: string, word: RegExp][] = [
  ["NaN", { avgPrice: Number.NaN }, "avgPrice", /a number from -10000000/],
  ["Infinity", { unrealizedPnL: Number.POSITIVE_INFINITY }, "unrealizedPnL", /a number from/],
  ["a huge price", { avgPrice: 1e12 }, "avgPrice", /to 10000000 /],
  ["a huge quantity", { quantity: 1e9 }, "quantity", /whole number from 1 to 100000/],
  ["a negative quantity", { quantity: -2 }, "quantity", /whole number from 1/],
  ["half a contract", { quantity: 1.5 }, "quantity", /whole number/],
  ["a decimal comma", { avgPrice: "6012,25" }, "avgPrice", /decimal point, such as 5012\.25/],
  ["an unknown side", { side: "Buy" }, "side", /^Long or Short$/],
  ["a time without zone", { lastUpdate: "2026-11-20T14:59:59" }, "lastUpdate", /with its zone/],
  ["no symbol", { symbol: "" }, "symbol", /text of 1 to 40/],
  ["text that was no UTF-8", { symbol: "M\uFFFDS 12-26" }, "symbol", /^UTF-8 text$/],
];

for (const [name, row, field, word] of WRONG) {
  test(`refuses ${name}, naming the field and what was expected`, () => {
    const post = { ...INCUMBENT, positions: [{ ...INCUMBENT.positions[0], ...row }] };
    const { success, error } = positionsPostSchema.safeParse(post);
    assert.ok(!success);
    assert.deepEqual(error.issues[0].path, ["positions", 0, field]);
    assert.match(error.issues[0].message, word);
  });
}

test("our own messages have no fields that nobody knows; the incumbent's may", () => {
  assert.ok(!ordersPostSchema.safeParse({ ...head, orders: [], ordres: [] }).success);
  assert.ok(!ordersPostSchema.safeParse({ ...head, orders: [{ ...ORDER, side: "Buy" }] }).success);
  assert.ok(!executionsPostSchema.safeParse({ ...head, executions: [{ ...EXECUTION, action: "Buy" }] }).success);
  assert.ok(!accountPostSchema.safeParse({ ...head, cashBalance: 1 }).success);
  assert.ok(positionsPostSchema.safeParse({ ...INCUMBENT, cashBalance: 50_000, pendingOrders: [] }).success);
});

test("a price of any listed contract is read back to its tick", (t) => {
  const traded = fc
    .record({
      instrument: fc.constantFrom(...INSTRUMENTS),
      year: fc.integer({ min: 2020, max: 2033 }),
      pick: fc.nat(),
      priceTicks: fc.integer({ min: -2_000, max: 400_000 }),
    })
    .map(({ instrument, year, pick, priceTicks }) => {
      const { root, listedMonths } = instrument;
      const contract = { root, year, month: listedMonths[pick % listedMonths.length] };
      return { instrument, contract, priceTicks, day: lastTradeDate(contract) };
    });
  const property = fc.property(traded, ({ instrument, contract, priceTicks, day }) => {
    const timeMs = day * MS_PER_DAY + 12 * 3_600_000;
    const price = pointsFromTicks(priceTicks, tickSizeAt(instrument, day));
    const row = { ...EXECUTION, instrument: contractLongSymbol(contract), price, timeMs };
    const post = executionsPostSchema.parse({ account: "A", executions: [row] });
    const report = readExecutionsPost(post, timeMs);
    assert.ok("executions" in report, JSON.stringify(report));
    const [fill] = report.executions;
    assert.deepEqual({ root: fill.root, year: fill.year, month: fill.month }, contract);
    assert.equal(fill.priceTicks, priceTicks);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

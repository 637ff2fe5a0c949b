/** Do footprints hold what their bars traded, minute by minute and in five, and only what was known then? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { spreadBar } from "#lib/analysis/bar-rows.ts";
import { FOOTPRINTS_KEPT, type FootprintBar, footprintRows } from "#lib/analysis/order-flow/footprint.ts";
import {
  addOrderFlowBar,
  addOrderFlowFive,
  addOrderFlowTrade,
  amendOrderFlow,
  createOrderFlow,
  type OrderFlow,
  type OrderFlowState,
  orderFlowOf,
} from "#lib/analysis/order-flow/order-flow.ts";
import { addRowTrade } from "#lib/analysis/price-rows.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { type FlowMinute, filledRows, flowTrade, minutesOf, randomTape, slowRows } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const FIVE = 300_000;
const WALK = { from: "2026-11-24", dates: 2, everyMinutes: 3 };

/** A minute, and the 5-minute bar that closes with it, if one does. */
type Step = FlowMinute & { five: AnalysisBar | null };

function stepsOf(trades: readonly SignedTrade[]): Step[] {
  const minutes = minutesOf("ES", trades);
  return minutes.map((minute, at) => {
    const slot = Math.floor(minute.bar.openMs / FIVE);
    const isLast = minutes[at + 1] === undefined || Math.floor(minutes[at + 1].bar.openMs / FIVE) !== slot;
    if (!isLast) return { ...minute, five: null };
    const own = minutes.slice(Math.max(0, at - 4), at + 1).filter(({ bar }) => Math.floor(bar.openMs / FIVE) === slot);
    return { ...minute, five: fiveOf(own.map(({ bar }) => bar)) };
  });
}

function fiveOf(bars: readonly AnalysisBar[]): AnalysisBar {
  const sum = (of: (bar: AnalysisBar) => number): number => bars.reduce((total, bar) => total + of(bar), 0);
  const openMs = Math.floor(bars[0].openMs / FIVE) * FIVE;
  return {
    ...bars[bars.length - 1],
    openMs,
    endMs: openMs + FIVE,
    openTicks: bars[0].openTicks,
    highTicks: Math.max(...bars.map((bar) => bar.highTicks)),
    lowTicks: Math.min(...bars.map((bar) => bar.lowTicks)),
    volume: sum((bar) => bar.volume),
    buyVolume: sum((bar) => bar.buyVolume),
    sellVolume: sum((bar) => bar.sellVolume),
    deltaSource: Math.max(...bars.map((bar) => bar.deltaSource)),
  };
}

type Reading = { flow: OrderFlow; minute: FootprintBar | undefined; five: FootprintBar | undefined };

const driven: Driven<OrderFlowState, Step, Reading> = {
  create: () => createOrderFlow({ root: "YM" }),
  add(state, { bar, trades, five }) {
    const rows = filledRows((into) => {
      for (const trade of trades) {
        addRowTrade(into, trade);
        addOrderFlowTrade(state, trade);
      }
    });
    addOrderFlowBar(state, bar, rows);
    if (five !== null) addOrderFlowFive(state, five);
  },
  read: (state) => ({ flow: orderFlowOf(state), minute: state.minute.bars.at(-1), five: state.five.bars.at(-1) }),
};

function assertFootprint(footprint: FootprintBar | undefined, bar: AnalysisBar, trades: readonly SignedTrade[]): void {
  if (bar.volume === 0) return;
  assert.ok(footprint !== undefined);
  assert.equal(footprint.openMs, bar.openMs);
  const rows = footprintRows(footprint, 1).filter(({ buy, sell, unsigned }) => buy + sell + unsigned > 0);
  const slow = [...slowRows(trades)].sort(([a], [b]) => a - b);
  assert.deepEqual(
    rows.map(({ lowTicks, unsigned, buy, sell }) => [lowTicks, [unsigned, buy, sell]]),
    slow,
  );
  const delta = rows.reduce((sum, { buy, sell }) => sum + buy - sell, 0);
  assert.equal(delta, bar.buyVolume - bar.sellVolume);
}

for (const seed of testSeeds("order-flow")) {
  const steps = stepsOf(randomTape(seed, WALK));

  test(`each footprint holds every contract of its bar at its price and side, seed ${seed}`, () => {
    let marks = 0;
    published(driven, steps).forEach((reading, at) => {
      const { bar, trades, five } = steps[at];
      assertFootprint(reading.minute, bar, trades);
      marks = Math.max(marks, reading.flow.marks.length);
      if (five === null) return;
      const inFive = steps.filter((step) => step.bar.openMs >= five.openMs && step.bar.openMs < five.endMs);
      assertFootprint(
        reading.five,
        five,
        inFive.flatMap((step) => step.trades),
      );
    });
    assert.ok(marks > 0, "the walk shows something");
  });

  test(`nothing published depends on what comes later, and a snapshot goes on alike, seed ${seed}`, () => {
    const part = steps.slice(0, 300);
    assertNoLookAhead((inputs) => published(driven, inputs), part);
    const peeking = (inputs: readonly Step[]): Reading[] =>
      published(
        driven,
        inputs.map((step, at) => ({ ...step, trades: (inputs[at + 1] ?? step).trades })),
      );
    assert.throws(() => assertNoLookAhead(peeking, part), "a look-ahead of one bar was not found");
    assertRestores(driven, part, 41);
  });
}

test("the state stays bounded: newest footprints only, far below a contract's share of a snapshot", (t) => {
  const state = driven.create();
  for (const step of stepsOf(randomTape(9, { ...WALK, everyMinutes: 1 }))) driven.add(state, step);
  assert.equal(state.minute.bars.length, FOOTPRINTS_KEPT);
  assert.equal(state.five.bars.length, FOOTPRINTS_KEPT);
  t.diagnostic(`${snapshotBytes(state)} bytes`);
  assert.ok(snapshotBytes(state) < 45_000);
});

const OPEN = Date.parse("2026-11-17T15:00:00Z");

test("a bar whose trades were not all seen has no footprint, nor have its five minutes; the count says so", () => {
  const state = driven.create();
  const [whole, part, next] = stepsOf(
    [0, 1, 5].flatMap((minute) => [flowTrade(10, 3, SIDE.buy, OPEN + minute * 60_000)]),
  );
  driven.add(state, whole);
  const five = part.five ?? part.bar;
  driven.add(state, { ...part, bar: { ...part.bar, volume: 4 }, five: { ...five, volume: five.volume + 1 } });
  assert.deepEqual([state.minute.bars.length, state.five.bars.length, orderFlowOf(state).unseenBars], [1, 0, 1]);
  const spread = filledRows((rows) => spreadBar(rows, { ...next.bar, highTicks: 12 }));
  addOrderFlowBar(state, next.bar, spread);
  assert.deepEqual([state.minute.bars.length, orderFlowOf(state).unseenBars], [1, 2], "spread rows are no footprint");
});

test("a late trade joins CVD and the forming five minutes, not the closed minute", () => {
  const state = driven.create();
  const steps = stepsOf([flowTrade(10, 3, SIDE.buy, OPEN), flowTrade(10, 2, SIDE.buy, OPEN + 60_000)]);
  driven.add(state, steps[0]);
  amendOrderFlow(state, flowTrade(9, 4, SIDE.sell, OPEN + 59_000));
  const five = steps[1].five ?? steps[1].bar;
  driven.add(state, { ...steps[1], five: { ...five, volume: 9, sellVolume: 4 } });
  const { session } = orderFlowOf(state);
  assert.ok(session.status === "ready");
  assert.equal(session.cvd, 1);
  assert.deepEqual(
    state.minute.bars.map(({ rows }) => rows.volume),
    [3, 2],
  );
  assert.deepEqual(
    state.five.bars.map(({ rows }) => rows.volume),
    [9],
  );
});

test("absorption counts orders: fifty prints of one sweep are one, three sweeps are three", () => {
  const climb = [12, 14, 16, 19, 22].map((price, at) => flowTrade(price, 2, SIDE.buy, OPEN + 10_000 + at));
  const sellAt = (ms: number): SignedTrade[] => Array.from({ length: 12 }, () => flowTrade(10, 1, SIDE.sell, ms));
  const kinds = (trades: SignedTrade[]): string[] => {
    const state = driven.create();
    for (const step of stepsOf(trades)) driven.add(state, step);
    return orderFlowOf(state).marks.map(({ kind, direction, intervalMs }) => `${kind} ${direction} ${intervalMs}`);
  };
  const three = [OPEN + 1, OPEN + 2, OPEN + 3].flatMap(sellAt);
  assert.deepEqual(kinds([...three, ...climb]), ["absorption up 300000", "absorption up 60000"]);
  const one = [OPEN + 1, OPEN + 1, OPEN + 1].flatMap(sellAt);
  assert.deepEqual(kinds([...one, ...climb]), []);
});

test("exhaustion needs a new extreme of ten bars of the same trade date", () => {
  const run = (firstMs: number, bars: number): string[] => {
    const high = 30;
    const before = Array.from({ length: bars }, (_, at) => flowTrade(high - 9, 1, SIDE.buy, firstMs + at * 60_000));
    const lastMs = OPEN + bars * 60_000;
    const rise = [16, 8, 4, 1].map((size, row) => flowTrade(high + 3 * row, size, SIDE.buy, lastMs + row));
    const state = driven.create();
    for (const step of stepsOf([...before, ...rise, flowTrade(high, 1, SIDE.sell, lastMs + 50)]))
      driven.add(state, step);
    return orderFlowOf(state)
      .marks.filter(({ intervalMs }) => intervalMs === 60_000)
      .map(({ kind, direction }) => `${kind} ${direction}`);
  };
  assert.deepEqual(run(OPEN, 10), ["exhaustion down"]);
  assert.deepEqual(run(OPEN, 9), []);
  assert.deepEqual(run(OPEN - 86_400_000, 10), [], "ten bars of the date before");
});

test("the last order of a minute counts when the minute closes", () => {
  const state = driven.create();
  driven.add(state, stepsOf([flowTrade(10, 3, SIDE.buy, OPEN)])[0]);
  assert.equal(state.large.today[3], 1);
});

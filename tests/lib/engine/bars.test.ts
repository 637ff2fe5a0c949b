/** Do trades make the right bars, whatever their order, number or lateness? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rowCount } from "#lib/bars/bar-series.ts";
import { AGGRESSOR } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { barRows } from "#tests/support/bar-rows.ts";
import { engineRun, quote, trade } from "#tests/support/engine-run.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
/** Tuesday 2026-11-17 10:00 CT, in RTH. */
const T0 = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;

function deadline(nowMs: number) {
  return { ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs } as const;
}

test("the forming bar is kept apart: it is no closed row until its end has come", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 1_000));
  run.send(trade(104, T0 + 2_000));
  const minutes = run.engine.state.contracts[0].series[1];
  assert.equal(minutes.length, 0);
  assert.equal(minutes.isForming, true);
  assert.deepEqual(barRows(minutes)[0].ohlc, [100, 104, 100, 104]);
  run.send(trade(90, T0 + MINUTE));
  assert.equal(minutes.length, 1);
  assert.deepEqual(barRows(minutes)[0].ohlc, [100, 104, 100, 104], "the trade at the end belongs to the next bar");
});

test("the timer closes a bar 250 ms behind its end, not before, and says so once", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 30_000));
  run.said();
  run.send(deadline(T0 + MINUTE + 249));
  const minutes = run.engine.state.contracts[0].series[1];
  assert.equal(minutes.isForming, true);
  run.send(deadline(T0 + MINUTE + 250));
  assert.equal(minutes.isForming, false);
  run.send(deadline(T0 + MINUTE + 251));
  const closed = run.said().filter((output) => output.type === "BarClosed" && output.interval === "1m");
  assert.deepEqual(closed, [{ type: "BarClosed", contract: 0, interval: "1m", openMs: T0 }]);
});

test("a window without a trade has no bar", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0));
  run.send(trade(101, T0 + 5 * MINUTE));
  const minutes = run.engine.state.contracts[0].series[1];
  assert.deepEqual(
    barRows(minutes).map((row) => row.openMs),
    [T0, T0 + 5 * MINUTE],
  );
});

test("a trade up to 2,000 ms behind the newest amends its closed bar; further behind it is counted and dropped", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 59_000));
  run.send(trade(101, T0 + MINUTE + 1_000));
  run.said();
  run.send(trade(120, T0 + 59_500, { sourceSeq: 7, size: 3 }), T0 + MINUTE + 1_000);
  const contract = run.engine.state.contracts[0];
  assert.deepEqual(barRows(contract.series[1])[0], {
    openMs: T0,
    ohlc: [100, 120, 100, 120],
    volume: 4,
    buy: 3,
    sell: 0,
    trades: 2,
    vwapSum: 100 + 360,
    revision: 1,
  });
  assert.ok(
    run.said().some((output) => output.type === "BarAmended" && output.interval === "1m" && output.revision === 1),
  );
  assert.equal(contract.lastTicks, 101, "a late trade is not the last one");
  run.send(trade(119, T0 + 59_000, { sourceSeq: 9 }), T0 + MINUTE + 1_000);
  assert.deepEqual([contract.droppedLate, contract.lateTrades], [0, 2], "exactly 2,000 ms behind");
  run.send(trade(500, T0 + 58_999, { sourceSeq: 8 }), T0 + MINUTE + 1_000);
  assert.equal(contract.droppedLate, 1);
  assert.equal(barRows(contract.series[1])[0].ohlc[1], 120);
});

test("a late trade into a window without a bar makes its bar, in order", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 500));
  run.send(trade(101, T0 + 2_400));
  run.send(trade(99, T0 + 1_700, { sourceSeq: 5 }), T0 + 2_400);
  const seconds = run.engine.state.contracts[0].series[0];
  assert.deepEqual(
    barRows(seconds).map((row) => [row.openMs - T0, row.ohlc[3], row.revision]),
    [
      [0, 100, 0],
      [1_000, 99, 1],
      [2_000, 101, 0],
    ],
  );
});

test("duplicates go by trade number; trades of one instant and price are all counted", () => {
  const run = engineRun([ES], { startMs: T0 });
  for (const sourceSeq of [1, 2, 3, 2, 3]) run.send(trade(100, T0 + 1, { sourceSeq }));
  const contract = run.engine.state.contracts[0];
  assert.equal(barRows(contract.series[1])[0].volume, 3);
  assert.equal(contract.duplicates, 2);
});

test("a trade of size 0 moves the prices and adds neither volume nor count", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 1));
  run.send(trade(130, T0 + 2, { size: 0 }));
  const [row] = barRows(run.engine.state.contracts[0].series[1]);
  assert.deepEqual([row.ohlc, row.volume, row.trades], [[100, 130, 100, 130], 1, 1]);
});

test("the side: feed's word, else the quote received before, inside the tick rule, a crossed book none", () => {
  const run = engineRun([ES], { startMs: T0 });
  const side = (over: Parameters<typeof trade>[2], price: number, at: number) => {
    const before = { ...barRows(run.engine.state.contracts[0].series[5])[0] };
    run.send(trade(price, T0 + at, over));
    const [after] = barRows(run.engine.state.contracts[0].series[5]);
    return after.buy > (before.buy ?? 0) ? "buy" : after.sell > (before.sell ?? 0) ? "sell" : "unsigned";
  };
  assert.equal(side({ aggressor: AGGRESSOR.sell }, 100, 1), "sell");
  assert.equal(side({ aggressor: AGGRESSOR.none }, 101, 2), "unsigned");
  assert.equal(side({}, 102, 3), "buy", "no quotes at all: tick rule");
  run.send(quote(98, 100, T0 + 4));
  assert.equal(side({}, 100, 5), "buy");
  assert.equal(side({}, 98, 6), "sell");
  assert.equal(side({}, 99, 7), "buy", "inside and above the last price");
  assert.equal(side({}, 97, 8), "sell", "beyond the bid");
  run.send(quote(100, 98, T0 + 9));
  assert.equal(side({}, 99, 10), "unsigned", "crossed");
});

test("a sweep's quote that comes behind it does not decide it", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(quote(98, 100, T0));
  run.send(trade(100, T0 + 1));
  run.send(quote(100, 102, T0 + 1));
  const [day] = barRows(run.engine.state.contracts[0].series[5]);
  assert.deepEqual([day.buy, day.sell], [1, 0]);
});

test("the day bar is the trade date's: 17:00 CT begins the next, UTC midnight does not", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, Date.parse("2026-11-17T21:59:59Z")));
  run.send(trade(101, Date.parse("2026-11-17T23:00:00Z")));
  run.send(trade(102, Date.parse("2026-11-18T00:30:00Z")));
  const days = run.engine.state.contracts[0].series[5];
  assert.deepEqual(
    barRows(days).map((row) => [new Date(row.openMs).toISOString(), row.volume]),
    [
      ["2026-11-16T23:00:00.000Z", 1],
      ["2026-11-17T23:00:00.000Z", 2],
    ],
  );
});

test("Sunday 17:00 to Tuesday 16:00 over MLK is one day bar", () => {
  const run = engineRun([{ ...ES, month: 3 }], { startMs: Date.parse("2026-01-18T23:00:00Z") });
  for (const at of ["2026-01-18T23:00:00Z", "2026-01-19T17:59:00Z", "2026-01-19T23:00:00Z", "2026-01-20T21:00:00Z"]) {
    run.send(trade(100, Date.parse(at)));
  }
  assert.equal(rowCount(run.engine.state.contracts[0].series[5]), 1);
});

/** Slow and plain: groups all trades of a window and takes first, last, highest, lowest by exchange time. */
function slowBars(trades: { ms: number; price: number; size: number }[], lengthMs: number) {
  const windows = new Map<number, { ms: number; price: number; size: number }[]>();
  for (const one of [...trades].sort((a, b) => a.ms - b.ms)) {
    const openMs = Math.floor(one.ms / lengthMs) * lengthMs;
    windows.set(openMs, [...(windows.get(openMs) ?? []), one]);
  }
  return [...windows].map(([openMs, held]) => ({
    openMs,
    ohlc: [
      held[0].price,
      Math.max(...held.map((t) => t.price)),
      Math.min(...held.map((t) => t.price)),
      held[held.length - 1].price,
    ],
    volume: held.reduce((sum, t) => sum + t.size, 0),
  }));
}

test("any order within two seconds gives the bars of the sorted trades, in every kept interval", () => {
  const steps = fc.array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 1_500 }),
      price: fc.integer({ min: -50, max: 50 }),
      size: fc.integer({ min: 1, max: 9 }),
      lateMs: fc.integer({ min: 0, max: 1_900 }),
    }),
    { minLength: 1, maxLength: 120 },
  );
  for (const seed of testSeeds("late trades")) {
    fc.assert(
      fc.property(steps, (rows) => {
        let ms = T0;
        const trades = rows.map((row) => {
          ms += row.stepMs;
          return { ms, price: row.price, size: row.size, arrival: ms + row.lateMs };
        });
        const run = engineRun([ES], { startMs: T0 });
        const arrivals = [...trades].sort((a, b) => a.arrival - b.arrival);
        for (const [index, one] of arrivals.entries()) {
          run.send(trade(one.price, one.ms, { size: one.size, sourceSeq: index + 1 }), one.arrival);
        }
        const { series, droppedLate } = run.engine.state.contracts[0];
        assert.equal(droppedLate, 0);
        for (const [kept, lengthMs] of [1_000, MINUTE, 5 * MINUTE].entries()) {
          const ours = barRows(series[kept]).map(({ openMs, ohlc, volume }) => ({ openMs, ohlc, volume }));
          assert.deepEqual(ours, slowBars(trades, lengthMs));
        }
      }),
      { seed, numRuns: 60 },
    );
  }
});

test("buy + sell + unsigned is the volume, and one input gives one digest", () => {
  const make = () => {
    const run = engineRun([ES], { startMs: T0 });
    for (let i = 0; i < 500; i++) {
      run.send(quote(98 + (i % 5), 99 + (i % 5), T0 + i * 700));
      run.send(
        trade(96 + ((i * 7) % 11), T0 + i * 700, {
          size: 1 + (i % 4),
          aggressor: (i % 4) as 0 | 1 | 2 | 3,
          sourceSeq: i + 1,
        }),
      );
    }
    return run.engine;
  };
  const engine = make();
  for (const series of engine.state.contracts[0].series) {
    for (const row of barRows(series)) assert.ok(row.buy + row.sell <= row.volume);
  }
  assert.equal(engine.digest(), make().digest());
  engine.state.contracts[0].series[1].volume[0] += 1;
  assert.notEqual(engine.digest(), make().digest(), "one contract more is another state");
});

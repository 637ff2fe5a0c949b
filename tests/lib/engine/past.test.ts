/** Do bars that arrive later, as history or as a filled gap, give what an unbroken feed would have given? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { type BarBlock, createBarBlock } from "#lib/events/bar-block.ts";
import { AGGRESSOR, SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createTradeBlock } from "#lib/events/trade-block.ts";
import { barRows } from "#tests/support/bar-rows.ts";
import { type EngineRun, engineRun, minuteBar, quote, trade } from "#tests/support/engine-run.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
const T0 = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;

type Print = { ms: number; price: number; size: number; aggressor: 1 | 2; sourceSeq: number };

const somePrints = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 40_000 }),
      price: fc.integer({ min: 90, max: 110 }),
      size: fc.integer({ min: 1, max: 9 }),
      isBuy: fc.boolean(),
    }),
    { minLength: 3, maxLength: 150 },
  )
  .map((rows) => {
    let ms = T0;
    return rows.map(({ stepMs, price, size, isBuy }, index): Print => {
      ms += stepMs;
      return { ms, price, size, aggressor: isBuy ? AGGRESSOR.buy : AGGRESSOR.sell, sourceSeq: index + 1 };
    });
  });

function sendAll(run: EngineRun, prints: readonly Print[]): void {
  for (const { ms, price, size, aggressor, sourceSeq } of prints) {
    run.send(trade(price, ms, { size, aggressor, sourceSeq }));
  }
}

/** Everything of a bar but its revision, in every kept interval. */
function allBars(run: EngineRun): unknown {
  return run.engine.state.contracts[0].series.map((series) =>
    barRows(series).map(({ openMs, ohlc, volume, buy, sell, trades, vwapSum }) => ({
      openMs,
      ohlc,
      volume,
      buy,
      sell,
      trades,
      vwapSum,
    })),
  );
}

test("a filled gap makes the bars of an unbroken feed, in every interval", () => {
  const cuts = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
  for (const seed of testSeeds("gaps")) {
    fc.assert(
      fc.property(somePrints, cuts, (prints, [a, b]) => {
        const first = Math.floor(Math.min(a, b) * (prints.length - 1));
        const last = Math.floor(Math.max(a, b) * (prints.length - 1));
        const missed = prints.slice(first, last);
        const fromMs = missed[0]?.ms ?? T0;
        const toMs = prints[last].ms;
        const broken = engineRun([ES], { startMs: T0 });
        sendAll(broken, [...prints.slice(0, first), ...prints.slice(last)]);
        const trades = createTradeBlock(missed.length);
        for (const one of missed) {
          const at = trades.count++;
          trades.exchangeMs[at] = one.ms;
          trades.priceTicks[at] = one.price;
          trades.size[at] = one.size;
          trades.aggressor[at] = one.aggressor;
          trades.sourceSeq[at] = one.sourceSeq;
        }
        // The exact gap: from behind the last trade before it to the first trade behind it.
        const gap = { fromMs: first === 0 ? Number.NEGATIVE_INFINITY : fromMs, toMs };
        broken.send({ ...UNSTAMPED, type: "GapFilled", contract: 0, ...gap, trades, source: SOURCE.massive });
        const whole = engineRun([ES], { startMs: T0 });
        sendAll(whole, prints);
        assert.deepEqual(withoutEnds(allBars(broken)), withoutEnds(allBars(whole)));
      }),
      { seed, numRuns: 60 },
    );
  }
});

test("a gap's trades without an aggressor go by the tick rule, from their first change of price on", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(quote(399, 401, T0));
  run.send(trade(400, T0, { sourceSeq: 1 }));
  const trades = createTradeBlock(5);
  for (const [at, price] of [410, 410, 411, 411, 409].entries()) {
    trades.exchangeMs[at] = T0 + 10_000 + at;
    trades.priceTicks[at] = price;
    trades.size[at] = 1 + at;
    trades.aggressor[at] = AGGRESSOR.unknown;
    trades.sourceSeq[at] = 10 + at;
    trades.count += 1;
  }
  const gap = { fromMs: T0 + 1, toMs: T0 + 20_000 };
  run.send({ ...UNSTAMPED, type: "GapFilled", contract: 0, ...gap, trades, source: SOURCE.massive });
  const [seconds, minutes] = run.engine.state.contracts[0].series;
  const filled = seconds.openMs.indexOf(T0 + 10_000);
  // 410 ×2 unsigned; 411 ×2 bought; 409 sold.
  assert.deepEqual([seconds.volume[filled], seconds.buyVolume[filled], seconds.sellVolume[filled]], [15, 7, 5]);
  assert.equal(seconds.deltaSource[filled], DELTA_SOURCE.tick);
  assert.equal(minutes.deltaSource[0], DELTA_SOURCE.tick, "the worst of quote and tick");
});

/** A gap that begins inside a bar leaves open and close as they were; sums and extremes are what counts. */
function withoutEnds(bars: unknown): unknown {
  const rows = bars as { ohlc: number[] }[][]; // safe: made by allBars
  return rows.map((series) => series.map((row) => ({ ...row, ohlc: [row.ohlc[1], row.ohlc[2]] })));
}

function minutesOf(prints: readonly Print[]): BarBlock {
  const run = engineRun([ES], { startMs: T0 });
  sendAll(run, prints);
  const series = run.engine.state.contracts[0].series[1];
  const rows = barRows(series);
  const block = createBarBlock(rows.length);
  for (const row of rows) {
    const at = block.count++;
    block.openMs[at] = row.openMs;
    [block.openTicks[at], block.highTicks[at], block.lowTicks[at], block.closeTicks[at]] = row.ohlc;
    block.volume[at] = row.volume;
    block.buyVolume[at] = row.buy;
    block.sellVolume[at] = row.sell;
    block.trades[at] = row.trades;
    block.vwapTicks[at] = row.vwapSum / row.volume;
  }
  return block;
}

test("history in any split and order, before or after live trades, folds to the same longer bars", () => {
  for (const seed of testSeeds("history")) {
    fc.assert(
      fc.property(somePrints, fc.integer({ min: 0, max: 150 }), fc.boolean(), (prints, cut, isLate) => {
        const border = Math.floor(prints[Math.min(cut, prints.length - 1)].ms / MINUTE) * MINUTE;
        const past = prints.filter(({ ms }) => ms < border);
        const live = prints.filter(({ ms }) => ms >= border);
        const bars = minutesOf(past);
        const run = engineRun([ES], { startMs: T0 });
        if (isLate) sendAll(run, live);
        if (bars.count > 0) {
          run.send({
            ...UNSTAMPED,
            type: "HistoryLoaded",
            contract: 0,
            intervalMs: MINUTE,
            bars,
            source: SOURCE.massive,
          });
        }
        if (!isLate) sendAll(run, live);
        const whole = engineRun([ES], { startMs: T0 });
        sendAll(whole, prints);
        for (const kept of [1, 2, 3, 4, 5]) {
          const ours = barRows(run.engine.state.contracts[0].series[kept]);
          const theirs = barRows(whole.engine.state.contracts[0].series[kept]);
          assert.deepEqual(
            ours.map(({ openMs, ohlc, volume, buy, sell }) => ({ openMs, ohlc, volume, buy, sell })),
            theirs.map(({ openMs, ohlc, volume, buy, sell }) => ({ openMs, ohlc, volume, buy, sell })),
          );
        }
      }),
      { seed, numRuns: 80 },
    );
  }
});

test("history never moves the clock and makes no closed bar twice", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 500));
  const { nowMs } = run.engine.state;
  const bars = minutesOf([{ ms: T0 - 10 * MINUTE, price: 99, size: 5, aggressor: 1, sourceSeq: 1 }]);
  const event = {
    ...UNSTAMPED,
    type: "HistoryLoaded",
    contract: 0,
    intervalMs: MINUTE,
    bars,
    source: SOURCE.massive,
  } as const;
  run.send({ ...event }, T0 + 99_000);
  assert.equal(run.engine.state.nowMs, nowMs);
  run.send({ ...event }, T0 + 99_000);
  assert.equal(barRows(run.engine.state.contracts[0].series[1]).length, 2);
  assert.equal(run.engine.state.contracts[0].duplicates, 1);
});

test("own trades keep their minute: a vendor's bar of it is never summed, another one of a vendor's is an amendment", () => {
  const run = engineRun([ES], { startMs: T0 });
  run.send(trade(100, T0 + 500, { size: 3 }));
  run.send(minuteBar(T0, 200, { volume: 50 }));
  const contract = run.engine.state.contracts[0];
  assert.equal(barRows(contract.series[1])[0].volume, 3);
  assert.equal(contract.superseded, 1);
  run.send(minuteBar(T0 + MINUTE, 101, { volume: 50 }));
  run.send(minuteBar(T0 + MINUTE, 101, { volume: 50 }));
  run.send(minuteBar(T0 + MINUTE, 102, { volume: 60 }));
  const minutes = barRows(contract.series[1]);
  assert.deepEqual([minutes[1].volume, minutes[1].revision], [60, 1]);
  assert.equal(barRows(contract.series[2])[0].volume, 63, "the five minutes follow");
  run.send(trade(103, T0 + 2 * MINUTE - 100, { size: 7 }), T0 + 2 * MINUTE);
  assert.equal(barRows(contract.series[1])[1].volume, 60, "a late trade is in the vendor's bar already");
  assert.equal(barRows(contract.series[2])[0].volume, 63, "and in no longer one twice");
  assert.equal(contract.superseded, 2);
  run.send(trade(104, T0 + 2 * MINUTE + 100, { size: 7 }));
  assert.equal(barRows(contract.series[2])[0].volume, 70);
  assert.equal(barRows(contract.series[2])[0].ohlc[3], 104, "the close goes on with the newest trade");
});

/** Do real ticks make the bars that others made of them? GC against the vendor's minutes, ES against Sierra. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowAt, rowCount } from "#lib/bars/bar-series.ts";
import { AGGRESSOR } from "#lib/events/market.ts";
import { ticksFromPoints } from "#lib/units.ts";
import { csvRows } from "#tests/support/csv.ts";
import { engineRun, quote, trade } from "#tests/support/engine-run.ts";
import { sharedData } from "#tests/support/shared-data.ts";

const GC = { root: "GC", year: 2013, month: 12, tickSize: 0.1 };
const ES = { root: "ES", year: 2024, month: 3, tickSize: 0.25 };

function ticksOf(text: string, tickSize: number): number {
  const value = ticksFromPoints(Number(text), tickSize);
  assert.ok(value !== null, `${text} is off tick`);
  return value;
}

test("GC ticks make the vendor's minute bars in 4,037 of 4,040, and the three are the last minute of each UTC day", (t) => {
  const ticks = sharedData("ticks/lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz");
  const minutes = sharedData("bars/lean_gc_1m_trade.csv.gz");
  if (ticks === null || minutes === null) return t.skip("SKIP ../shared/data is missing");
  const run = engineRun([GC], { startMs: Date.parse("2013-10-07T00:00:00Z") });
  csvRows(ticks).forEach((row, index) => {
    const ms = Date.parse(row.ts_utc);
    run.send(trade(ticksOf(row.price, 0.1), ms, { size: Number(row.size), sourceSeq: index + 1 }));
  });
  const series = run.engine.state.contracts[0].series[1];
  const different: string[] = [];
  let compared = 0;
  for (const row of csvRows(minutes)) {
    if (row.contract !== "GC201312" || row.ts_utc >= "2013-10-10") continue;
    compared++;
    const at = rowAt(series, Date.parse(row.ts_utc));
    const ours =
      at < 0
        ? "none"
        : [
            series.openTicks[at],
            series.highTicks[at],
            series.lowTicks[at],
            series.closeTicks[at],
            series.volume[at],
          ].join();
    const theirs = [row.open, row.high, row.low, row.close].map((price) => ticksOf(price, 0.1)).join();
    if (ours !== `${theirs},${row.volume}`) different.push(row.ts_utc);
  }
  assert.equal(compared, 4_040);
  assert.equal(rowCount(series), 4_040);
  assert.deepEqual(different, ["2013-10-07T23:59:00.000Z", "2013-10-08T23:59:00.000Z", "2013-10-09T23:59:00.000Z"]);
});

test("the ES hour makes Sierra's twelve 5-minute bars; its first bid volume has the 44 auction lots", (t) => {
  const ticks = sharedData("ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz");
  const bars = sharedData("bars/es_5m_sierra_2014-2024.csv.gz");
  if (ticks === null || bars === null) return t.skip("SKIP ../shared/data is missing");
  const run = engineRun([ES], { startMs: Date.parse("2023-12-25T23:00:00Z") });
  const sides: Record<string, 0 | 1 | 2> = { N: AGGRESSOR.none, B: AGGRESSOR.buy, S: AGGRESSOR.sell };
  csvRows(ticks).forEach((row, index) => {
    const ms = Number(BigInt(row.ts_event_ns) / 1000n) / 1000;
    const price = ticksOf(row.price, 0.25);
    run.send(trade(price, ms, { size: Number(row.size), aggressor: sides[row.aggressor], sourceSeq: index + 1 }));
  });
  const series = run.engine.state.contracts[0].series[2];
  const day = csvRows(bars).filter((row) => row.ts_ct >= "2023-12-25T17:00:00" && row.ts_ct < "2023-12-25T18:00:00");
  assert.equal(day.length, 12);
  let bidEqual = 0;
  for (const row of day) {
    const at = rowAt(series, Date.parse(`${row.ts_ct}-06:00`));
    assert.ok(at >= 0, row.ts_ct);
    const ours = [series.openTicks[at], series.highTicks[at], series.lowTicks[at], series.closeTicks[at]];
    assert.deepEqual(
      ours,
      [row.open, row.high, row.low, row.close].map((price) => ticksOf(price, 0.25)),
      row.ts_ct,
    );
    assert.equal(series.volume[at], Number(row.volume), row.ts_ct);
    assert.equal(series.buyVolume[at], Number(row.ask_volume), row.ts_ct);
    if (series.sellVolume[at] === Number(row.bid_volume)) bidEqual++;
    else assert.equal(series.sellVolume[at] + 44, Number(row.bid_volume), "the auction lots are unsigned for us");
  }
  assert.equal(bidEqual, 11);
});

test("quote rule by the quote received before each trade is right on every signed lot of the ES hour", (t) => {
  const ticks = sharedData("ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz");
  if (ticks === null) return t.skip("SKIP ../shared/data is missing");
  const run = engineRun([ES], { startMs: Date.parse("2023-12-25T23:00:00Z") });
  csvRows(ticks).forEach((row, index) => {
    const ms = Number(BigInt(row.ts_event_ns) / 1000n) / 1000;
    run.send(quote(ticksOf(row.bid_px, 0.25), ticksOf(row.ask_px, 0.25), ms));
    run.send(trade(ticksOf(row.price, 0.25), ms, { size: Number(row.size), sourceSeq: index + 1 }));
  });
  const day = run.engine.state.contracts[0].series[5];
  assert.deepEqual([day.volume[0], day.buyVolume[0], day.sellVolume[0]], [9_892, 5_322, 4_526]);
});

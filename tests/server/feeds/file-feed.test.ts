/** Does a replay of the real files publish exactly what stands in them? Oracle: the raw text, read another way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AGGRESSOR, SOURCE } from "#lib/events/market.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, NO_PRICE } from "#lib/units.ts";
import { replayAll } from "#tests/support/replay-run.ts";
import { assertSameRows } from "#tests/support/same-rows.ts";
import { needsSharedData, readSharedCsv, readSharedText, sharedData } from "#tests/support/shared-data.ts";

const ES_TICKS = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const ES_NINJATRADER = "ticks/derived_ES_03-24.Last.txt";
const GC_TICKS = "ticks/lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz";
const SIERRA = "bars/es_5m_sierra_2014-2024.csv.gz";
const ES_QUOTES = "bars/lean_es_1m_quote.csv.gz";

const replayShared = (path: string) => replayAll(sharedData(path) ?? path);
const sum = (sizes: number[]): number => sizes.reduce((total, size) => total + size, 0);
const iso = (ms: number): string => new Date(ms).toISOString();

test(
  "publishes the ES hour: every trade with its side, and the book before it",
  needsSharedData(ES_TICKS),
  async () => {
    const { recorder, end, feed } = await replayShared(ES_TICKS);
    const rows = readSharedCsv(ES_TICKS);
    const trades = recorder.trades();
    assert.equal(trades.length, 2_973);
    const lots = (side: number): number => sum(trades.filter((t) => t.aggressor === side).map((t) => t.size));
    assert.deepEqual(
      [AGGRESSOR.buy, AGGRESSOR.sell, AGGRESSOR.none, AGGRESSOR.unknown].map(lots),
      [5_322, 4_526, 44, 0],
    );
    assert.equal(sum(trades.map((trade) => trade.size)), 9_892);
    assertSameRows(
      trades.map((trade) => [trade.priceTicks, trade.size, trade.sourceSeq]),
      rows.map((row, index) => [Number(row.price) * 4, Number(row.size), index + 1]),
    );
    for (const [index, trade] of trades.entries()) {
      const ns = rows[index].ts_event_ns;
      // Nearest double to the exact decimal number of milliseconds.
      assert.equal(trade.exchangeMs, Number(`${ns.slice(0, -6)}.${ns.slice(-6)}`), `row ${index + 1}`);
      assert.equal(trade.nowMs, trade.exchangeMs);
      assert.equal(trade.source, SOURCE.file);
    }
    assert.deepEqual(recorder.symbols, ["ESH24"]);
    assert.deepEqual(recorder.rejects, []);
    assert.equal(end.status, "ended");
    assert.equal(iso(feed.clock.nowMs()), "2023-12-26T00:00:00.250Z");
    assert.equal(feed.clock.speed(), 0);
  },
);

test("the newest quote before each trade is the book of its row", needsSharedData(ES_TICKS), async () => {
  const { recorder } = await replayShared(ES_TICKS);
  const rows = readSharedCsv(ES_TICKS);
  let book: unknown[] = [];
  let changes = 0;
  for (const event of recorder.events) {
    if (event.type === "QuoteChanged") {
      const next = [event.bidTicks / 4, event.bidSize, event.askTicks / 4, event.askSize];
      assert.notDeepEqual(next, book, `quote of row ${event.sourceSeq} says nothing new`);
      book = next;
      changes += 1;
    } else if (event.type === "TradePrinted") {
      const row = rows[event.sourceSeq - 1];
      assert.deepEqual(book, [row.bid_px, row.bid_sz, row.ask_px, row.ask_sz].map(Number), `row ${event.sourceSeq}`);
    }
  }
  assert.equal(changes, 2_727);
});

test(
  "NinjaTrader's export of the ES hour gives the same trades",
  needsSharedData(ES_TICKS, ES_NINJATRADER),
  async () => {
    const csv = (await replayShared(ES_TICKS)).recorder;
    const { recorder } = await replayShared(ES_NINJATRADER);
    assert.deepEqual(recorder.symbols, csv.symbols);
    assertSameRows(
      recorder.trades().map((trade) => [trade.priceTicks, trade.size, trade.sourceSeq]),
      csv.trades().map((trade) => [trade.priceTicks, trade.size, trade.sourceSeq]),
    );
    const apartMs = recorder
      .trades()
      .map((trade, index) => Math.abs(trade.exchangeMs - csv.trades()[index].exchangeMs));
    // NinjaTrader writes 100 ns; a double holds today's ms to 0.25 µs.
    assert.ok(Math.max(...apartMs) <= 0.0005, `at most ${Math.max(...apartMs)} ms apart`);
    assert.ok(recorder.trades().every((trade) => trade.aggressor === AGGRESSOR.unknown));
    assert.deepEqual(recorder.rejects, []);
  },
);

test("publishes the GC ticks, those of size 0 too", needsSharedData(GC_TICKS), async () => {
  const { recorder } = await replayShared(GC_TICKS);
  const trades = recorder.trades();
  assert.equal(trades.length, 156_452);
  assert.equal(trades.filter((trade) => trade.size === 0).length, 296);
  assert.deepEqual([iso(trades[0].exchangeMs), trades[0].priceTicks], ["2013-10-07T00:00:00.276Z", 13_137]);
  const last = trades[trades.length - 1];
  assert.deepEqual(
    [iso(last.exchangeMs), last.priceTicks, last.sourceSeq],
    ["2013-10-09T23:59:58.198Z", 13_031, 156_452],
  );
  const rows = readSharedText(GC_TICKS).trim().split("\n").slice(1);
  const volume = sum(rows.map((row) => Number(row.split(",")[2])));
  assert.equal(sum(trades.map((trade) => trade.size)), volume);
  assert.deepEqual(recorder.symbols, ["GCZ13"]);
  assert.ok(recorder.events.every((event, at) => at === 0 || event.nowMs >= recorder.events[at - 1].nowMs));
});

test(
  "publishes Sierra's bars at their END, from Chicago time, ask volume as bought",
  needsSharedData(SIERRA),
  async () => {
    const { recorder } = await replayShared(SIERRA);
    const bars = recorder.bars();
    assert.equal(bars.length, 699_011);
    assert.equal(recorder.symbols.length, 40);
    const christmas = bars.filter((bar) => iso(bar.openMs).startsWith("2023-12-25T23:"));
    const lines = readSharedText(SIERRA).split("\n");
    const rows = lines.filter((line) => line.includes(",2023-12-25T17:")).map((line) => line.split(",").map(Number));
    assert.equal(christmas.length, 12);
    assert.deepEqual(
      christmas.map((bar) => [bar.openTicks, bar.highTicks, bar.lowTicks, bar.closeTicks].map((ticks) => ticks / 4)),
      rows.map((row) => row.slice(2, 6)),
    );
    assert.deepEqual(
      christmas.map((bar) => [bar.volume, bar.buyVolume, bar.sellVolume, bar.trades]),
      rows.map(([, , , , , , volume, trades, bidVolume, askVolume]) => [volume, askVolume, bidVolume, trades]),
    );
    assert.ok(bars.every((bar) => bar.intervalMs === 5 * MS_PER_MINUTE && bar.nowMs === bar.openMs + bar.intervalMs));
    // In summer Chicago is five hours behind, in winter six.
    const june = bars.find((bar) => iso(bar.openMs) === "2020-06-15T13:30:00.000Z");
    const row = lines.find((line) => line.startsWith("ESM20,2020-06-15T08:30:00"));
    assert.equal(june?.volume, Number(row?.split(",")[6]));
  },
);

test(
  "merges contracts that a file lists one after the other",
  needsSharedData("bars/lean_es_1m_trade.csv.gz"),
  async () => {
    const { recorder } = await replayShared("bars/lean_es_1m_trade.csv.gz");
    const bars = recorder.bars();
    assert.equal(bars.length, 23_948);
    assert.ok(bars.every((bar, at) => at === 0 || bar.nowMs >= bars[at - 1].nowMs));
    assert.ok(bars.every((bar) => bar.intervalMs === MS_PER_MINUTE));
    const rows = readSharedCsv("bars/lean_es_1m_trade.csv.gz");
    const expected = rows
      .map((row, index) => ({
        endMs: Date.parse(row.ts_utc) + MS_PER_MINUTE,
        row: index + 1,
        volume: Number(row.volume),
      }))
      .sort((a, b) => a.endMs - b.endMs || a.row - b.row);
    assertSameRows(
      bars.map((bar) => [bar.nowMs, bar.sourceSeq, bar.volume]),
      expected.map((bar) => [bar.endMs, bar.row, bar.volume]),
    );
  },
);

test("publishes the closing quote of a bid and ask bar at its end", needsSharedData(ES_QUOTES), async () => {
  const { recorder } = await replayShared(ES_QUOTES);
  const quotes = recorder.quotes();
  assert.equal(quotes.length, 47_776);
  assert.equal(quotes.filter((quote) => quote.bidTicks === NO_PRICE).length, 1_481);
  assert.equal(quotes.filter((quote) => quote.askTicks === NO_PRICE).length, 2_751);
  assert.ok(quotes.every((quote) => quote.bidTicks !== NO_PRICE || quote.bidSize === 0));
  const rows = readSharedCsv(ES_QUOTES);
  for (const quote of quotes) {
    const row = rows[quote.sourceSeq - 1];
    assert.equal(quote.nowMs, Date.parse(row.ts_utc) + MS_PER_MINUTE);
    assert.equal(quote.askTicks, row.ask_c === "" ? NO_PRICE : Number(row.ask_c) * 4);
  }
});

test(
  "hour bars are stamped in UTC: they add up from the minute bars",
  needsSharedData("bars/lean_es_hour_trade.csv.gz"),
  async () => {
    const { recorder } = await replayShared("bars/lean_es_hour_trade.csv.gz");
    const hours = recorder.bars();
    assert.equal(hours.length, 357);
    assert.ok(hours.every((bar) => bar.intervalMs === MS_PER_HOUR));
    const minutes = new Map<string, number>();
    for (const row of readSharedCsv("bars/lean_es_1m_trade.csv.gz")) {
      const key = `${row.contract.slice(2)} ${row.ts_utc.slice(0, 13)}`;
      minutes.set(key, (minutes.get(key) ?? 0) + Number(row.volume));
    }
    const contracts = recorder.symbols.map(
      (symbol) => `20${symbol.slice(3)}${{ H: "03", M: "06", U: "09", Z: "12" }[symbol[2]]}`,
    );
    const known = hours.filter((bar) => minutes.has(`${contracts[bar.contract]} ${iso(bar.openMs).slice(0, 13)}`));
    const equal = known.filter(
      (bar) => bar.volume === minutes.get(`${contracts[bar.contract]} ${iso(bar.openMs).slice(0, 13)}`),
    );
    // In 16 hours the vendor's minutes and hours disagree by themselves.
    assert.deepEqual([known.length, equal.length], [317, 301]);
  },
);

test(
  "a daily bar belongs to the trade date that it is dated",
  needsSharedData("bars/lean_es_daily_trade.csv.gz"),
  async () => {
    const { recorder } = await replayShared("bars/lean_es_daily_trade.csv.gz");
    const bars = recorder.bars();
    const december12 = bars.filter((bar) => bar.volume === 354_874 || bar.volume === 1_113_344);
    assert.deepEqual(
      december12.map((bar) => [recorder.symbols[bar.contract], iso(bar.openMs), iso(bar.nowMs)]).sort(),
      [
        ["ESH14", "2013-12-11T23:00:00.000Z", "2013-12-12T22:15:00.000Z"],
        ["ESZ13", "2013-12-11T23:00:00.000Z", "2013-12-12T22:15:00.000Z"],
      ],
    );
    // Sundays and the Thanksgiving halt are no trade dates: each is said.
    assert.equal(bars.length + recorder.rejects.length, 203);
    assert.ok(
      recorder.rejects.every((reject) => /expected a trade date \(\d{4}-\d\d-\d\d is none\)$/.test(reject.detail)),
    );
  },
);

/** Do profile and footprint of the real ES hour say, price by price, what the raw file says? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AGGRESSOR } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { FootprintCell, PriceRow } from "#lib/wire/footprint.ts";
import { footprintView, profileView } from "#server/price-rows-view.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";
import { type OracleTrade, readEsHour } from "#tests/support/es-oracle.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const FILE = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const MINUTE = 60_000;
const OPEN_MS = Date.parse("2023-12-25T23:00:00Z");
const SIDES = { B: AGGRESSOR.buy, S: AGGRESSOR.sell, N: AGGRESSOR.none } as const;
const contracts = [
  { root: "ES", year: 2024, month: 3, tickSize: 0.25 },
  { root: "ES", year: 2024, month: 6, tickSize: 0.25 },
];

/** An engine that lives through the trades before `untilMs`; its analysis is ready before the first of them. */
function engineUntil(trades: readonly OracleTrade[], untilMs: number): EngineRun {
  const run = engineRun(contracts, { startMs: OPEN_MS - MINUTE });
  const tick = (nowMs: number): void => {
    run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
  };
  tick(OPEN_MS - MINUTE / 2);
  trades.forEach(({ ms, price, size, side }, index) => {
    if (ms < untilMs) run.send(trade(price / 0.25, ms, { size, aggressor: SIDES[side], sourceSeq: index + 1 }));
  });
  tick(untilMs);
  return run;
}

/** Bought, sold and unsigned contracts at each traded price, lowest first, by a slow sum of its own. */
function oracleRows(trades: readonly OracleTrade[]): PriceRow[] {
  const sum = (own: readonly OracleTrade[], side: string): number =>
    own.reduce((total, one) => total + (one.side === side ? one.size : 0), 0);
  return [...Map.groupBy(trades, (one) => one.price)]
    .map(([price, own]) => ({ price, buy: sum(own, "B"), sell: sum(own, "S"), unsigned: sum(own, "N") }))
    .sort((a, b) => a.price - b.price);
}

function traded(cells: readonly FootprintCell[]): PriceRow[] {
  return cells
    .map(({ price, buy, sell, unsigned }) => ({ price, buy, sell, unsigned }))
    .filter(({ buy, sell, unsigned }) => buy + sell + unsigned > 0);
}

function hour(): OracleTrade[] {
  return readEsHour(sharedData(FILE) ?? "");
}

test("the profile of the hour is the raw file's volume by price and side", needsSharedData(FILE), () => {
  const trades = hour();
  const profile = profileView(engineUntil(trades, OPEN_MS + 61 * MINUTE).engine.state, "ESH4", "session", "two-row");
  assert.ok(profile);
  const rows = oracleRows(trades);
  assert.deepEqual(profile.rows, rows);
  const volumeOf = ({ buy, sell, unsigned }: PriceRow): number => buy + sell + unsigned;
  const most = rows.toSorted((a, b) => volumeOf(b) - volumeOf(a))[0];
  assert.deepEqual([profile.poc, profile.n, profile.estimatedShare], [most.price, 9_892, 0]);
  const [val, vah] = [profile.val ?? 0, profile.vah ?? 0];
  const inside = rows.filter(({ price }) => price >= val && price <= vah).reduce((sum, row) => sum + volumeOf(row), 0);
  assert.ok(inside >= 0.7 * 9_892, `${inside} inside ${val} … ${vah}`);
});

test("a value area may grow by single rows: that of the hour, searched on the raw file", needsSharedData(FILE), () => {
  const trades = hour();
  const { state } = engineUntil(trades, OPEN_MS + 61 * MINUTE).engine;
  const profile = profileView(state, "ESH4", "session", "one-row");
  assert.ok(profile);
  const volumes = new Map(oracleRows(trades).map(({ price, buy, sell, unsigned }) => [price, buy + sell + unsigned]));
  let [low, high] = [profile.poc ?? 0, profile.poc ?? 0];
  for (let inside = volumes.get(low) ?? 0; inside < 0.7 * 9_892; ) {
    const [above, below] = [volumes.get(high + 0.25) ?? 0, volumes.get(low - 0.25) ?? 0];
    assert.notEqual(above, below, "a tie is decided elsewhere");
    if (above > below) high += 0.25;
    else low -= 0.25;
    inside += Math.max(above, below);
  }
  assert.deepEqual([profile.valueArea, profile.val, profile.vah], ["one-row", low, high]);
  const pairs = profileView(state, "ESH4", "session", "two-row");
  assert.notDeepEqual([pairs?.val, pairs?.vah], [low, high], "pairs give another one here");
});

test(
  "a range holds the volume of its closed bars, each within the prices that it traded",
  needsSharedData(FILE),
  () => {
    const trades = hour();
    const { state } = engineUntil(trades, OPEN_MS + 61 * MINUTE).engine;
    const range = { fromMs: OPEN_MS + 7 * MINUTE, toMs: OPEN_MS + 23 * MINUTE };
    const own = trades.filter(({ ms }) => ms >= range.fromMs && ms < range.toMs);
    const profile = profileView(state, "ESH4", range, "two-row");
    assert.ok(profile);
    const volume = (side: string): number => own.reduce((sum, one) => sum + (one.side === side ? one.size : 0), 0);
    const sums = { buy: 0, sell: 0, unsigned: 0 };
    for (const row of profile.rows) for (const side of ["buy", "sell", "unsigned"] as const) sums[side] += row[side];
    assert.deepEqual(sums, { buy: volume("B"), sell: volume("S"), unsigned: volume("N") });
    const prices = own.map(({ price }) => price);
    assert.deepEqual([profile.rows[0].price, profile.rows.at(-1)?.price], [Math.min(...prices), Math.max(...prices)]);
    assert.deepEqual(
      [profile.span, profile.range, profile.n],
      ["range", range, own.reduce((n, { size }) => n + size, 0)],
    );
    assert.ok(profile.estimatedShare < 0.5, `${profile.estimatedShare} is spread: seconds reach back so far`);
    assert.equal(profile.asOfMs, Math.floor(own[own.length - 1].ms / 1_000) * 1_000 + 1_000);
    const none = profileView(state, "ESH4", { fromMs: OPEN_MS - 9 * MINUTE, toMs: OPEN_MS }, "two-row");
    assert.deepEqual([none?.rows, none?.whyNull], [[], "no bar has closed in this range"]);
  },
);

test(
  "each footprint holds its bar's trades, with 3:1 diagonals marked from 50 contracts on",
  needsSharedData(FILE),
  () => {
    const trades = hour();
    const { state } = engineUntil(trades, OPEN_MS + 61 * MINUTE).engine;
    for (const [interval, lengthMs, count] of [
      ["1m", MINUTE, 40],
      ["5m", 5 * MINUTE, 12],
    ] as const) {
      const answer = footprintView(state, "ESH4", interval);
      assert.ok(answer);
      assert.deepEqual([answer.bars.length, answer.unseenBars, answer.source], [count, 0, "aggressor"], interval);
      for (const { openMs, endMs, cells, delta, volume } of answer.bars) {
        const own = trades.filter(({ ms }) => ms >= openMs && ms < openMs + lengthMs);
        assert.equal(endMs, openMs + lengthMs);
        assert.deepEqual(traded(cells), oracleRows(own), `${interval} of ${new Date(openMs).toISOString()}`);
        assert.equal(
          volume,
          own.reduce((sum, { size }) => sum + size, 0),
        );
        assert.equal(
          delta,
          own.reduce((sum, { size, side }) => sum + (side === "B" ? size : side === "S" ? -size : 0), 0),
        );
        cells.forEach(({ imbalance, buy, sell }, at) => {
          const isBuy = at > 0 && buy >= 50 && buy >= 3 * cells[at - 1].sell;
          const isSell = at < cells.length - 1 && sell >= 50 && sell >= 3 * cells[at + 1].buy;
          assert.equal(imbalance, isBuy && isSell ? "both" : isBuy ? "buy" : isSell ? "sell" : null);
        });
      }
      assert.ok(
        answer.bars.some(({ cells }) => cells.some(({ imbalance }) => imbalance !== null)),
        "some are marked",
      );
    }
  },
);

test("the forming bar is the trades so far, and says that it forms", needsSharedData(FILE), () => {
  const trades = hour();
  const untilMs = OPEN_MS + 23 * MINUTE + 40_000;
  const { state } = engineUntil(trades, untilMs).engine;
  for (const [interval, openMs] of [
    ["1m", OPEN_MS + 23 * MINUTE],
    ["5m", OPEN_MS + 20 * MINUTE],
  ] as const) {
    const forming = footprintView(state, "ESH4", interval)?.bars.at(-1);
    assert.ok(forming);
    assert.deepEqual([forming.openMs, forming.isForming], [openMs, true]);
    assert.deepEqual(traded(forming.cells), oracleRows(trades.filter(({ ms }) => ms >= openMs && ms < untilMs)));
  }
});

test("what is not there says why: no closed date, RTH not open, another month, another run's contract", () => {
  const { state } = engineUntil([], OPEN_MS).engine;
  assert.equal(profileView(state, "CLF7", "session", "two-row"), null);
  assert.equal(footprintView(state, "CLF7", "1m"), null);
  assert.equal(
    profileView(state, "ESM4", "session", "two-row")?.whyNull,
    "only the front contract of each root is analysed",
  );
  assert.equal(footprintView(state, "ESM4", "5m")?.whyNull, "only the front contract of each root is analysed");
  assert.equal(profileView(state, "ESH4", "composite", "two-row")?.whyNull, "no trade date has closed yet");
  assert.equal(profileView(state, "ESH24", "rth", "two-row")?.whyNull, "nothing has traded in RTH yet");
  assert.match(footprintView(state, "ESH4", "5m")?.whyNull ?? "", /needs every trade/);
});

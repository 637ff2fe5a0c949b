/** Do the market's own rules hold where the incumbent broke them: front contract, one series each, clock, calendar? */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { contractLabel, contractLongSymbol } from "#lib/contract.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { formatClock } from "#lib/format.ts";
import { decideFront } from "#lib/front-contract.ts";
import { phaseAt } from "#lib/phase.ts";
import { tradeDateAt } from "#lib/session.ts";
import { barRows } from "#tests/support/bar-rows.ts";
import { engineRun, minuteBar, trade } from "#tests/support/engine-run.ts";

const DECEMBER = { root: "ES", year: 2026, month: 12 };
const MARCH = { root: "ES", year: 2027, month: 3 };
const CONTRACTS = [DECEMBER, MARCH].map((contract) => ({ ...contract, tickSize: 0.25 }));
/** Tuesday 2026-11-17 10:00 CT, in RTH. */
const T0 = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;
const SECONDS = 0;
const MINUTES = 1;

test("I-20 the front contract is the one that trades most, not the nearest expiry, and its month is shown", () => {
  const completed = tradeDateAt("equity", Date.parse("2026-12-10T18:00:00Z"));
  const decide = (december: number, march: number) =>
    decideFront({
      root: "ES",
      front: DECEMBER,
      completed,
      pin: null,
      volumes: [
        { contract: DECEMBER, volume: december },
        { contract: MARCH, volume: march },
      ],
    });
  assert.deepEqual(decide(1_000, 999).contract, DECEMBER);
  assert.deepEqual(decide(1_000, 1_001), { contract: MARCH, reason: "outTraded" });
  assert.deepEqual([contractLabel(MARCH), contractLongSymbol(MARCH)], ["ES H7", "ESH27"]);
});

test("I-33 two expiries of a root never share a series", () => {
  const run = engineRun(CONTRACTS, { startMs: T0 });
  run.send(trade(100, T0 + 1_000));
  run.send(trade(900, T0 + 2_000, { contract: 1 }));
  run.send(trade(101, T0 + 3_000));
  const [december, march] = run.engine.state.contracts.map(({ series }) => barRows(series[MINUTES])[0].ohlc);
  assert.deepEqual(december, [100, 101, 100, 101]);
  assert.deepEqual(march, [900, 900, 900, 900]);
});

test("I-34 the stream's trades and the history's bars are one series", () => {
  const run = engineRun(CONTRACTS, { startMs: T0 });
  const bars = createBarBlock(1);
  Object.assign(bars, { count: 1 });
  bars.openMs[0] = T0 - MINUTE;
  for (const column of [bars.openTicks, bars.highTicks, bars.lowTicks, bars.closeTicks]) column[0] = 99;
  bars.volume[0] = 7;
  run.send(trade(100, T0 + 1_000));
  run.send({
    ...UNSTAMPED,
    nowMs: T0,
    type: "HistoryLoaded",
    contract: 0,
    intervalMs: MINUTE,
    bars,
    source: SOURCE.file,
  });
  run.send(trade(103, T0 + 2_000));
  assert.deepEqual(
    barRows(run.engine.state.contracts[0].series[MINUTES]).map(({ openMs, ohlc }) => [openMs, ohlc[3]]),
    [
      [T0 - MINUTE, 99],
      [T0, 103],
    ],
  );
});

test("I-36 second bars are a series of their own: a minute has one bar, not sixty", () => {
  const run = engineRun(CONTRACTS, { startMs: T0 });
  for (let second = 0; second < 60; second += 1) {
    run.send(minuteBar(T0 + second * 1_000, 100 + second, { intervalMs: 1_000, nowMs: T0 + (second + 1) * 1_000 }));
  }
  run.send(trade(200, T0 + MINUTE));
  const { series } = run.engine.state.contracts[0];
  assert.equal(series[MINUTES].length, 1);
  assert.deepEqual(barRows(series[MINUTES])[0].ohlc, [100, 159, 100, 159]);
  assert.equal(series[SECONDS].length, 60);
});

test("I-47 the clock is New York's in winter and summer, and nothing is open on a weekend or holiday", () => {
  assert.equal(formatClock("America/New_York", Date.parse("2026-07-14T13:30:00Z")), "09:30:00");
  assert.equal(formatClock("America/New_York", Date.parse("2026-11-17T14:30:00Z")), "09:30:00");
  const at = (iso: string): string => phaseAt("ES", Date.parse(iso));
  assert.deepEqual([at("2026-07-14T13:30:00Z"), at("2026-11-17T14:30:00Z")], ["open", "open"]);
  // Saturday, Sunday noon, Christmas, Good Friday, and the daily break.
  for (const iso of ["2026-11-21T15:00:00Z", "2026-11-22T17:00:00Z", "2026-12-25T15:00:00Z", "2026-04-03T15:00:00Z"]) {
    assert.equal(at(iso), "closed", iso);
  }
  assert.equal(at("2026-11-17T22:30:00Z"), "closed");
});

const ROOT = path.resolve(import.meta.dirname, "../..");
const CALCULATION =
  /^\s*import (?!type\b)(?:[^;]*?)from "#lib\/(analysis|indicators|advice|risk|math|engine)\/[^"]+";/gm;

/** Imports of a page's source that would bring a calculation into the browser; types alone are none. */
function calculationsIn(text: string): string[] {
  return [...text.matchAll(CALCULATION)]
    .map(([line]) => line)
    .filter((line) => !/^\s*import \{(?:\s*type [^,}]+,?)+\s*\} from/.test(line));
}

test("I-46 the screen computes nothing of its own: no page takes an analysis but for its types", () => {
  const sources = ["components", "app"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => path.join(ROOT, folder, name)),
  );
  assert.ok(sources.length > 30 && sources.every((name) => existsSync(name)), `${sources.length} sources`);
  for (const name of sources) assert.deepEqual(calculationsIn(readFileSync(name, "utf8")), [], name);
  assert.equal(calculationsIn('import { waveOf } from "#lib/analysis/wave.ts";').length, 1);
  assert.equal(calculationsIn('import { type Wave, waveOf } from "#lib/analysis/wave.ts";').length, 1);
  assert.equal(calculationsIn('import { type Wave } from "#lib/analysis/wave.ts";').length, 0);
  assert.equal(calculationsIn('import type { Wave } from "#lib/analysis/wave.ts";').length, 0);
});

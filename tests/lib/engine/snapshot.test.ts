/** Does the engine go on from a snapshot as if nothing had been, and does its digest see every changed row? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { BAR_COLUMNS, type BarSeries } from "#lib/bars/bar-series.ts";
import { decodeRows, encodeRows } from "#lib/bars/row-bytes.ts";
import { type AnalysisParts, partsOf } from "#lib/engine/analysis/analysis-parts.ts";
import { digestOf } from "#lib/engine/digest.ts";
import { createEngine } from "#lib/engine/engine.ts";
import { restOf, restoreState, type StateRest } from "#lib/engine/snapshot.ts";
import type { EngineState } from "#lib/engine/state.ts";
import { createOutputs } from "#lib/outputs/output.ts";
import { type EngineRun, engineRun } from "#tests/support/engine-run.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { RANDOM_CONTRACTS, RANDOM_START_MS, randomEvents, randomLiveEvents } from "#tests/support/random-market.ts";

/** Every history and every gap makes two contracts' analyses begin anew, slice by slice: some 100,000 bars a run. */
const EVENTS = 300;
const RUNS = 8;

function begun(): EngineRun {
  return engineRun(RANDOM_CONTRACTS, { startMs: RANDOM_START_MS });
}

/** The stored rows by contract and interval, kept the way the column files keep them. */
function storeRows(stored: Map<string, Uint8Array[]>, state: EngineState): void {
  state.contracts.forEach((contract, index) => {
    contract.series.forEach((series, kept) => {
      const key = `${index} ${kept}`;
      const rows = (stored.get(key) ?? []).slice(0, series.storedRows);
      for (let row = rows.length; row < series.length - 4; row++) rows.push(encodeRows(series, row, row + 1));
      stored.set(key, rows);
      series.storedRows = rows.length;
    });
  });
}

function fillFrom(stored: Map<string, Uint8Array[]>, contract: number, kept: number, series: BarSeries): void {
  const rows = stored.get(`${contract} ${kept}`) ?? [];
  assert.ok(series.storedRows <= rows.length);
  for (let row = 0; row < series.storedRows; row++) {
    decodeRows(series, row, { bytes: rows[row], rows: 1, from: 0, to: 1 });
  }
}

function apart(analysis: EngineState["analyses"][number]): Omit<AnalysisParts, "trades"> | null {
  if (analysis === null) return null;
  const { closed, published } = partsOf(analysis);
  return { closed, published };
}

test("restored at any moment it says and becomes the same as an unbroken run", (t) => {
  const property = fc.property(fc.integer(), fc.integer({ min: 1, max: EVENTS - 1 }), (seed, cut) => {
    const unbroken = begun();
    const stored = new Map<string, Uint8Array[]>();
    const events = randomEvents(seed, EVENTS);
    events.forEach((event, at) => {
      if (at < cut) unbroken.send(event);
      if (at % 97 === 0 && at < cut) storeRows(stored, unbroken.engine.state);
    });
    // Safe: serialize gives back what restOf made.
    const rest = deserialize(serialize(restOf(unbroken.engine.state))) as StateRest;
    const parts = deserialize(serialize(unbroken.engine.state.analyses.map(apart))) as ReturnType<typeof apart>[];
    const restored = createEngine();
    restoreState(restored.state, rest, {
      rows: (...place) => fillFrom(stored, ...place),
      analysis: (contract) => parts[contract] ?? assert.fail(`contract ${contract}`),
    });
    assert.equal(restored.digest(), unbroken.engine.digest());
    unbroken.said();
    const outputs = createOutputs(64);
    for (const event of events.slice(cut)) {
      unbroken.send(event);
      restored.process(event, outputs);
    }
    assert.deepEqual(outputs.list, unbroken.said());
    assert.equal(restored.digest(), unbroken.engine.digest());
    assert.deepEqual(digestOf(restored.state), restored.digest());
  });
  checkTwice(property, { runs: RUNS, print: (line) => t.diagnostic(line) });
});

test("the remembered digest is that of all rows, whenever it is asked for", (t) => {
  const looks = fc.array(fc.integer({ min: 1, max: 400 }));
  const property = fc.property(fc.integer(), looks, fc.boolean(), (seed, looks, isLive) => {
    const run = begun();
    const events = isLive ? randomLiveEvents(seed, 3 * EVENTS) : randomEvents(seed, EVENTS);
    events.forEach((event, at) => {
      run.send(event);
      if (looks.includes(at)) run.engine.digestAhead(300);
      if (looks.includes(at * 2)) assert.equal(run.engine.digest(), digestOf(run.engine.state));
    });
    assert.equal(run.engine.digest(), digestOf(run.engine.state));
  });
  checkTwice(property, { runs: RUNS, print: (line) => t.diagnostic(line) });
});

test("one bit of one old row changes the digest, once the change was noted", () => {
  const run = begun();
  for (const event of randomEvents(7, 4_000)) run.send(event);
  const { engine } = run;
  const before = engine.digest();
  const series = engine.state.contracts[0].series[1];
  assert.ok(series.hashedRows > 0);
  series.trades[3] ^= 1;
  assert.notEqual(digestOf(engine.state), before);
  series.hashedRows = 0;
  assert.notEqual(engine.digest(), before);
  series.trades[3] ^= 1;
  series.hashedRows = 0;
  assert.equal(engine.digest(), before);
});

test("every column of the newest rows is in the digest; every NaN is the same, and −0 is 0", () => {
  const run = begun();
  for (const event of randomEvents(7, 4_000)) run.send(event);
  const { engine } = run;
  const series = engine.state.contracts[0].series[1];
  const newest = series.length - 1;
  for (const name of BAR_COLUMNS) {
    const column = series[name];
    const was = column[newest];
    const before = engine.digest();
    column[newest] = was + 1;
    assert.notEqual(engine.digest(), before, name);
    column[newest] = was;
    assert.equal(engine.digest(), before, name);
  }
  const digestWith = (vwapSum: number): string => {
    series.vwapSum[newest] = vwapSum;
    return engine.digest();
  };
  const otherNan = new Float64Array(new Uint32Array([1, 0xfff80000]).buffer)[0];
  assert.equal(digestWith(otherNan), digestWith(Number.NaN));
  assert.equal(digestWith(-0), digestWith(0));
  assert.notEqual(digestWith(Number.NaN), digestWith(0));
});

test("few rows and many are written alike: columns one behind the other", () => {
  const run = begun();
  for (const event of randomEvents(7, 4_000)) run.send(event);
  const series = run.engine.state.contracts[0].series[1];
  series.vwapSum[2] = Number.NaN;
  series.revision[1] = 0x102;
  for (const rows of [0, 1, 3, 15, 16, 40]) {
    const columns = BAR_COLUMNS.map((name) => series[name].slice(0, rows));
    const expected = Buffer.concat(columns.map(({ buffer }) => new Uint8Array(buffer)));
    assert.deepEqual(Buffer.from(encodeRows(series, 0, rows)).subarray(0, expected.length), expected, `${rows} rows`);
  }
});

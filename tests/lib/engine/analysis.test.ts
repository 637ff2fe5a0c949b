/** Is an analysis the same live, rebuilt from history and recovered, and does what was published stay? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { createAnalysisScratch } from "#lib/engine/analysis/analyse.ts";
import { provisionalInsight } from "#lib/engine/analysis/provisional.ts";
import { digestOf } from "#lib/engine/digest.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { SOURCE } from "#lib/events/market.ts";
import type { EngineSettings } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { isTradeDate, sessionOpenMs } from "#lib/session.ts";
import { MS_PER_DAY, tradeDate } from "#lib/units.ts";
import { analysisOf, ES, liveRun, MINUTE, OPEN_MS, someTrades, tick } from "#tests/support/analysed-run.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";
import { testSeeds } from "#tests/support/seeds.ts";

/** Sends the closed minute bars of one run to another as history, and lets its analysis take them in. */
function rebuiltRun(live: EngineRun, nowMs: number): EngineRun {
  const minutes = live.engine.state.contracts[0].series[1];
  const run = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  const bars = createBarBlock(minutes.length);
  for (; bars.count < minutes.length; bars.count += 1) {
    const row = bars.count;
    for (const column of ["openMs", "openTicks", "highTicks", "lowTicks", "closeTicks"] as const) {
      bars[column][row] = minutes[column][row];
    }
    for (const column of ["volume", "buyVolume", "sellVolume", "trades"] as const) {
      bars[column][row] = minutes[column][row];
    }
    bars.vwapTicks[row] = minutes.vwapSum[row] / minutes.volume[row];
  }
  const history = { type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.massive } as const;
  run.send({ ...UNSTAMPED, ...history });
  for (let slice = 1; slice < 500 && run.engine.state.nextSliceMs < Number.POSITIVE_INFINITY; slice += 1) {
    tick(run, nowMs + slice * 10);
    assert.equal(run.engine.digest(), digestOf(run.engine.state), "what is remembered of it follows each slice");
  }
  return run;
}

test("an analysis rebuilt from minute bars says what the live one said", () => {
  for (const seed of testSeeds("rebuilt")) {
    const live = liveRun(someTrades(seed, 900));
    const lastMs = OPEN_MS + 900 * MINUTE + 1_000;
    tick(live, lastMs);
    const rebuilt = rebuiltRun(live, lastMs);
    const [one, other] = [analysisOf(live), analysisOf(rebuilt)];
    assert.equal(other.status, "ready");
    assert.ok(one.bars > 1_000, `${one.bars} bars were taken`);
    assert.equal(other.bars, one.bars);
    for (const part of ["volatility", "wave", "regime", "ict", "relativeVolume", "pivots", "tpo"] as const) {
      assert.deepEqual(other.published?.[part], one.published?.[part], part);
    }
  }
});

test("cut at any trade, what was published up to there is the same", () => {
  const trades = someTrades(7, 200);
  const published: unknown[] = [];
  const whole = liveRun([]);
  for (const one of trades) {
    whole.send({ ...one });
    published.push(analysisOf(whole).published);
  }
  for (const cut of [1, 37, 180, 333, 599]) {
    assert.deepEqual(analysisOf(liveRun(trades.slice(0, cut))).published, published[cut - 1], `cut at ${cut}`);
  }
});

test("a late trade changes bars and profile, never what was published", () => {
  const run = liveRun(someTrades(3, 30));
  const atMs = OPEN_MS + 30 * MINUTE;
  run.send(trade(24_100, atMs + 500, { sourceSeq: 1_000 }));
  const before = JSON.stringify(analysisOf(run).published);
  const volume = analysisOf(run).profile.session.rows.volume;
  const digest = run.engine.digest();
  run.send(trade(24_000, atMs - 400, { sourceSeq: 1_001, nowMs: atMs + 600, size: 7 }));
  assert.equal(JSON.stringify(analysisOf(run).published), before);
  assert.equal(analysisOf(run).profile.session.rows.volume, volume + 7);
  assert.notEqual(run.engine.digest(), digest);
  assert.equal(run.engine.digest(), digestOf(run.engine.state), "what is remembered of it follows late trades");
});

test("the trade that closes a minute is no part of the minute's rows", () => {
  const run = liveRun([
    trade(24_000, OPEN_MS + 1_000, { size: 5, sourceSeq: 1 }),
    trade(24_010, OPEN_MS + MINUTE + 1, { size: 3, sourceSeq: 2 }),
  ]);
  const { session } = analysisOf(run).profile;
  assert.deepEqual([session.rows.volume, session.rows.highTicks], [5, 24_000]);
  assert.equal(analysisOf(run).minute.volume, 3);
});

test("traded volume and the profile's volume are one, to the contract", () => {
  const trades = someTrades(11, 120);
  const run = liveRun(trades);
  tick(run, OPEN_MS + 121 * MINUTE);
  const traded = trades.reduce((sum, one) => sum + one.size, 0);
  assert.equal(analysisOf(run).profile.session.rows.volume, traded);
});

test("what warms up says its age, its sample size and why", () => {
  const run = liveRun(someTrades(29, 6));
  tick(run, OPEN_MS + 7 * MINUTE);
  const published = analysisOf(run).published;
  assert.ok(published);
  const { profiles, tpo, vwap, pivots, orderFlow } = published;
  const { rth: cvd, divergences, large } = orderFlow;
  const parts = { profile: profiles.rth, tpo: tpo.rth, opening: tpo.opening, vwap: vwap.rth, pivots, cvd, large };
  for (const [name, part] of Object.entries({ ...parts, divergences })) {
    assert.equal(part.status, "warming", name);
    const ageMs = published.asOfMs - part.atMs;
    assert.ok(ageMs >= 0 && ageMs <= 5 * MINUTE, `${name} is ${ageMs} ms old`);
    assert.deepEqual([part.n, part.reasons.length], [0, 1], name);
  }
  const { composite } = profiles;
  assert.deepEqual([composite.status, composite.reasons], ["warming", ["no trade date has closed yet"]]);
});

test("what forms is said apart and leaves the state as it was", () => {
  const run = liveRun(someTrades(5, 400));
  const before = digestOf(run.engine.state);
  const provisional = provisionalInsight(run.engine.state, createAnalysisScratch(), 0);
  const published = analysisOf(run).published;
  assert.ok(provisional && published);
  assert.equal(digestOf(run.engine.state), before);
  assert.equal(published.asOfMs, OPEN_MS + 399 * MINUTE);
  assert.equal(provisional.asOfMs, OPEN_MS + 400 * MINUTE, "the forming minute's end, not that of its trade date");
  assert.equal(provisional.focus.atMs, provisional.asOfMs);
  assert.deepEqual(provisional.relativeVolume, published.relativeVolume, "it compares whole five minutes alone");
  assert.match(published.rthPivots.reasons.join(), /RTH/);
});

test("a copy of the state goes on as the state itself", () => {
  const trades = someTrades(13, 300);
  const run = liveRun(trades.slice(0, 500));
  const other = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  Object.assign(other.engine.state, deserialize(serialize(run.engine.state)));
  for (const one of trades.slice(500)) {
    run.send({ ...one });
    other.send({ ...one });
  }
  assert.deepEqual(analysisOf(other).published, analysisOf(run).published);
});

test("new settings begin every analysis anew, the same ones change nothing", () => {
  const run = liveRun(someTrades(17, 300));
  const settings: EngineSettings = { interval: "1m", lookbackDates: 5, accountSizeUsd: 50_000 };
  const apply = () => run.send({ ...UNSTAMPED, type: "SettingsApplied", settings: { ...settings } });
  assert.deepEqual(apply(), { status: "accepted" });
  assert.equal(analysisOf(run).status, "building");
  for (let slice = 1; slice < 9; slice += 1) tick(run, OPEN_MS + 300 * MINUTE + slice * 10);
  assert.equal(analysisOf(run).published?.interval, "1m");
  assert.equal(analysisOf(run).published?.wave.status, "ready");
  assert.deepEqual(apply(), { status: "unchanged" });
});

test("history behind what was taken begins the analysis anew, and what was published stays meanwhile", () => {
  const run = liveRun(someTrades(19, 60));
  const published = analysisOf(run).published;
  const bars = createBarBlock(1);
  bars.count = 1;
  bars.openMs[0] = OPEN_MS - 26 * 60 * MINUTE;
  for (const column of ["openTicks", "highTicks", "lowTicks", "closeTicks"] as const) bars[column][0] = 24_000;
  bars.volume[0] = 10;
  run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.massive });
  assert.equal(analysisOf(run).status, "building");
  assert.deepEqual(analysisOf(run).published, published);
});

test("a feed whose time flies gets no more slices than real time has room for", () => {
  const run = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  const bars = createBarBlock(2_000);
  for (; bars.count < 2_000; bars.count += 1) {
    bars.openMs[bars.count] = OPEN_MS - (3_000 - bars.count) * MINUTE;
    for (const column of ["openTicks", "highTicks", "lowTicks", "closeTicks"] as const)
      bars[column][bars.count] = 24_000;
    bars.volume[bars.count] = 1;
  }
  run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.massive });
  const { state } = run.engine;
  let seq = state.seq;
  const takenAt = (nowMs: number, receivedMs: number): number => {
    seq += 1;
    run.engine.process(
      { type: "DeadlineReached", clock: "feed", deadlineMs: nowMs, seq, nowMs, receivedMs },
      run.outputs,
    );
    return analysisOf(run).bars;
  };
  const wallMs = state.receivedMs;
  const first = takenAt(OPEN_MS + 1_000, wallMs);
  assert.ok(first > 0);
  for (let step = 2; step < 50; step += 1) assert.equal(takenAt(OPEN_MS + step * 1_000, wallMs + 9), first);
  assert.ok(takenAt(OPEN_MS + 51_000, wallMs + 10) > first);
});

test("a root's usual volume is that of its busiest contract on each date, also where that history comes last", () => {
  const run = engineRun([ES, { ...ES, year: 2027, month: 3 }], { startMs: OPEN_MS - MINUTE });
  const dayMs = 24 * 60 * MINUTE;
  /** Nine dates of one bar every five minutes of an hour, so much volume each. */
  const send = (contract: number, volume: number): void => {
    const bars = createBarBlock(9 * 12);
    for (let date = 9; date > 0; date -= 1) {
      for (let bar = 0; bar < 12; bar += 1) {
        bars.openMs[bars.count] = OPEN_MS - date * dayMs + bar * 5 * MINUTE;
        for (const column of ["openTicks", "highTicks", "lowTicks", "closeTicks"] as const)
          bars[column][bars.count] = 1;
        bars.volume[bars.count] = volume;
        bars.count += 1;
      }
    }
    const source = SOURCE.massive;
    run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract, intervalMs: 5 * MINUTE, bars, source });
  };
  run.send({ ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol: "ESH27" });
  send(1, 10);
  for (let slice = 0; slice < 9; slice += 1) tick(run, OPEN_MS - MINUTE + 1_000 + slice * 10);
  send(0, 1_000);
  const traded = [1, 2, 3].map((at) =>
    trade(24_000, OPEN_MS + at * 100_000, { contract: 1, sourceSeq: at, size: 300 }),
  );
  for (const one of traded) run.send(one);
  tick(run, OPEN_MS + 6 * MINUTE);
  const volume = run.engine.state.analyses[1]?.published?.relativeVolume;
  assert.ok(volume?.status === "ready", volume?.reasons.join());
  assert.deepEqual([volume.usualVolume, volume.ratio], [1_000, 0.6]);
});

test("a replay that begins with a trade has its first minute whole", () => {
  const run = engineRun([ES], { startMs: 0 });
  for (const one of someTrades(23, 3)) run.send({ ...one });
  tick(run, OPEN_MS + 4 * MINUTE);
  const { rows } = analysisOf(run).profile.session;
  assert.ok(rows.volume > 0);
  assert.equal(rows.estimatedVolume, 0);
});

test("sessions that came as bars of 1d alone give the levels of the month before, live and rebuilt", () => {
  // From the last days of September on; Chicago goes over to winter time meanwhile.
  const first = Date.parse("2026-09-28") / MS_PER_DAY;
  const dates = Array.from({ length: 44 }, (_, ahead) => tradeDate(first + ahead)).filter((date) =>
    isTradeDate("equity", date),
  );
  const bars = createBarBlock(dates.length);
  for (const date of dates) {
    const row = bars.count;
    bars.openMs[row] = sessionOpenMs("equity", date);
    for (const column of ["openTicks", "lowTicks", "closeTicks"] as const) bars[column][row] = 24_000 - row;
    bars.highTicks[row] = 24_500 + (row % 7);
    bars.volume[row] = 10;
    bars.count += 1;
  }
  const run = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  const history = { type: "HistoryLoaded", contract: 0, intervalMs: 24 * 60 * MINUTE, source: SOURCE.massive } as const;
  run.send({ ...UNSTAMPED, ...history, bars });
  for (let slice = 1; slice < 4; slice += 1) tick(run, OPEN_MS - MINUTE + slice * 10);
  for (const one of someTrades(29, 5)) run.send({ ...one });
  tick(run, OPEN_MS + 6 * MINUTE);
  const october = dates.flatMap((date, row) => (isOctober(date) ? [row] : []));
  assert.equal(october.length, 22);
  const monthOf = () => {
    const board = analysisOf(run).published?.levels;
    const prices = (["high", "low", "close"] as const).map(
      (part) => board?.levels.find(({ kind }) => kind === `priorMonth.${part}`)?.priceTicks,
    );
    return { prices, missing: board?.missing.map(({ hours, have, need }) => [hours, have, need]) };
  };
  const lastClose = 24_000 - Math.max(...october);
  const expected = { prices: [24_506, lastClose, lastClose], missing: [["rth", 0, 22]] };
  assert.deepEqual(monthOf(), expected);
  run.send({ ...UNSTAMPED, type: "AnalysisRebuilt", contracts: [0] });
  for (let slice = 1; slice < 4; slice += 1) tick(run, run.engine.state.nowMs + 10);
  assert.deepEqual(monthOf(), expected);
});

function isOctober(date: number): boolean {
  return new Date(date * MS_PER_DAY).toISOString().startsWith("2026-10");
}

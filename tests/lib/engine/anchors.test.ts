/** Do the user's anchors say what traded since, the same live, rebuilt and restored, and are bad ones refused? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { AGGRESSOR, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { ANCHORS_MAX } from "#lib/limits.ts";
import type { Anchored } from "#lib/outputs/insight.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import { analysisOf, ES, liveRun, MINUTE, OPEN_MS, someTrades, tick } from "#tests/support/analysed-run.ts";
import { type EngineRun, engineRun, minuteBar, trade } from "#tests/support/engine-run.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const minute = (at: number): number => OPEN_MS + at * MINUTE;

function place(run: EngineRun, atMs: number, contract = 0, nowMs?: number): Outcome {
  return run.send({ ...UNSTAMPED, type: "AnchorPlaced", contract, atMs }, nowMs);
}

function remove(run: EngineRun, atMs: number | null): Outcome {
  return run.send({ ...UNSTAMPED, type: "AnchorRemoved", contract: 0, atMs });
}

function sendAll(run: EngineRun, trades: readonly TradePrinted[]): void {
  for (const one of trades) run.send({ ...one });
}

function anchoredOf(run: EngineRun): Anchored[] {
  const { published } = analysisOf(run);
  assert.ok(published);
  return published.anchored;
}

/** Straight from the trades of [fromMs, toMs): no bars, no rows. */
function summed(trades: readonly TradePrinted[], fromMs: number, toMs: number) {
  const inside = trades.filter(({ exchangeMs }) => exchangeMs >= fromMs && exchangeMs < toMs);
  const n = inside.reduce((sum, { size }) => sum + size, 0);
  const vwapTicks = inside.reduce((sum, { size, priceTicks }) => sum + size * priceTicks, 0) / n;
  const cvd = inside.reduce((sum, { size, aggressor }) => sum + (aggressor === AGGRESSOR.buy ? size : -size), 0);
  return { n, vwapTicks, cvd };
}

function assertSays(one: Anchored, expected: { n: number; vwapTicks: number; cvd: number }): void {
  assert.ok(one.vwap.status === "ready" && one.cvd.status === "ready", JSON.stringify(one));
  assert.deepEqual(
    [one.vwap.n, one.cvd.volume, one.cvd.cvd, one.cvd.source],
    [expected.n, expected.n, expected.cvd, "aggressor"],
  );
  assert.ok(Math.abs(one.vwap.vwapTicks - expected.vwapTicks) < 1e-6, `${one.vwap.vwapTicks} ${expected.vwapTicks}`);
}

const isBefore = ({ exchangeMs }: TradePrinted): boolean => exchangeMs < minute(121);

test("an anchor says at once what has traded since, and goes on with each closed minute", () => {
  for (const seed of testSeeds("anchors")) {
    const trades = someTrades(seed, 200);
    const [early, late] = [trades.filter(isBefore), trades.filter((one) => !isBefore(one))];
    const run = liveRun(early);
    assert.equal(analysisOf(run).published?.asOfMs, minute(120));
    // A click within minute 30; its own event is what closes minute 120.
    assert.deepEqual(place(run, minute(30) + 27_000, 0, minute(121) + 400), { status: "accepted" });
    const [first] = anchoredOf(run);
    assert.deepEqual([first.atMs, analysisOf(run).published?.asOfMs], [minute(30), minute(121)]);
    assertSays(first, summed(early, minute(30), minute(121)));
    sendAll(run, late);
    assertSays(anchoredOf(run)[0], summed(trades, minute(30), analysisOf(run).asOfMs));
    assert.ok(analysisOf(run).asOfMs >= minute(199));
  }
});

test("a new anchor joins what was published and changes nothing else of it, nor the anchors before", () => {
  const run = liveRun([...someTrades(5, 90), trade(24_100, minute(90) + 500, { sourceSeq: 9_998 })]);
  place(run, minute(10));
  const { anchored: former, ...before } = analysisOf(run).published ?? assert.fail("nothing was published");
  // It comes late for the minute that has closed: the sums know of it, what was published does not.
  run.send(trade(24_000, minute(90) - 400, { sourceSeq: 9_999, nowMs: minute(90) + 600, size: 50 }));
  run.said();
  place(run, minute(20));
  const { anchored, ...after } = analysisOf(run).published ?? assert.fail("nothing is published");
  assert.equal(JSON.stringify(after), JSON.stringify(before));
  assert.deepEqual(anchored[0], former[0]);
  assert.deepEqual(
    anchored.map(({ atMs }) => atMs),
    [minute(10), minute(20)],
  );
  assert.ok(run.said().some(({ type }) => type === "AnalysisChanged"));
});

test("rebuilt, after older history and after other settings, it says what it said live", () => {
  const trades = someTrades(31, 300);
  const run = liveRun(trades.filter(({ exchangeMs }) => exchangeMs < minute(150)));
  place(run, minute(60));
  sendAll(
    run,
    trades.filter(({ exchangeMs }) => exchangeMs >= minute(150)),
  );
  const [live] = anchoredOf(run);
  const touchesOf = () => {
    const level = analysisOf(run).published?.levels.levels.find(({ id }) => id === `vwap.anchored.mid:${minute(60)}`);
    return level && { label: level.label, touched: level.touchedMs, touches: level.touches };
  };
  const touches = touchesOf();
  assert.ok(touches && touches.touches > 0 && touches.label === "aVWAP 18:00", JSON.stringify(touches));
  const rebuilds = {
    same: () => run.send({ ...UNSTAMPED, type: "AnalysisRebuilt", contracts: [0] }),
    settings: () =>
      run.send({
        ...UNSTAMPED,
        type: "SettingsApplied",
        settings: { interval: "1m", lookbackDates: 3, accountSizeUsd: 50_000 },
      }),
    history: () => run.send(olderBar()),
  };
  for (const [name, rebuild] of Object.entries(rebuilds)) {
    rebuild();
    assert.equal(analysisOf(run).status, "building", name);
    for (let slice = 1; slice < 9; slice += 1) tick(run, run.engine.state.nowMs + 10);
    assert.equal(analysisOf(run).status, "ready", name);
    const [rebuilt] = anchoredOf(run);
    assert.deepEqual(rebuilt.cvd, live.cvd, name);
    assert.ok(rebuilt.vwap.status === "ready" && live.vwap.status === "ready");
    assert.deepEqual([rebuilt.vwap.n, rebuilt.vwap.atMs], [live.vwap.n, live.vwap.atMs], name);
    assert.ok(Math.abs(rebuilt.vwap.vwapTicks - live.vwap.vwapTicks) < 1e-6, name);
    // Nobody knew of the line before the click: it was touched behind it only.
    assert.deepEqual(touchesOf(), touches, name);
  }
});

function olderBar() {
  const bars = createBarBlock(1);
  bars.count = 1;
  bars.openMs[0] = OPEN_MS - 26 * 60 * MINUTE;
  for (const column of ["openTicks", "highTicks", "lowTicks", "closeTicks"] as const) bars[column][0] = 24_000;
  bars.volume[0] = 10;
  const history = { type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.massive } as const;
  return { ...UNSTAMPED, ...history };
}

test("minutes without sides are estimated alike by a click and by a rebuild, also behind a long silence", () => {
  const run = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  tick(run, OPEN_MS - MINUTE / 2);
  for (const [at, from, to] of [
    [1, 100, 100],
    [2, 100, 104],
    [3, 101, 102],
    [90, 104, 101],
    [91, 99, 103],
  ]) {
    const [lowTicks, highTicks] = [Math.min(from, to) - 1, Math.max(from, to) + 2];
    run.send(minuteBar(minute(at), to, { openTicks: from, lowTicks, highTicks }));
  }
  tick(run, minute(92));
  place(run, minute(2));
  const [clicked] = anchoredOf(run);
  run.send({ ...UNSTAMPED, type: "AnalysisRebuilt", contracts: [0] });
  for (let slice = 1; slice < 9; slice += 1) tick(run, run.engine.state.nowMs + 10);
  assert.deepEqual(anchoredOf(run)[0].cvd, clicked.cvd);
  assert.ok(clicked.cvd.status === "ready" && clicked.cvd.source === "estimate" && clicked.cvd.cvd !== 0);
});

test("a copy of the state goes on as the state itself, with its anchors", () => {
  const trades = someTrades(13, 200);
  const run = liveRun(trades.slice(0, 300));
  place(run, minute(50));
  place(run, minute(20));
  const other = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  Object.assign(other.engine.state, deserialize(serialize(run.engine.state)));
  for (const each of [run, other]) {
    sendAll(each, trades.slice(300));
    remove(each, minute(50));
    place(each, minute(70));
  }
  assert.deepEqual(
    anchoredOf(run).map(({ atMs }) => atMs),
    [minute(20), minute(70)],
  );
  assert.deepEqual(analysisOf(other).published, analysisOf(run).published);
  assert.deepEqual(other.engine.state.analyses, run.engine.state.analyses);
});

test("cut at any event, what was published up to there is the same", () => {
  const trades = someTrades(7, 100);
  const steps = trades.map((one, at) => (run: EngineRun) => {
    run.send({ ...one });
    if (at % 60 === 59) place(run, one.exchangeMs - 15 * MINUTE);
    if (at === 200) remove(run, null);
  });
  const publishedBy = (count: number): string[] => {
    const run = liveRun([]);
    return steps.slice(0, count).map((step) => {
      step(run);
      return JSON.stringify(analysisOf(run).published);
    });
  };
  const whole = publishedBy(steps.length);
  assert.match(whole[250], /"anchored":\[\{/);
  for (const cut of [1, 61, 119, 201, 299]) assert.deepEqual(publishedBy(cut), whole.slice(0, cut), `cut at ${cut}`);
});

test("what cannot be is refused by name and changes nothing", () => {
  const run = liveRun([]);
  const refusal = (outcome: Outcome): string => (outcome.status === "refused" ? outcome.reason : outcome.status);
  assert.match(refusal(place(run, OPEN_MS - MINUTE)), /^ESZ6 has no bar yet$/);
  sendAll(run, someTrades(3, 30));
  const { anchors } = run.engine.state.contracts[0];
  assert.match(refusal(place(run, minute(1), 7)), /^contract 7 is not listed$/);
  assert.match(refusal(place(run, minute(45))), /^2026-11-16 17:45 CT lies ahead: it is 2026-11-16 17:29 CT$/);
  assert.match(
    refusal(place(run, minute(-1))),
    /^2026-11-16 16:59 CT lies before the first bar of ESZ6, 2026-11-16 17:00/,
  );
  assert.match(refusal(place(run, Number.NaN)), /lies ahead/);
  assert.deepEqual(anchors, []);
  for (let at = 0; at < ANCHORS_MAX; at += 1) assert.equal(place(run, minute(at)).status, "accepted");
  assert.match(refusal(place(run, minute(20))), /^ESZ6 has 8 anchors/);
  assert.equal(place(run, minute(3) + 59_999).status, "unchanged");
  assert.equal(anchoredOf(run).length, ANCHORS_MAX);
});

test("anchors are removed one by one or all at once; what stands nowhere changes nothing", () => {
  const run = liveRun(someTrades(4, 30));
  for (const at of [3, 5, 9]) place(run, minute(at));
  assert.equal(remove(run, minute(4)).status, "unchanged");
  assert.equal(remove(run, minute(5) + 1_000).status, "accepted");
  assert.deepEqual(
    anchoredOf(run).map(({ atMs }) => atMs),
    [minute(3), minute(9)],
  );
  assert.equal(remove(run, null).status, "accepted");
  assert.deepEqual([anchoredOf(run), analysisOf(run).vwap.custom, analysisOf(run).orderFlow.cvd.custom], [[], [], []]);
  assert.equal(remove(run, null).status, "unchanged");
});

test("an anchor in the forming minute begins with its close, and belongs to its contract alone", () => {
  const trades = someTrades(8, 40);
  const run = engineRun([ES, { ...ES, year: 2027, month: 3 }], { startMs: OPEN_MS - MINUTE });
  tick(run, OPEN_MS - MINUTE / 2);
  sendAll(
    run,
    trades.filter(({ exchangeMs }) => exchangeMs < minute(20)),
  );
  place(run, run.engine.state.nowMs);
  const { vwap } = anchoredOf(run)[0];
  assert.deepEqual([vwap.status, vwap.n, vwap.reasons], ["warming", 0, ["no contract since its anchor yet"]]);
  run.send(trade(25_000, minute(20) + 1, { contract: 1, sourceSeq: 1 }));
  assert.equal(place(run, minute(20), 1).status, "accepted");
  sendAll(
    run,
    trades.filter(({ exchangeMs }) => exchangeMs >= minute(20)),
  );
  assertSays(anchoredOf(run)[0], summed(trades, minute(19), analysisOf(run).asOfMs));
  assert.equal(anchoredOf(run).length, 1);
  run.send({ ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol: "ESH27" });
  for (let slice = 1; slice < 9; slice += 1) tick(run, run.engine.state.nowMs + 10);
  assert.deepEqual(
    run.engine.state.analyses[1]?.anchors.map(({ atMs }) => atMs),
    [minute(20)],
  );
});

test("an anchor whose first minutes are no longer kept goes before its bars are taken anew", () => {
  const run = liveRun(someTrades(6, 30));
  place(run, minute(5));
  run.engine.state.contracts[0].anchors.unshift({ atMs: minute(-1), knownMs: minute(-1) });
  run.send({ ...UNSTAMPED, type: "AnalysisRebuilt", contracts: [0] });
  for (let slice = 1; slice < 4; slice += 1) tick(run, run.engine.state.nowMs + 10);
  assert.deepEqual(
    anchoredOf(run).map(({ atMs }) => atMs),
    [minute(5)],
  );
  assert.equal(run.engine.state.contracts[0].anchors.length, 1);
});

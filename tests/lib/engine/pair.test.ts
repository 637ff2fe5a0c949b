/** Are ES and NQ compared at turns that both have closed, whichever comes first, and is nothing published changed? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Smt } from "#lib/analysis/ict/smt.ts";
import { createAnalysisScratch } from "#lib/engine/analysis/analyse.ts";
import { SIBLINGS } from "#lib/engine/analysis/pair.ts";
import { provisionalInsight } from "#lib/engine/analysis/provisional.ts";
import { digestOf } from "#lib/engine/digest.ts";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { type EngineRun, engineRun, minuteBar } from "#tests/support/engine-run.ts";

/** Monday 2026-11-16, 17:00 CT: the open of Tuesday's session. */
const OPEN_MS = Date.parse("2026-11-16T23:00:00Z");
const FIVE = 300_000;
const [ES, NQ] = [0, 1];
/** Twenty bars; turns up in bars 4 and 12, each known three bars later. */
const BARS = 20;
const TURNS = [4, 12];
const CONFIRMED = 15;

function listed(...roots: string[]): EngineRun {
  const contracts = roots.map((root) => ({ root, year: 2026, month: 12, tickSize: 0.25 }));
  return engineRun(contracts, { startMs: OPEN_MS - FIVE });
}

/** Highs of a market that turns at these prices, in ticks; lows fall by one a bar, so that none is a turn. */
function send(run: EngineRun, contract: number, at: number, turns: readonly number[]): void {
  const turn = turns[TURNS.indexOf(at)];
  const lowTicks = 200 - at;
  const shape = { openTicks: lowTicks, highTicks: turn ?? 210 - at, lowTicks, intervalMs: FIVE };
  run.send(minuteBar(OPEN_MS + at * FIVE, lowTicks, { ...shape, contract, nowMs: OPEN_MS + (at + 1) * FIVE }));
}

type Ready = Extract<Smt, { status: "ready" }>;

function smtOf(run: EngineRun, contract: number): Smt | undefined {
  return run.engine.state.analyses[contract]?.published?.smt;
}

function ready(run: EngineRun, contract: number): Ready {
  const smt = smtOf(run, contract);
  assert.ok(smt?.status === "ready", JSON.stringify(smt));
  return smt;
}

const words = ({ n, divergences }: Ready) => [n, divergences.map(({ side, leader }) => `${side} ${leader}`)];

/** Both markets to the end, ES's bar first. */
function both(es: readonly number[], nq: readonly number[]): EngineRun {
  const run = listed("ES", "NQ");
  for (let at = 0; at < BARS; at += 1) {
    send(run, ES, at, es);
    send(run, NQ, at, nq);
  }
  return run;
}

test("ES turns higher and NQ lower: bearish for both, known when the bars of both have closed", () => {
  const run = both([300, 304], [800, 798]);
  assert.deepEqual(words(ready(run, ES)), [1, ["bearish first"]]);
  assert.deepEqual(words(ready(run, NQ)), [1, ["bearish second"]]);
  const [found] = ready(run, ES).divergences;
  assert.equal(found.bornMs, OPEN_MS + (CONFIRMED + 1) * FIVE);
  assert.deepEqual(ready(run, ES).reasons, ["bearish SMT: ES made a higher high, NQ did not"]);
  assert.deepEqual(ready(run, NQ).reasons, ["bearish SMT: ES made a higher high, NQ did not"]);
  const provisional = provisionalInsight(run.engine.state, createAnalysisScratch(), ES);
  assert.deepEqual(provisional?.smt, ready(run, ES), "forming bars, of whatever length, say nothing of it");
});

test("a near miss: NQ turns one tick higher too, and the pair was compared", () => {
  const run = both([300, 304], [800, 801]);
  assert.deepEqual(words(ready(run, ES)), [1, []]);
  assert.deepEqual(ready(run, ES).reasons, ["no SMT divergence now: 1 pairs of turns with NQ compared today"]);
});

test("a late bar of NQ changes nothing published, and what follows is as if it had been in time", () => {
  const run = listed("ES", "NQ");
  for (let at = 0; at <= CONFIRMED; at += 1) {
    send(run, ES, at, [300, 304]);
    if (at < CONFIRMED) send(run, NQ, at, [800, 798]);
  }
  const published = run.engine.state.analyses[ES]?.published;
  const before = JSON.stringify(published);
  assert.deepEqual(words(ready(run, ES)), [0, []]);
  assert.equal(ready(run, ES).atMs, OPEN_MS + CONFIRMED * FIVE, "the newest bar that both have");
  send(run, NQ, CONFIRMED, [800, 798]);
  assert.equal(run.engine.state.analyses[ES]?.published, published);
  assert.equal(JSON.stringify(published), before);
  for (let at = CONFIRMED + 1; at < BARS; at += 1) {
    send(run, ES, at, [300, 304]);
    send(run, NQ, at, [800, 798]);
  }
  assert.deepEqual(ready(run, ES), ready(both([300, 304], [800, 798]), ES));
});

test("bars of NQ that are ahead wait for those of ES, and tell nothing before", () => {
  const run = listed("ES", "NQ");
  for (let at = 0; at < BARS; at += 1) send(run, NQ, at, [800, 798]);
  for (let at = 0; at < BARS; at += 1) {
    send(run, ES, at, [300, 304]);
    assert.equal(ready(run, ES).n, at < CONFIRMED ? 0 : 1);
    assert.equal(ready(run, ES).atMs, OPEN_MS + (at + 1) * FIVE);
  }
  assert.deepEqual(words(ready(run, ES)), [1, ["bearish first"]]);
});

test("a bar that only one market has is left out of both", () => {
  const run = listed("ES", "NQ");
  for (let at = 0; at < BARS; at += 1) {
    // A spike that NQ has no bar for would be the turn, and the only one.
    send(run, ES, at, at === 9 ? [] : [300, 304]);
    if (at === 9) run.send(minuteBar(OPEN_MS + at * FIVE, 900, { intervalMs: FIVE, nowMs: OPEN_MS + 10 * FIVE }));
    if (at !== 9) send(run, NQ, at, [800, 798]);
  }
  assert.deepEqual(words(ready(run, ES)), [1, ["bearish first"]]);
});

test("a rebuilt analysis, and one whose sibling's history came last, say what live said", () => {
  const live = both([300, 304], [800, 798]);
  const expected = ready(live, ES);
  live.send({ ...UNSTAMPED, nowMs: live.engine.state.nowMs, type: "AnalysisRebuilt", contracts: [ES] });
  assert.equal(live.engine.state.analyses[ES]?.status, "building");
  tick(live);
  assert.deepEqual(ready(live, ES), expected);

  const late = listed("ES", "NQ");
  for (let at = 0; at < BARS; at += 1) send(late, ES, at, [300, 304]);
  send(late, NQ, BARS - 1, []);
  send(late, ES, BARS, []);
  assert.deepEqual(words(ready(late, ES)), [0, []], "NQ's bars are passed by");
  const { series } = live.engine.state.contracts[NQ];
  const bars = createBarBlock(BARS - 1);
  for (; bars.count < BARS - 1; bars.count += 1) {
    for (const column of ["openMs", "openTicks", "highTicks", "lowTicks", "closeTicks", "volume"] as const) {
      bars[column][bars.count] = series[2][column][bars.count];
    }
  }
  const source = SOURCE.massive;
  late.engine.digest();
  late.send({ ...UNSTAMPED, type: "HistoryLoaded", contract: NQ, intervalMs: FIVE, bars, source });
  assert.equal(
    late.engine.digest(),
    digestOf(late.engine.state),
    "what was gone through is gone, and the digest knows",
  );
  for (const run of [late, live]) send(run, ES, BARS + 1, []);
  assert.deepEqual(ready(late, ES), ready(live, ES));
});

function tick(run: EngineRun): void {
  const nowMs = run.engine.state.nowMs + 1_000;
  run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
}

test("without its sibling it says which one it needs; a micro takes the other micro before the mini", () => {
  const after = (...roots: string[]): Smt | undefined => {
    const run = listed(...roots);
    for (const contract of roots.keys()) send(run, contract, 0, []);
    send(run, 0, 1, []);
    return smtOf(run, 0);
  };
  const alone = after("ES");
  assert.deepEqual([alone?.status, alone?.reasons], ["none", ["SMT needs NQ"]]);
  assert.deepEqual(after("CL")?.reasons, ["SMT compares ES and NQ and their micros only"]);
  const siblings = [after("MES", "NQ", "MNQ"), after("MES", "NQ"), after("NQ", "MES", "ES")];
  assert.deepEqual(
    siblings.map((smt) => smt?.status === "ready" && smt.sibling),
    ["MNQ", "NQ", "ES"],
  );
});

test("siblings share one tick size, so that prices of both are told in points alike", () => {
  for (const [root, siblings] of Object.entries(SIBLINGS)) {
    for (const sibling of siblings) {
      assert.deepEqual(instrumentOf(sibling)?.tickSizes, instrumentOf(root)?.tickSizes, `${root} ${sibling}`);
    }
  }
});

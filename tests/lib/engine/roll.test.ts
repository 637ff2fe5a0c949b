/** Does a new front take over what the former one traded on past dates, moved by the spread, and nothing else? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayIso, parseCivilDay } from "#lib/civil.ts";
import type { ContractAnalysis } from "#lib/engine/analysis/contract-analysis.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { sessionOpenMs } from "#lib/session.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";

const DEC = { root: "ES", year: 2013, month: 12, tickSize: 0.25 };
const MAR = { root: "ES", year: 2014, month: 3, tickSize: 0.25 };
const [Z3, H4] = [0, 1];
const MINUTE = 60_000;
/** March out-trades December on the last of them, so that it is front from 2013-12-16 on. */
const DATES = ["2013-12-11", "2013-12-12", "2013-12-13"];
const ROLL = "2013-12-16";
/** December settles at 7,004 and March at 6,957.6: March lies 46.4 ticks below. */
const SETTLED = [7_004, 6_957.6];

const dateOf = (iso: string): TradeDate => tradeDate(parseCivilDay(iso) ?? 0);
const openOf = (iso: string): number => sessionOpenMs("equity", dateOf(iso));

function wake(run: EngineRun, nowMs: number): void {
  run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
}

/** Of each contract: most of its volume at one price, some two ticks above and one below, an hour into the session. */
function tradeDay(run: EngineRun, iso: string, day: { pocs: readonly number[]; volumes: readonly number[] }): void {
  for (const [contract, volume] of day.volumes.entries()) {
    const poc = day.pocs[contract];
    const prints = [
      [poc, volume - 30],
      [poc + 2, 20],
      [poc - 1, 10],
    ];
    for (const [at, [price, size]] of prints.entries()) {
      const ms = openOf(iso) + 60 * MINUTE + at * 1_000 + contract;
      run.send(trade(price, ms, { contract, size, sourceSeq: ms }));
    }
  }
}

/** Three dates with December in front, whose points of control are 7000, 7010 and 7020, and the roll's first bar. */
function rolledRun({ hasSettlements = true } = {}): EngineRun {
  const run = engineRun([DEC, MAR], { startMs: openOf(DATES[0]) - 60 * MINUTE });
  for (const [at, iso] of DATES.entries()) {
    wake(run, openOf(iso));
    const isLast = iso === DATES[DATES.length - 1];
    tradeDay(run, iso, { pocs: [7_000 + 10 * at, 6_954], volumes: [1_000, isLast ? 2_000 : 100] });
  }
  const settlements = hasSettlements ? SETTLED : [];
  for (const [contract, settlementTicks] of settlements.entries()) {
    const settled = { tradeDate: dateOf("2013-12-13"), settlementTicks, exchangeMs: 0, source: SOURCE.file } as const;
    run.send({ ...UNSTAMPED, type: "SettlementPublished", contract, ...settled });
  }
  wake(run, openOf(ROLL));
  finish(run);
  tradeDay(run, ROLL, { pocs: [7_000, 6_950], volumes: [100, 900] });
  wake(run, openOf(ROLL) + 62 * MINUTE);
  return run;
}

/** Lets what builds build to its end. */
function finish(run: EngineRun): void {
  for (let slice = 0; slice < 20; slice += 1) wake(run, run.engine.state.nowMs + 10);
}

function analysisOf(run: EngineRun, contract: number): ContractAnalysis {
  const analysis = run.engine.state.analyses[contract];
  assert.ok(analysis?.status === "ready");
  return analysis;
}

const sessionsOf = (run: EngineRun) =>
  analysisOf(run, H4)
    .profile.closed.profiles.filter(({ span }) => span === "session")
    .map(({ tradeDate: date, from, pocTicks, shiftTicks, rows }) => ({
      date: civilDayIso(date),
      from,
      poc: pocTicks + shiftTicks,
      volume: rows.volume,
    }));

const TAKEN_OVER = [
  { date: "2013-12-11", from: "ESZ3", poc: 6_954, volume: 1_000 },
  { date: "2013-12-12", from: "ESZ3", poc: 6_964, volume: 1_000 },
  { date: "2013-12-13", from: "ESZ3", poc: 6_974, volume: 1_000 },
];

test("the new front has the former's dates, each 46 ticks lower, and none of its own volume of before", () => {
  const run = rolledRun();
  assert.equal(run.engine.state.analyses[Z3], null);
  assert.deepEqual(sessionsOf(run), TAKEN_OVER);
  const composite = analysisOf(run, H4).published?.profiles.composite;
  assert.ok(composite?.status === "ready");
  assert.deepEqual([composite.n, composite.dates, composite.lowTicks], [3_000, 3, 6_953]);
  assert.ok(composite.reasons.includes("3 of ESZ3, adjusted at the roll by -46 ticks"), composite.reasons.join());
});

test("a naked point of control of the former front is touched by the new one's bars, from the roll on", () => {
  const { pocs, profiles } = analysisOf(rolledRun(), H4).profile.closed;
  const sessions = pocs.filter((_, at) => profiles[at].span === "session");
  // The first bar behind the roll trades from 6949 to 6952: none of 6954, 6964 and 6974. December itself had passed
  // through none of them, and what March traded at 6954 before is no touch either.
  assert.deepEqual(
    sessions.map(({ pocTicks, adjustedTicks, touchedMs }) => [pocTicks, adjustedTicks, touchedMs]),
    TAKEN_OVER.map(({ poc }) => [poc, -46, Number.NaN]),
  );
  const run = rolledRun();
  run.send(trade(6_954, run.engine.state.nowMs + 1, { contract: H4, sourceSeq: 1e15 }));
  wake(run, run.engine.state.nowMs + 2 * MINUTE);
  const touched = () =>
    analysisOf(run, H4)
      .profile.closed.pocs.filter(({ touchedMs }) => !Number.isNaN(touchedMs))
      .map(({ pocTicks }) => pocTicks);
  assert.deepEqual(touched(), [6_954]);
  wake(run, openOf("2013-12-17"));
  tradeDay(run, "2013-12-17", { pocs: [7_000, 6_940], volumes: [100, 900] });
  wake(run, openOf("2013-12-17") + 62 * MINUTE);
  assert.deepEqual(touched(), [6_954], "and stays so on the next date, which adds one of its own");
  const own = { date: ROLL, from: null, poc: 6_950, volume: 901 };
  assert.deepEqual(sessionsOf(run), [...TAKEN_OVER, own]);
});

test("an analysis begun anew behind the roll still has what was taken over", () => {
  const run = rolledRun();
  const { nowMs } = run.engine.state;
  run.send({ ...UNSTAMPED, nowMs, type: "AnalysisRebuilt", contracts: [H4] });
  finish(run);
  assert.deepEqual(sessionsOf(run), TAKEN_OVER);
});

test("without settlements the last prices of the date give the spread", () => {
  // December closes at 7019 and March at 6953, 66 ticks below.
  assert.deepEqual(
    sessionsOf(rolledRun({ hasSettlements: false })).map(({ poc }) => poc),
    [6_934, 6_944, 6_954],
  );
});

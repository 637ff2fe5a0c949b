/** Does the lamp go out when the data die, and stay on when they only rest? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBarBlock } from "#lib/events/bar-block.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { previousTradeDate, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { tradeDate } from "#lib/units.ts";
import { type EngineRun, engineRun, minuteBar, quote, trade } from "#tests/support/engine-run.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
/** Tuesday 2026-11-17 10:00 CT, in RTH. */
const RTH = Date.parse("2026-11-17T16:00:00Z");
const MINUTE = 60_000;

function tick(run: EngineRun, nowMs: number): void {
  run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
}

const staleSince = (run: EngineRun) => run.engine.state.contracts[0].trust.staleSinceMs;

/** Minute bars of `sessions` full trade dates with so many trades a minute. */
function history(run: EngineRun, sessions: number, tradesAMinute: number): void {
  let date = tradeDateAt("equity", RTH);
  for (let back = 0; back < sessions; back++) {
    date = previousTradeDate("equity", tradeDate(date));
    const openMs = sessionOpenMs("equity", date);
    const bars = createBarBlock(1_380);
    for (let minute = 0; minute < 1_380; minute++) {
      bars.openMs[minute] = openMs + minute * MINUTE;
      bars.trades[minute] = tradesAMinute;
      bars.volume[minute] = tradesAMinute;
    }
    bars.count = 1_380;
    run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.simulator });
  }
}

test("with fewer than 3 sessions: 5 s inside RTH, 60 s outside", () => {
  const inside = engineRun([ES], { startMs: RTH });
  inside.send(trade(100, RTH));
  tick(inside, RTH + 1);
  tick(inside, RTH + 4_999);
  assert.equal(staleSince(inside), null);
  tick(inside, RTH + 5_000);
  assert.equal(staleSince(inside), RTH, "stale since the newest event");
  const night = Date.parse("2026-11-17T08:00:00Z");
  const outside = engineRun([ES], { startMs: night });
  outside.send(trade(100, night));
  tick(outside, night + 1);
  tick(outside, night + 59_999);
  assert.equal(staleSince(outside), null);
  tick(outside, night + 60_000);
  assert.equal(staleSince(outside), night);
});

test("where 1 trade a second is usual 5 s are too long; where 6 a minute are usual 100 s are", () => {
  const busy = engineRun([ES], { startMs: RTH });
  history(busy, 3, 60);
  busy.send(trade(100, RTH));
  tick(busy, RTH + 1);
  tick(busy, RTH + 5_000);
  assert.equal(staleSince(busy), RTH);
  const quiet = engineRun([ES], { startMs: RTH });
  history(quiet, 3, 6);
  quiet.send(trade(100, RTH));
  tick(quiet, RTH + 1);
  tick(quiet, RTH + 99_999);
  assert.equal(staleSince(quiet), null, "a quiet lunch hour is not stale");
  tick(quiet, RTH + 100_000);
  assert.equal(staleSince(quiet), RTH);
});

test("any trade or quote ends the staleness and says so", () => {
  const run = engineRun([ES], { startMs: RTH });
  run.send(trade(100, RTH));
  tick(run, RTH + 1);
  tick(run, RTH + 6_000);
  run.said();
  run.send(quote(99, 100, RTH + 6_500));
  assert.equal(staleSince(run), null);
  assert.ok(run.said().some((output) => output.type === "StaleChanged" && output.sinceMs === null));
});

test("what fell silent and spoke again is watched again: the second silence is found too", () => {
  const run = engineRun([ES], { startMs: RTH });
  run.send(trade(100, RTH));
  tick(run, RTH + 6_000);
  run.send(trade(100, RTH + 7_000));
  assert.equal(staleSince(run), null);
  assert.equal(lastWake(run), RTH + 7_000, "it asks to be woken for the new watch");
  tick(run, RTH + 7_001);
  tick(run, RTH + 11_999);
  assert.equal(staleSince(run), null);
  tick(run, RTH + 12_000);
  assert.equal(staleSince(run), RTH + 7_000);
});

test("the daily break, the weekend and a holiday are not stale; after the open the patience begins at the open", () => {
  const close = Date.parse("2026-11-25T22:00:00Z");
  const run = engineRun([ES], { startMs: close - 1_000 });
  run.send(trade(100, close - 1_000));
  tick(run, close - 999);
  tick(run, close + 1);
  for (let ms = close; ms < close + 3_600_000; ms += 10_000) tick(run, ms);
  assert.equal(staleSince(run), null, "Wednesday's break");
  const thanksgivingHalt = Date.parse("2026-11-26T18:00:00Z");
  run.send(trade(100, thanksgivingHalt - 1_000));
  for (let ms = thanksgivingHalt; ms < thanksgivingHalt + 5 * 3_600_000; ms += 60_000) tick(run, ms);
  assert.equal(staleSince(run), null, "the halt until 17:00");
  const open = Date.parse("2026-11-26T23:00:00Z");
  tick(run, open);
  tick(run, open + 59_999);
  assert.equal(staleSince(run), null);
  tick(run, open + 60_000);
  assert.notEqual(staleSince(run), null, "nothing in a minute after the open");
});

test("a feed of minute bars only is stale after three of them", () => {
  const run = engineRun([ES], { startMs: RTH });
  run.send(minuteBar(RTH - MINUTE, 100));
  tick(run, RTH + 1);
  tick(run, RTH + 3 * MINUTE - 1);
  assert.equal(staleSince(run), null);
  tick(run, RTH + 3 * MINUTE);
  assert.equal(staleSince(run), RTH);
});

test("where trades end and bars go on, three bars or 5 s are borne; where ticks come back, as much as before", () => {
  const night = Date.parse("2026-11-17T08:00:00Z");
  const run = engineRun([ES], { startMs: night });
  const untilStale = (fromMs: number): number | null => {
    for (let ms = fromMs; ms <= fromMs + 4 * MINUTE; ms += 500) {
      tick(run, ms);
      if (staleSince(run) !== null) return ms - fromMs;
    }
    return null;
  };
  run.send(quote(99, 101, night));
  run.send(trade(100, night));
  tick(run, night + 1);
  const second = { intervalMs: 1_000, openMs: night + 3_000, nowMs: night + 4_000 };
  run.send({ ...minuteBar(night, 100), ...second });
  assert.equal(untilStale(night + 4_000), 5_000, "bars of a second: at least 5 s");
  const later = night + 10 * MINUTE;
  run.send(quote(99, 101, later));
  tick(run, later);
  assert.equal(untilStale(later), 60_000, "ticks again, outside RTH");
  run.send(trade(100, later + 10 * MINUTE));
  run.send(minuteBar(later + 10 * MINUTE + MINUTE, 100));
  assert.equal(untilStale(later + 12 * MINUTE), 3 * MINUTE, "bars of a minute");
});

test("a bar of a window that had trades says nothing about what comes", () => {
  const night = Date.parse("2026-11-17T08:00:00Z");
  const run = engineRun([ES], { startMs: night });
  run.send(trade(100, night + 30_000));
  run.send({ ...minuteBar(night, 100), intervalMs: 1_000, openMs: night + 30_000, nowMs: night + 31_000 });
  tick(run, night + 40_000);
  assert.equal(staleSince(run), null);
});

test("a silence that begins before the open of RTH is borne only as RTH bears it", () => {
  const open = Date.parse("2026-11-17T14:30:00Z");
  const run = engineRun([ES], { startMs: open - 2_000 });
  run.send(trade(100, open - 2_000));
  let next = open - 1_999;
  for (let wakes = 0; staleSince(run) === null && wakes < 100; wakes += 1) {
    tick(run, next);
    next = lastWake(run) ?? next + 500;
  }
  assert.equal(staleSince(run), open - 2_000);
  assert.ok(run.engine.state.nowMs <= open + 5_000, `found ${run.engine.state.nowMs - open} ms behind the open`);
});

test("every deadline is asked for: answering each WakeAt at its time finds the staleness in time", () => {
  const run = engineRun([ES], { startMs: RTH });
  run.send(trade(100, RTH));
  let wakes = 0;
  for (let next = lastWake(run); next !== null && staleSince(run) === null && wakes < 100; next = lastWake(run)) {
    wakes++;
    tick(run, next);
  }
  assert.equal(staleSince(run), RTH);
  assert.equal(run.engine.state.nowMs, RTH + 5_000);
  assert.ok(wakes < 10, `${wakes} wakes`);
});

function lastWake(run: EngineRun): number | null {
  const wake = run.said().findLast((output) => output.type === "WakeAt");
  return wake === undefined ? null : wake.deadlineMs;
}

/** Do profiles stand on the volume at price that came with history, where it holds all that was traded, and say so? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContractAnalysis } from "#lib/engine/analysis/contract-analysis.ts";
import { digestOf } from "#lib/engine/digest.ts";
import { type BarBlock, createBarBlock } from "#lib/events/bar-block.ts";
import { SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { type EngineRun, engineRun, trade } from "#tests/support/engine-run.ts";

const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Monday 2026-11-16, 17:00 CT: the open of Tuesday's session, whose RTH opens 930 minutes later. */
const OPEN_MS = Date.parse("2026-11-16T23:00:00Z");
const RTH_MINUTE = 930;

/** Bars of these minutes of a session, 100 … 104, with 1, 2, 3, 4 and 90 contracts at each: spread it would be 20. */
function block(openMs: number, minutes: readonly number[], isPriced = true): BarBlock {
  const bars = createBarBlock(minutes.length);
  for (const minute of minutes) {
    const row = bars.count++;
    bars.openMs[row] = openMs + minute * MINUTE;
    [bars.openTicks[row], bars.lowTicks[row], bars.highTicks[row], bars.closeTicks[row]] = [100, 100, 104, 101];
    [bars.volume[row], bars.buyVolume[row], bars.sellVolume[row]] = [100, 60, 40];
  }
  if (isPriced) bars.volumeAtPrice = Uint8Array.from(minutes.flatMap(() => [1, 2, 3, 4, 90]));
  return bars;
}

/** An engine that got these blocks as history and has built its analysis. */
function loaded(...blocks: readonly BarBlock[]): EngineRun {
  const run = engineRun([ES], { startMs: OPEN_MS + 1_000 * MINUTE });
  for (const bars of blocks) load(run, bars);
  build(run);
  return run;
}

function load(run: EngineRun, bars: BarBlock): void {
  run.send({ ...UNSTAMPED, type: "HistoryLoaded", contract: 0, intervalMs: MINUTE, bars, source: SOURCE.simulator });
}

function build(run: EngineRun): void {
  for (let slice = 0; slice < 20; slice += 1) {
    const nowMs = run.engine.state.nowMs + 10;
    run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
  }
}

function analysisOf(run: EngineRun): ContractAnalysis {
  const analysis = run.engine.state.analyses[0];
  assert.ok(analysis?.status === "ready");
  return analysis;
}

type Span = "session" | "rth" | "composite";

/** Point of control, contracts, shares estimated and priced, the reasons that name a source. */
function profile(run: EngineRun, span: Span): unknown[] {
  const found = analysisOf(run).published?.profiles[span];
  assert.ok(found?.status === "ready", found?.reasons.join());
  const { pocTicks, n, estimatedShare, pricedShare, reasons } = found;
  return [pocTicks, n, estimatedShare, pricedShare, reasons.filter((reason) => /spread|vendor/.test(reason))];
}

const PRICED = "100.0 % from the vendor's volume at price";
const SPREAD = "estimate: 100.0 % spread over bars";
const [YESTERDAY, TODAY] = [OPEN_MS - DAY, OPEN_MS];

test("closed dates, the running one and its RTH lie at the vendor's prices; a date without them is spread", () => {
  const today = block(TODAY, [0, 1, RTH_MINUTE, RTH_MINUTE + 1]);
  const run = loaded(block(YESTERDAY - DAY, [0, 1], false), block(YESTERDAY, [0, 1, 2]), today);
  assert.deepEqual(profile(run, "session"), [104, 400, 0, 1, [PRICED]]);
  assert.deepEqual(profile(run, "rth"), [104, 200, 0, 1, [PRICED]]);
  const both = ["estimate: 40.0 % spread over bars", "60.0 % from the vendor's volume at price"];
  assert.deepEqual(profile(run, "composite"), [104, 500, 0.4, 0.6, both]);
  const { profiles, pocs } = analysisOf(run).profile.closed;
  assert.deepEqual(
    pocs.filter((_, at) => profiles[at].span === "session").map(({ pocTicks }) => pocTicks),
    [102, 104],
  );
});

test("a date that came in two blocks is one; what is told of no bar, or of some only, stays an estimate", () => {
  const whole = [104, 400, 0, 1, [PRICED]];
  const spread = [102, 400, 1, 0, [SPREAD]];
  assert.deepEqual(profile(loaded(block(TODAY, [0, 1]), block(TODAY, [2, 3])), "session"), whole);
  assert.deepEqual(profile(loaded(block(TODAY, [0, 1, 2, 3]), block(TODAY, [0, 1, 2, 3])), "session"), whole);
  const half = ["estimate: 50.0 % spread over bars", "50.0 % from the vendor's volume at price"];
  const again = loaded(block(TODAY, [0, 1, 2, 3]), block(TODAY, [0, 1]));
  assert.deepEqual(profile(again, "session"), [104, 400, 0.5, 0.5, half], "the newer word stands, of what it holds");
  assert.deepEqual(profile(loaded(block(TODAY, [0, 1], false), block(TODAY, [2, 3])), "session"), spread);
});

test("trades behind history join what the vendor told; another build says the same of history", () => {
  const run = loaded(block(TODAY, [0, 1, 2, 3]));
  const nextMs = Math.ceil(run.engine.state.nowMs / MINUTE) * MINUTE + MINUTE;
  run.send(trade(110, nextMs, { size: 100, sourceSeq: 1 }));
  run.send(trade(110, nextMs + MINUTE, { size: 1, sourceSeq: 2 }));
  const expected = [104, 500, 0, 0.8, ["80.0 % from the vendor's volume at price"]];
  assert.deepEqual(profile(run, "session"), expected);
  const { nowMs } = run.engine.state;
  run.send({ ...UNSTAMPED, nowMs, type: "AnalysisRebuilt", contracts: [0] });
  build(run);
  // The minute of the trade is a bar of one price now: exact too.
  assert.deepEqual(profile(run, "session"), expected);
});

test("prices that come behind bars that are known are a change of the state", () => {
  const run = loaded(block(TODAY, [0, 1], false));
  const before = run.engine.digest();
  load(run, block(TODAY, [0, 1]));
  assert.notEqual(run.engine.digest(), before);
  assert.equal(run.engine.digest(), digestOf(run.engine.state));
});

test("no more dates are kept than profiles are made of, and the running one", () => {
  const days = Array.from({ length: 12 }, (_, ago) => OPEN_MS - (11 - ago) * DAY);
  const weekdays = days.filter((ms) => ![5, 6].includes(new Date(ms).getUTCDay()));
  const { priced, settings } = analysisOf(loaded(...weekdays.map((ms) => block(ms, [0])))).profile;
  assert.equal(settings.dates, 5);
  assert.equal(weekdays.length, 8);
  assert.equal(priced.length, 6);
});

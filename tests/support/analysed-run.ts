/** How does a test watch the analysis of one contract? A run of the engine over random trades from a session's open. */
import assert from "node:assert/strict";
import type { ContractAnalysis } from "#lib/engine/analysis/contract-analysis.ts";
import { AGGRESSOR, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createRandom } from "#lib/prng.ts";
import { type EngineRun, engineRun, trade } from "./engine-run.ts";

export const ES = { root: "ES", year: 2026, month: 12, tickSize: 0.25 };
/** Monday 2026-11-16, 17:00 CT: the open of Tuesday's session. */
export const OPEN_MS = Date.parse("2026-11-16T23:00:00Z");
export const MINUTE = 60_000;

/** About `perMinute` trades a minute for `minutes` minutes from the session's open. */
export function someTrades(seed: number, minutes: number, perMinute = 3): TradePrinted[] {
  const random = createRandom(seed);
  let price = 24_000;
  return Array.from({ length: minutes * perMinute }, (_, index) => {
    price += Math.floor(random() * 5) - 2;
    const ms = OPEN_MS + Math.floor(((index + 0.9 * random()) * MINUTE) / perMinute);
    const aggressor = random() < 0.5 ? AGGRESSOR.buy : AGGRESSOR.sell;
    return trade(price, ms, { size: 1 + Math.floor(random() * 9), aggressor, sourceSeq: index + 1 });
  });
}

/** An engine that lives through the trades from the open on; its analysis is ready before the first of them. */
export function liveRun(trades: readonly TradePrinted[]): EngineRun {
  const run = engineRun([ES], { startMs: OPEN_MS - MINUTE });
  tick(run, OPEN_MS - MINUTE / 2);
  for (const one of trades) run.send({ ...one });
  return run;
}

export function tick(run: EngineRun, nowMs: number): void {
  run.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
}

export function analysisOf(run: EngineRun): ContractAnalysis {
  const analysis = run.engine.state.analyses[0];
  assert.ok(analysis);
  return analysis;
}

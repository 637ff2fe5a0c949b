/** How does a test drive the engine? A little sequencer without a log: stamps events and keeps what the engine says. */

import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { emptyLedger, type Mode } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { AGGRESSOR, type BarReceived, type QuoteChanged, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createOutputs, type EngineOutput, type Outcome, type Outputs } from "#lib/outputs/output.ts";

export type EngineRun = {
  engine: Engine;
  outputs: Outputs;
  /** Stamps and processes; `nowMs` is the event's own, else that of the former event. */
  send(event: InputEvent, nowMs?: number): Outcome;
  /** What was said since the last call. */
  said(): EngineOutput[];
};

/** An engine with one run begun and, where given, contracts listed (numbers 0, 1, …). */
export function engineRun(
  contracts: { root: string; year: number; month: number; tickSize: number }[] = [],
  { startMs = 0, mode = "REPLAY" as Mode } = {},
): EngineRun {
  const engine = createEngine();
  const outputs = createOutputs(64);
  let seq = 0;
  const run: EngineRun = {
    engine,
    outputs,
    send(event, nowMs) {
      event.seq = seq++;
      event.nowMs = Math.max(engine.state.nowMs, nowMs ?? event.nowMs);
      event.receivedMs = event.nowMs;
      return engine.process(event, outputs);
    },
    said() {
      return outputs.list.splice(0);
    },
  };
  run.send(
    { ...UNSTAMPED, type: "RunStarted", runId: "test", mode, feed: "test", seed: null, ...emptyLedger() },
    startMs,
  );
  contracts.forEach((contract, index) => {
    run.send({ ...UNSTAMPED, type: "InstrumentListed", contract: index, ...contract }, startMs);
  });
  run.said();
  return run;
}

export function trade(priceTicks: number, exchangeMs: number, over: Partial<TradePrinted> = {}): TradePrinted {
  return {
    ...UNSTAMPED,
    nowMs: exchangeMs,
    type: "TradePrinted",
    contract: 0,
    priceTicks,
    size: 1,
    aggressor: AGGRESSOR.unknown,
    exchangeMs,
    source: SOURCE.file,
    sourceSeq: exchangeMs,
    ...over,
  };
}

export function quote(
  bidTicks: number,
  askTicks: number,
  exchangeMs: number,
  over: Partial<QuoteChanged> = {},
): QuoteChanged {
  return {
    ...UNSTAMPED,
    nowMs: exchangeMs,
    type: "QuoteChanged",
    contract: 0,
    bidTicks,
    bidSize: 10,
    askTicks,
    askSize: 10,
    exchangeMs,
    source: SOURCE.file,
    sourceSeq: exchangeMs,
    ...over,
  };
}

export function minuteBar(openMs: number, closeTicks: number, over: Partial<BarReceived> = {}): BarReceived {
  return {
    ...UNSTAMPED,
    nowMs: openMs + 60_000,
    type: "BarReceived",
    contract: 0,
    intervalMs: 60_000,
    openMs,
    openTicks: closeTicks,
    highTicks: closeTicks,
    lowTicks: closeTicks,
    closeTicks,
    volume: 10,
    buyVolume: 0,
    sellVolume: 0,
    trades: 0,
    vwapTicks: null,
    source: SOURCE.file,
    sourceSeq: openMs,
    ...over,
  };
}

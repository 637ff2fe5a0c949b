/** Which market do the analysis benches look at? Twenty instruments with twenty simulated sessions, all analysed. */

import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { AGGRESSOR, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { clearOutputs, createOutputs, type Outputs } from "#lib/outputs/output.ts";
import { createRandom } from "#lib/prng.ts";
import { tradeDateAt } from "#lib/session.ts";
import { createMarketModel } from "#lib/simulator/market-model.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { tradeDate } from "#lib/units.ts";
import { historyEvents, type PastEvent } from "#server/feeds/simulator-history.ts";

export const ROOTS = [...DEFAULT_ROOTS, "NG", "ZN", "6E", "BTC"];
/** Friday 2026-11-20, 09:25 in New York: trades of the running minute follow, in RTH after five minutes. */
export const START_MS = 1_795_184_700_000;
const SEED = 1;
const SLICES_MAX = 100_000;

export type AnalysedMarket = {
  engine: Engine;
  outputs: Outputs;
  /** Numbers of the fronts, one a root; known once it is built. */
  fronts: number[];
  /** Stamps an event with the next seq and processes it. */
  send(event: InputEvent): void;
  /** Lets time pass until every analysis is ready. */
  build(): void;
};

/** Everything before START_MS, in the order in which the simulator tells it; contracts numbered 0, 1, … */
export function marketPast(): { listings: Contract[]; events: PastEvent[] } {
  const listings: Contract[] = [];
  const numbers = new Map<string, number>();
  const contractNumber = (contract: Contract): number => {
    const symbol = contractLongSymbol(contract);
    const number = numbers.get(symbol) ?? listings.push(contract) - 1;
    numbers.set(symbol, number);
    return number;
  };
  const model = createMarketModel({ seed: SEED, roots: ROOTS });
  const events = [...historyEvents({ model, roots: ROOTS, untilMs: START_MS, contractNumber })];
  return { listings, events };
}

/** An engine that has taken in the past; its analyses are not built yet. */
export function openMarket({ listings, events }: ReturnType<typeof marketPast>): AnalysedMarket {
  const engine = createEngine();
  const outputs = createOutputs(64);
  let seq = 0;
  const market: AnalysedMarket = {
    engine,
    outputs,
    fronts: [],
    send(event) {
      event.seq = ++seq;
      event.nowMs = Math.max(event.nowMs, engine.state.nowMs);
      event.receivedMs = event.nowMs;
      engine.process(event, outputs);
      clearOutputs(outputs);
    },
    build() {
      for (let slice = 0; engine.state.nextSliceMs < Number.POSITIVE_INFINITY; slice += 1) {
        if (slice > SLICES_MAX) throw new Error("the analyses do not become ready");
        const nowMs = Math.max(engine.state.nextSliceMs, engine.state.nowMs);
        market.send({ ...UNSTAMPED, nowMs, type: "DeadlineReached", clock: "feed", deadlineMs: nowMs });
      }
      // Not before: fronts are decided when time goes on behind the history.
      market.fronts = engine.state.roots.map(({ front }) => front);
    },
  };
  const nowMs = START_MS - 1;
  market.send({
    ...UNSTAMPED,
    nowMs,
    type: "RunStarted",
    runId: "bench",
    mode: "SIM",
    feed: "bench",
    seed: SEED,
    ...emptyLedger(),
  });
  listings.forEach(({ root, year, month }, contract) => {
    const instrument = instrumentOf(root);
    if (instrument === null) throw new Error(`root ${root} is not listed`);
    const tickSize = tickSizeAt(instrument, tradeDate(tradeDateAt(instrument.calendar, START_MS)));
    market.send({ ...UNSTAMPED, nowMs, type: "InstrumentListed", contract, root, year, month, tickSize });
  });
  for (const event of events) market.send({ ...event });
  return market;
}

/** Trades of all fronts in turn, `perMinute` of each, from START_MS on: prices walk on from where history ended. */
export function busyTrades(
  market: AnalysedMarket,
  { minutes, perMinute }: { minutes: number; perMinute: number },
): TradePrinted[] {
  const random = createRandom(SEED);
  const prices = market.fronts.map((contract) => market.engine.state.contracts[contract].lastTicks);
  const trades: TradePrinted[] = [];
  const count = minutes * perMinute;
  for (let at = 0; at < count; at += 1) {
    const exchangeMs = START_MS + Math.floor((at * 60_000) / perMinute);
    for (const [row, contract] of market.fronts.entries()) {
      if (random() < 0.25) prices[row] += random() < 0.5 ? 1 : -1;
      trades.push({
        ...UNSTAMPED,
        type: "TradePrinted",
        nowMs: exchangeMs,
        contract,
        priceTicks: prices[row],
        size: 1 + Math.floor(random() * 9),
        aggressor: random() < 0.5 ? AGGRESSOR.buy : AGGRESSOR.sell,
        exchangeMs,
        source: SOURCE.simulator,
        sourceSeq: at + 1,
      });
    }
  }
  return trades;
}

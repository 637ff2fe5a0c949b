/** How often are quote rule and tick rule right? Measured against the exchange's own flags on the real ES hour. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SOURCE_ACCURACY } from "#lib/analysis/order-flow/bar-delta.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { signTrade } from "#lib/engine/side.ts";
import type { QuoteChanged, TradePrinted } from "#lib/events/market.ts";
import { engineRun, quote, trade } from "#tests/support/engine-run.ts";
import { HOUR_FILES, HOUR_OPEN_MS, hourFrames, type VendorMessage } from "#tests/support/massive-hour.ts";
import { needsSharedData, readSharedCsv } from "#tests/support/shared-data.ts";

const TRUTH = "massive-api/derived_ESH4_2023-12-25_truth_side.csv.gz";
const ES = { root: "ES", year: 2024, month: 3, tickSize: 0.25 };

type Arrival = { trade: TradePrinted; truth: string } | { quote: QuoteChanged };
type Measured = { trades: number; volume: number; cvd: number };

const messages = (): VendorMessage[] => hourFrames().flatMap((frame) => frame.messages);

/** Trades and quotes in the order in which they reach us when quotes come `quoteLagMs` late; null: without quotes. */
function arrivals(quoteLagMs: number | null): Arrival[] {
  const truth = new Map(readSharedCsv(TRUTH).map((row) => [Number(row.q), row.aggressor]));
  const list: { ms: number; arrival: Arrival }[] = [];
  for (const message of messages()) {
    const ms = Number(message.t);
    if (message.ev === "T") {
      const sourceSeq = Number(message.q);
      const event = trade(Number(message.p) / 0.25, ms, { size: Number(message.s), sourceSeq });
      list.push({ ms, arrival: { trade: event, truth: truth.get(sourceSeq) ?? "" } });
    } else if (message.ev === "Q" && quoteLagMs !== null) {
      const event = quote(Number(message.bp) / 0.25, Number(message.ap) / 0.25, ms);
      list.push({ ms: ms + quoteLagMs, arrival: { quote: event } });
    }
  }
  return list.sort((a, b) => a.ms - b.ms).map(({ arrival }) => arrival);
}

/** The engine's own rule on every trade whose true side is known. */
function measure(list: readonly Arrival[]): Measured {
  const run = engineRun([ES], { startMs: HOUR_OPEN_MS });
  const signed: SignedTrade = { priceTicks: 0, size: 0, side: SIDE.unsigned, deltaSource: 0, exchangeMs: 0 };
  let [n, right, volume, rightVolume, cvd] = [0, 0, 0, 0, 0];
  for (const arrival of list) {
    if ("quote" in arrival) {
      run.send(arrival.quote);
      continue;
    }
    signTrade(run.engine.state.contracts[0], arrival.trade, signed);
    run.send(arrival.trade);
    cvd += signed.side === SIDE.buy ? signed.size : signed.side === SIDE.sell ? -signed.size : 0;
    if (arrival.truth === "N") continue;
    const isRight = (signed.side === SIDE.buy ? "B" : signed.side === SIDE.sell ? "S" : "N") === arrival.truth;
    n += 1;
    volume += signed.size;
    if (isRight) right += 1;
    if (isRight) rightVolume += signed.size;
  }
  assert.ok(n > 2_900, `${n} trades with a side`);
  return { trades: right / n, volume: rightVolume / volume, cvd };
}

test(
  "I-11 quote rule, quote rule a millisecond late, tick rule: measured, and as the constants say",
  needsSharedData(...HOUR_FILES, TRUTH),
  (t) => {
    const say = (name: string, found: Measured): Measured => {
      const [trades, volume] = [found.trades, found.volume].map((share) => `${(100 * share).toFixed(1)} %`);
      t.diagnostic(`${name}: right on ${trades} of trades, ${volume} of volume, CVD ${found.cvd} (true 796)`);
      return found;
    };
    const inOrder = say("quote rule, arrival order (an upper bound)", measure(arrivals(0)));
    const late = say("quote rule, quotes more than 1 ms old", measure(arrivals(1.5)));
    const tick = say("tick rule", measure(arrivals(null)));
    assert.deepEqual([inOrder.trades, inOrder.cvd], [1, 796]);
    assert.equal(late.trades.toFixed(3), "0.897");
    assert.deepEqual([tick.trades.toFixed(3), tick.volume.toFixed(3), tick.cvd], ["0.748", "0.810", 855]);
    assert.ok(Math.abs((SOURCE_ACCURACY.quote?.value ?? 0) - late.trades) < 0.005);
    assert.ok(Math.abs((SOURCE_ACCURACY.tick?.value ?? 0) - tick.trades) < 0.005);
  },
);

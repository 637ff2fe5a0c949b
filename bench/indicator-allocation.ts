/** How many bytes does a bar leave on the heap? One indicator, bar by bar in whole ticks, in a process of its own. */

import * as signals from "trading-signals";
import type { IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import { type AnyIndicator, INDICATORS } from "#lib/indicators/registry.ts";
import { benchBars } from "./indicator-bars.ts";
import { median } from "./measure.ts";

const BARS = 1_000_000;
/** A run is cut into calls, so that its code is the optimised one from the first bar on. */
const CALL_BARS = 20_000;
const WARM_RUNS = 5;
const RUNS = 5;

const { columns } = benchBars(BARS, 1);
const bar: IndicatorBar = { open: 0, high: 0, low: 0, close: 0, volume: 0 };

function addBars(indicator: AnyIndicator, state: IndicatorState, from: number): void {
  for (let i = from; i < from + CALL_BARS; i++) {
    bar.open = columns.opens[i];
    bar.high = columns.highs[i];
    bar.low = columns.lows[i];
    bar.close = columns.closes[i];
    bar.volume = columns.volumes[i];
    indicator.add(state, bar);
  }
}

function addCloses(indicator: AnyIndicator, state: IndicatorState, from: number): void {
  for (let i = from; i < from + CALL_BARS; i++) indicator.add(state, columns.closes[i]);
}

function addToPeer(peer: signals.EMA, from: number): void {
  for (let i = from; i < from + CALL_BARS; i++) peer.add(columns.closes[i]);
}

/** What takes the bars from a row on; the peer's is the EMA of trading-signals. */
function adderOf(name: string): (from: number) => void {
  const peer = new signals.EMA(20);
  if (name === "peer") return (from) => addToPeer(peer, from);
  const indicator = INDICATORS.find((it) => it.name === name);
  if (indicator === undefined) throw new Error(`no indicator ${name}`);
  const state = indicator.create(indicator.defaults);
  return indicator.input === "bar"
    ? (from) => addBars(indicator, state, from)
    : (from) => addCloses(indicator, state, from);
}

const add = adderOf(process.argv[2]);
const bytes: number[] = [];
for (let run = 0; run < WARM_RUNS + RUNS; run++) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let from = 0; from < BARS; from += CALL_BARS) add(from);
  bytes.push((process.memoryUsage().heapUsed - before) / BARS);
}
console.log(JSON.stringify(median(bytes.slice(WARM_RUNS))));

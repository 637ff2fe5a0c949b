/** Does an indicator keep the contract of indicator.ts? One function a clause; each throws what it found. */
import assert from "node:assert/strict";
import v8 from "node:v8";
import type { IndicatorBar, IndicatorState } from "#lib/indicators/indicator.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import { createRandom } from "#lib/prng.ts";
import { earlierBar } from "#tests/lib/indicators/random-inputs.ts";

/** One run: an indicator with its params over some bars. */
export type ContractRun = { indicator: AnyIndicator; params: unknown; bars: readonly IndicatorBar[]; seed: number };

const inputOf = (indicator: AnyIndicator, bar: IndicatorBar): number | IndicatorBar =>
  indicator.input === "value" ? bar.close : bar;

/** The outputs in the order of the descriptor. */
export function outputsOf(indicator: AnyIndicator, state: IndicatorState): number[] {
  const fields = state as unknown as Record<string, number>; // safe: outputs are fields of the state
  return indicator.outputs.map((name) => fields[name]);
}

/** NaN until warmUp inputs were taken, finite from then on, whatever the market does. */
export function keepsWarmUp({ indicator, params, bars }: ContractRun): void {
  const state = indicator.create(params);
  const warmUp = indicator.warmUp(params);
  assert.ok(warmUp < bars.length, `the run of ${bars.length} bars ends within the warm-up of ${warmUp}`);
  for (const [i, bar] of bars.entries()) {
    indicator.add(state, inputOf(indicator, bar));
    assert.equal(state.count, i + 1, "count");
    const isWarm = i + 1 >= warmUp;
    for (const [at, value] of outputsOf(indicator, state).entries()) {
      const wanted = isWarm ? Number.isFinite(value) : Number.isNaN(value);
      assert.ok(wanted, `${indicator.outputs[at]} is ${value} after ${i + 1} inputs, warm-up ${warmUp}`);
    }
  }
}

/** Any number of earlier looks at the newest bar leaves nothing behind, in the outputs or in the whole state. */
export function keepsReplaceLast({ indicator, params, bars, seed }: ContractRun): void {
  const random = createRandom(seed);
  const [addOnly, replaced] = [indicator.create(params), indicator.create(params)];
  for (const [i, bar] of bars.entries()) {
    indicator.add(addOnly, inputOf(indicator, bar));
    indicator.add(replaced, inputOf(indicator, earlierBar(random, bar)));
    while (random() < 0.4) indicator.replaceLast(replaced, inputOf(indicator, earlierBar(random, bar)));
    indicator.replaceLast(replaced, inputOf(indicator, bar));
    assert.deepStrictEqual(outputsOf(indicator, replaced), outputsOf(indicator, addOnly), `outputs after bar ${i + 1}`);
  }
  assert.deepStrictEqual(replaced, addOnly, "state at the end");
}

/** A new state after a run gives what the first gave, also while another state runs beside it. */
export function keepsReset({ indicator, params, bars }: ContractRun): void {
  const beside = indicator.create(params);
  const runs = [0, 1].map((round) => {
    const state = indicator.create(params);
    return bars.map((bar) => {
      indicator.add(state, inputOf(indicator, bar));
      if (round === 1) indicator.add(beside, inputOf(indicator, { ...bar, close: bar.low, volume: 1 }));
      return outputsOf(indicator, state);
    });
  });
  assert.deepStrictEqual(runs[1], runs[0]);
}

/** A copy taken anywhere, also with the newest bar still forming, continues like the original. */
export function keepsSnapshot({ indicator, params, bars, seed }: ContractRun): void {
  const random = createRandom(seed);
  let state = indicator.create(params);
  const original = indicator.create(params);
  for (const bar of bars) {
    indicator.add(original, inputOf(indicator, bar));
    const isForming = random() < 0.5;
    indicator.add(state, inputOf(indicator, isForming ? earlierBar(random, bar) : bar));
    if (random() < 0.1) state = v8.deserialize(v8.serialize(state)) as IndicatorState; // safe: a plain tree
    if (isForming) indicator.replaceLast(state, inputOf(indicator, bar));
    assert.deepStrictEqual(outputsOf(indicator, state), outputsOf(indicator, original));
  }
  assert.deepStrictEqual(state, original, "state at the end");
}

/** The state is numbers, typed arrays and plain records, and never grows or changes its shape. */
export function keepsShape({ indicator, params, bars }: ContractRun): void {
  const state = indicator.create(params);
  const shape = shapeOf(state, "state");
  for (const bar of bars) indicator.add(state, inputOf(indicator, bar));
  assert.deepStrictEqual(shapeOf(state, "state"), shape);
}

/** "state.window.sum number" …; throws at what is no plain data. */
function shapeOf(value: unknown, path: string): string[] {
  if (typeof value === "number") return [`${path} number`];
  if (ArrayBuffer.isView(value)) return [`${path} ${value.constructor.name} of ${value.byteLength} bytes`];
  assert.ok(typeof value === "object" && value !== null, `${path} is ${typeof value}`);
  assert.equal(Object.getPrototypeOf(value), Object.prototype, `${path} is no plain record`);
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`));
}

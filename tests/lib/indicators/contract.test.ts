/** Do all indicators keep the one contract? Random walks with replaced bars, snapshots anywhere, and planted faults. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addEma, ema } from "#lib/indicators/ema.ts";
import type { IndicatorState } from "#lib/indicators/indicator.ts";
import { type AnyIndicator, INDICATORS } from "#lib/indicators/registry.ts";
import {
  type ContractRun,
  keepsReplaceLast,
  keepsReset,
  keepsShape,
  keepsSnapshot,
  keepsWarmUp,
} from "#tests/lib/indicators/contract.ts";
import { randomBars } from "#tests/lib/indicators/random-inputs.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

const CLAUSES = [keepsWarmUp, keepsReplaceLast, keepsReset, keepsSnapshot, keepsShape];

/** The defaults, and all their look-backs (whole numbers above 3) made shorter or longer alike. */
const scaled = (defaults: unknown, factor: number): unknown =>
  Object.fromEntries(
    Object.entries(defaults as Record<string, unknown>).map(([name, value]) => {
      const isLookBack = Number.isInteger(value) && (value as number) > 3;
      return [name, isLookBack ? Math.max(2, Math.round((value as number) * factor)) : value];
    }),
  );

const runOf = (indicator: AnyIndicator): fc.Arbitrary<ContractRun> =>
  fc
    .record({ seed: fc.nat(), factor: fc.constantFrom(0.5, 1, 1.7), more: fc.integer({ min: 1, max: 400 }) })
    .map((draw) => {
      const params = scaled(indicator.defaults, draw.factor);
      return { indicator, params, seed: draw.seed, bars: randomBars(draw.seed, indicator.warmUp(params) + draw.more) };
    });

for (const indicator of INDICATORS) {
  test(`${indicator.name} keeps the contract`, (t) => {
    const property = fc.property(runOf(indicator), (run) => {
      for (const keeps of CLAUSES) keeps(run);
    });
    checkTwice(property, { runs: 25, print: (line) => t.diagnostic(line) });
  });
}

test("each indicator has its own name, and outputs that are fields of its state", () => {
  const names = INDICATORS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, names.join(", "));
  for (const indicator of INDICATORS) {
    const state = indicator.create(indicator.defaults);
    for (const output of indicator.outputs) assert.ok(Object.hasOwn(state, output), `${indicator.name}.${output}`);
  }
});

test("the contract finds each planted fault", () => {
  const bars = randomBars(7, 200);
  const plain = ema as AnyIndicator;
  const fails = (keeps: (run: ContractRun) => void, fault: Partial<AnyIndicator>) =>
    assert.throws(
      () => keeps({ indicator: { ...plain, ...fault }, params: plain.defaults, bars, seed: 7 }),
      keeps.name,
    );
  const add = (state: IndicatorState, input: unknown) => addEma(state as never, input as number);
  let leaked = 0;
  const addLeaking = (state: IndicatorState, input: unknown) => {
    leaked = (input as number) + leaked / 2;
    add(state, leaked);
  };
  fails(keepsWarmUp, { warmUp: () => 19 });
  fails(keepsWarmUp, { warmUp: () => 21 });
  fails(keepsReplaceLast, { replaceLast: add });
  fails(keepsReplaceLast, { replaceLast: () => undefined });
  fails(keepsReset, { add: addLeaking });
  fails(keepsSnapshot, { create: (params) => Object.assign(plain.create(params), { made: () => 0 }) });
  fails(keepsShape, { create: (params) => Object.assign(plain.create(params), { made: () => 0 }) });
  fails(keepsShape, { add: (state, input) => add(Object.assign(state, { [`v${state.count}`]: 0 }), input) });
});

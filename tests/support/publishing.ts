/** Does an analysis publish the same whatever comes later, and after its state was stored and taken up again? */
import assert from "node:assert/strict";
import { deserialize, serialize } from "node:v8";

/** How a module is driven: a state, one closed bar into it, what it publishes for that bar. */
export type Driven<State, Input, Output> = {
  create(): State;
  add(state: State, input: Input): void;
  read(state: State): Output;
};

/** What is published for each input. */
export function published<State, Input, Output>(
  module: Driven<State, Input, Output>,
  inputs: readonly Input[],
): Output[] {
  const state = module.create();
  return inputs.map((input) => {
    module.add(state, input);
    return module.read(state);
  });
}

/** Cuts the inputs at several points: up to there the same must be published, and nothing published changes later. */
export function assertNoLookAhead<Input, Output>(
  run: (inputs: readonly Input[]) => Output[],
  inputs: readonly Input[],
): void {
  const whole = run(inputs).map((output) => JSON.stringify(output));
  assert.equal(whole.length, inputs.length);
  for (const share of [0.07, 0.31, 0.5, 0.77, 0.98]) {
    const cut = Math.floor(share * inputs.length);
    const part = run(inputs.slice(0, cut));
    assert.deepEqual(
      part.map((output) => JSON.stringify(output)),
      whole.slice(0, cut),
      `cut behind input ${cut} of ${inputs.length}`,
    );
  }
}

/** The state is written and read back every `every` inputs; what is published stays the same to the last bit. */
export function assertRestores<State, Input, Output>(
  module: Driven<State, Input, Output>,
  inputs: readonly Input[],
  every = 97,
): void {
  const straight = published(module, inputs);
  let state = module.create();
  inputs.forEach((input, at) => {
    if (at % every === every - 1) state = deserialize(serialize(state));
    module.add(state, input);
    assert.deepEqual(module.read(state), straight[at], `input ${at}`);
  });
}

/** Bytes of a state as a snapshot writes it. */
export function snapshotBytes(state: unknown): number {
  return serialize(state).byteLength;
}

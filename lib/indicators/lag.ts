/** Which value came N inputs before the newest? */
import { assertPeriod } from "#lib/indicators/period.ts";

/** A ring of N + 1 values, the newest among them. */
export type Lag = {
  ring: Float64Array;
  /** Slot of the newest value; −1 before the first. */
  at: number;
  /** The value N inputs before the newest; 0 until there is one. */
  value: number;
};

export function createLag(period: number): Lag {
  assertPeriod(period);
  return { ring: new Float64Array(period + 1), at: -1, value: 0 };
}

/** With N = 2: 5, 6, 7 → 5. */
export function addLag(state: Lag, value: number): void {
  commitLag(state);
  replaceLastLag(state, value);
}

/** Makes room for the next value, which replaceLast then sets. */
export function commitLag(state: Lag): void {
  const { ring } = state;
  const at = state.at + 1 === ring.length ? 0 : state.at + 1;
  state.at = at;
  state.value = ring[at + 1 === ring.length ? 0 : at + 1];
}

export function replaceLastLag(state: Lag, value: number): void {
  state.ring[state.at] = value;
}

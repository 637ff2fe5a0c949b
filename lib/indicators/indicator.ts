/** What is an indicator to its users? A plain state that takes one input at a time, O(1), without allocation. */

/** What an indicator of bars reads; prices in one unit (ticks in the engine), volume in contracts; reuse the object. */
export type IndicatorBar = { open: number; high: number; low: number; close: number; volume: number };

/** What is common to all states: a plain tree of numbers and typed arrays, so that a copy of it is a snapshot. */
export type IndicatorState = {
  /** Inputs taken, the newest included. */
  count: number;
};

/**
 * One streaming indicator. `add` takes the next input; `replaceLast` takes the newest input anew (the forming bar has
 * moved) and leaves what `add` alone would have given. Values stand in the fields named in `outputs`: NaN until
 * `warmUp(params)` inputs were taken. A reset is a new state.
 */
export type Indicator<Params, State extends IndicatorState, Input extends number | IndicatorBar> = {
  name: string;
  input: Input extends number ? "value" : "bar";
  defaults: Params;
  outputs: readonly (keyof State & string)[];
  create(params: Params): State;
  add(state: State, input: Input): void;
  replaceLast(state: State, input: Input): void;
  warmUp(params: Params): number;
};

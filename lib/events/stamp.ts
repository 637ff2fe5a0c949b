/** When, and as the how-manieth, did something reach us? The part that every event shares. */

/**
 * Filled in by the sequencer and by nobody else; zeros before.
 * `nowMs` is the engine's clock: wall time in LIVE and DELAYED, the feed's virtual time in SIM and REPLAY, never
 * running back. `receivedMs` is wall time, never running back.
 */
export type Stamp = { seq: number; nowMs: number; receivedMs: number };

export const UNSTAMPED: Readonly<Stamp> = { seq: 0, nowMs: 0, receivedMs: 0 };

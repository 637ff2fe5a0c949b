/** How often has this caller guessed at the key? Wrong guesses are counted by address and minute. */

import { HTTP_CALLERS_MAX, KEY_TRIES_PER_MINUTE_MAX } from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

type Tries = { wrong: number; sinceMs: number };

/** Counts wrong keys; beyond HTTP_CALLERS_MAX addresses the one that began first is forgotten. */
export class KeyTries {
  readonly #callers = new Map<string, Tries>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** May this address not try again before its minute is over, not even with the right key? */
  isLocked(address: string): boolean {
    const tries = this.#callers.get(address);
    if (tries === undefined) return false;
    if (this.#isOver(tries)) this.#callers.delete(address);
    return !this.#isOver(tries) && tries.wrong >= KEY_TRIES_PER_MINUTE_MAX;
  }

  countWrong(address: string): void {
    const tries = this.#callers.get(address);
    if (tries !== undefined && !this.#isOver(tries)) {
      tries.wrong += 1;
      return;
    }
    this.#callers.delete(address);
    const oldest = this.#callers.size >= HTTP_CALLERS_MAX ? this.#callers.keys().next() : null;
    if (oldest !== null && !oldest.done) this.#callers.delete(oldest.value);
    this.#callers.set(address, { wrong: 1, sinceMs: this.#nowMs() });
  }

  #isOver(tries: Tries): boolean {
    return this.#nowMs() - tries.sinceMs >= MS_PER_MINUTE;
  }
}

/** How many events a second? Counted in whole seconds, averaged over the newest five. */

const SECONDS = 5;
const SLOTS = SECONDS + 1;

export class EventRate {
  readonly #counts = new Float64Array(SLOTS);
  readonly #seconds = new Float64Array(SLOTS).fill(-1);

  add(nowMs: number, events: number): void {
    const second = Math.floor(nowMs / 1_000);
    const slot = second % SLOTS;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts[slot] = 0;
    }
    this.#counts[slot] += events;
  }

  /** Mean of the five whole seconds before `nowMs`. */
  perSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    let sum = 0;
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const age = second - this.#seconds[slot];
      if (age >= 1 && age <= SECONDS) sum += this.#counts[slot];
    }
    return sum / SECONDS;
  }
}

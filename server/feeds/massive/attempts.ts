/** When is the vendor tried again? While it is wanted: after growing waits, or at once when a person says so. */
import type { BackOff } from "#server/feeds/back-off.ts";
import type { EndKind } from "./connection.ts";

export type AttemptsOptions = {
  backOff: BackOff;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
};

const PATIENCE_MAX = 16;

export class Attempts {
  /** A socket that was found frozen is borne twice as long the next time: so many times the usual. */
  patience = 1;
  readonly #options: AttemptsOptions;
  #isWanted = true;
  /** Ends a wait at once. */
  #nudge = new AbortController();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** False: stopped by a person, or given up; `want` begins again. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  want(): void {
    this.#isWanted = true;
    this.#options.backOff.reset();
    this.#nudge.abort();
  }

  giveUp(): void {
    this.#isWanted = false;
    this.#nudge.abort();
  }

  /** Data are granted: the next trouble is the first again. */
  succeeded(): void {
    this.#options.backOff.reset();
  }

  /** A connection ended in a way that may pass: how long to wait, ms. */
  nextWaitMs(kind: EndKind): number {
    if (kind === "frozen") this.patience = Math.min(PATIENCE_MAX, this.patience * 2);
    return this.#options.backOff.next();
  }

  /** Waits so long, or shorter: until the feed is wanted or given up, or the process ends. */
  wait(ms: number): Promise<void> {
    return this.#options.sleep(ms, this.#nextSignal());
  }

  /** Resolves when it is wanted, or the process ends. */
  async untilWanted(): Promise<void> {
    while (!this.#isWanted && !this.#options.signal.aborted) {
      const signal = this.#nextSignal();
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
  }

  #nextSignal(): AbortSignal {
    this.#nudge = new AbortController();
    return AbortSignal.any([this.#nudge.signal, this.#options.signal]);
  }
}

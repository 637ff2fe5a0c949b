/** Are the data really live, or ten minutes late? Judged from arrival − exchange time, whatever the host is called. */
import type { Mode } from "#lib/events/clock.ts";

/** Data at least this late are delayed: the vendor's delay is 600 s, a live path stays far below. */
export const DELAYED_FROM_MS = 120_000;
/** So many messages in a row decide about a connection that has proved nothing yet. */
const PROOFS = 3;
/** A connection that was proved must contradict itself for so long, without one message that speaks for it. */
const CONTRADICTION_MS = 10_000;
/** What comes no more decides by itself after this. */
const SILENCE_MS = 3_000;

/** How late a delayed host is until it was measured. */
const DELAYED_MS = 600_000;

export type LiveMode = Extract<Mode, "LIVE" | "DELAYED">;
/** wait: hold events back. right: publish. wrong: the data are of the other mode. */
export type Verdict = "wait" | "right" | "wrong";

/** How far the data lag behind the clock by the vendor's own word: DELAYED → 600,000 ms. */
export function usualDelayMs(mode: LiveMode): number {
  return mode === "DELAYED" ? DELAYED_MS : 0;
}

/** One connection's proof that its data are of `mode`; a new one begins with each connection. */
export class Timeliness {
  readonly #mode: LiveMode;
  #isProved = false;
  #against = 0;
  #againstSinceMs = Number.POSITIVE_INFINITY;

  constructor(mode: LiveMode) {
    this.#mode = mode;
  }

  /** One message that arrived at `nowMs` with such a delay. LIVE and 600,000 ms three times → "wrong". */
  note(nowMs: number, delayMs: number): Verdict {
    const seen: LiveMode = delayMs >= DELAYED_FROM_MS ? "DELAYED" : "LIVE";
    if (seen === this.#mode) {
      this.#isProved = true;
      this.#against = 0;
      this.#againstSinceMs = Number.POSITIVE_INFINITY;
      return "right";
    }
    this.#against += 1;
    if (this.#against === 1) this.#againstSinceMs = nowMs;
    return this.verdict(nowMs);
  }

  /** The verdict as time goes on without a message. */
  verdict(nowMs: number): Verdict {
    if (this.#against === 0) return this.#isProved ? "right" : "wait";
    const againstMs = nowMs - this.#againstSinceMs;
    if (this.#isProved) return againstMs >= CONTRADICTION_MS && this.#against >= PROOFS ? "wrong" : "right";
    return this.#against >= PROOFS || againstMs >= SILENCE_MS ? "wrong" : "wait";
  }
}

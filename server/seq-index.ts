/** With which seq did an hour begin? Lets a reader of the log skip what lies before. */
import { SEQ_INDEX_MAX } from "#lib/limits.ts";
import { MS_PER_HOUR } from "#lib/units.ts";

export class SeqIndex {
  #hours: { fromMs: number; seq: number }[] = [];
  #nextMs = Number.NEGATIVE_INFINITY;

  /** Every event's seq and feed time, in order. */
  note(seq: number, nowMs: number): void {
    if (nowMs < this.#nextMs) return;
    const fromMs = Math.floor(nowMs / MS_PER_HOUR) * MS_PER_HOUR;
    this.#nextMs = fromMs + MS_PER_HOUR;
    this.#hours.push({ fromMs, seq });
    if (this.#hours.length > SEQ_INDEX_MAX) this.#hours.shift();
  }

  /** The hours known, oldest first: what a snapshot keeps. */
  get hours(): { fromMs: number; seq: number }[] {
    return this.#hours;
  }

  /** Goes on behind these hours. */
  restore(hours: readonly { fromMs: number; seq: number }[]): void {
    this.#hours = [...hours];
    const last = hours.at(-1);
    this.#nextMs = last === undefined ? Number.NEGATIVE_INFINITY : last.fromMs + MS_PER_HOUR;
  }

  /** A seq at or before every event of feed time `ms` and later; 0 where the index does not reach back so far. */
  firstSeqOf(ms: number): number {
    let seq = 0;
    for (const hour of this.#hours) {
      if (hour.fromMs > ms) break;
      seq = hour.seq;
    }
    return seq;
  }
}

/** How long do flushes take, over the last minute? Median and 99th percentile of the newest samples. */
import { FLUSH_SAMPLES_MAX } from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

export class FlushTimes {
  readonly #atMs = new Float64Array(FLUSH_SAMPLES_MAX);
  readonly #tookMs = new Float64Array(FLUSH_SAMPLES_MAX);
  #count = 0;
  /** How long they take lately, ms: each flush moves it an eighth of the way. Infinity before the first. */
  latelyMs = Number.POSITIVE_INFINITY;

  /** A flush that ended at `atMs` took `tookMs`; the oldest sample goes when the ring is full. */
  add(atMs: number, tookMs: number): void {
    const slot = this.#count % FLUSH_SAMPLES_MAX;
    this.#atMs[slot] = atMs;
    this.#tookMs[slot] = tookMs;
    this.#count += 1;
    this.latelyMs = Number.isFinite(this.latelyMs) ? this.latelyMs + (tookMs - this.latelyMs) / 8 : tookMs;
  }

  /** Nearest-rank percentiles in ms; null where no flush ended in the minute before `nowMs`. */
  percentiles(nowMs: number): { p50: number | null; p99: number | null } {
    const used = Math.min(this.#count, FLUSH_SAMPLES_MAX);
    const recent: number[] = [];
    for (let slot = 0; slot < used; slot += 1) {
      if (nowMs - this.#atMs[slot] <= MS_PER_MINUTE) recent.push(this.#tookMs[slot]);
    }
    if (recent.length === 0) return { p50: null, p99: null };
    recent.sort((a, b) => a - b);
    const rank = (part: number): number => recent[Math.max(0, Math.ceil(part * recent.length) - 1)];
    return { p50: rank(0.5), p99: rank(0.99) };
  }
}

/** How long from a tick's arrival at the server to the frame that showed it? The newest few hundred samples. */

const SAMPLES_MAX = 512;

export class LagMeter {
  readonly #samplesMs = new Float64Array(SAMPLES_MAX);
  #count = 0;

  add(lagMs: number): void {
    this.#samplesMs[this.#count % SAMPLES_MAX] = lagMs;
    this.#count += 1;
  }

  /** The q-quantile (0 to 1, nearest rank) of the kept samples, ms; null without samples. */
  quantileMs(q: number): number | null {
    const size = Math.min(this.#count, SAMPLES_MAX);
    if (size === 0) return null;
    const sorted = this.#samplesMs.slice(0, size).sort();
    return sorted[Math.min(size - 1, Math.floor(q * size))];
  }

  clear(): void {
    this.#count = 0;
  }
}

/** Which trades of a contract are known already? Their newest numbers, by the vendor's own count. */
import { MASSIVE_KNOWN_SEQS_MAX } from "#lib/limits.ts";

/** Numbers are added with every trade, and asked for in bulk when a gap's answer came: only then are they sorted. */
export class KnownSeqs {
  readonly #ring = new Float64Array(MASSIVE_KNOWN_SEQS_MAX).fill(-1);
  #next = 0;
  #newest = -1;
  /** What the ring holds; null: not since the last number was added. */
  #index: Set<number> | null = null;

  add(seq: number): void {
    this.#ring[this.#next] = seq;
    this.#next = this.#next + 1 === MASSIVE_KNOWN_SEQS_MAX ? 0 : this.#next + 1;
    if (seq > this.#newest) this.#newest = seq;
    this.#index = null;
  }

  has(seq: number): boolean {
    if (seq > this.#newest) return false;
    this.#index ??= new Set(this.#ring);
    return this.#index.has(seq);
  }
}

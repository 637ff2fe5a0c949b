/** Which trades of a contract are known already? Their newest numbers, by the vendor's own count. */
import { MASSIVE_KNOWN_SEQS_MAX } from "#lib/limits.ts";

export class KnownSeqs {
  readonly #ring = new Float64Array(MASSIVE_KNOWN_SEQS_MAX).fill(-1);
  readonly #known = new Set<number>();
  #next = 0;

  add(seq: number): void {
    if (this.#known.has(seq)) return;
    this.#known.delete(this.#ring[this.#next]);
    this.#ring[this.#next] = seq;
    this.#known.add(seq);
    this.#next = (this.#next + 1) % this.#ring.length;
  }

  has(seq: number): boolean {
    return this.#known.has(seq);
  }
}

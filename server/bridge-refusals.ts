/** Which posts of a bridge were refused, and why? Counted by error code, with the newest words of each. */
import type { CodedError } from "#server/errors.ts";

export class BridgeRefusals {
  readonly #counts = new Map<string, { count: number; last: string }>();

  add(address: string, { code, message, detail }: CodedError): void {
    const { field, expected, received } = detail;
    const where = field === undefined ? message : `${field} was ${received}, expected ${expected}`;
    const count = (this.#counts.get(code)?.count ?? 0) + 1;
    this.#counts.set(code, { count, last: `${address}: ${where}` });
  }

  /** "bridge BAD_SHAPE": how many, and the newest. */
  rows(): { reason: string; count: number; last: string }[] {
    return [...this.#counts].map(([code, counted]) => ({ reason: `bridge ${code}`, ...counted }));
  }
}

/** What did the feed drop, and why? Counted by reason, with the newest words of each. */
import { REJECT_REASONS, type RejectReason } from "#server/feeds/feed.ts";

export class RejectCounts {
  readonly #counts = new Map<RejectReason, { count: number; last: string }>();

  add(reason: RejectReason, detail: string): void {
    const known = this.#counts.get(reason);
    if (known === undefined) this.#counts.set(reason, { count: 1, last: detail });
    else {
      known.count++;
      known.last = detail;
    }
  }

  /** Rows in the order of REJECT_REASONS, only those that happened. */
  rows(): { reason: string; count: number; last: string }[] {
    return REJECT_REASONS.flatMap((reason) => {
      const known = this.#counts.get(reason);
      return known === undefined ? [] : [{ reason, ...known }];
    });
  }
}

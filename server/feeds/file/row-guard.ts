/** May this row pass? Counts what is dropped and why, and watches each channel's time. */
import { CONTRACTS_MAX, LATE_TRADE_MS_MAX } from "#lib/limits.ts";
import type { RejectReason } from "#server/feeds/feed.ts";
import { describeFault, type FileFault } from "./file-feed-error.ts";

/** Order is judged per contract and channel. */
export const CHANNEL = { trades: 0, quotes: 1, bars: 2 } as const;
export type Channel = (typeof CHANNEL)[keyof typeof CHANNEL];
const CHANNELS = 3;

export type RejectListener = (reason: RejectReason, detail: string) => void;

/** One file's: a new one begins at the file's first row. */
export class RowGuard {
  readonly file: string;
  rejected = 0;
  /** The first drop, in words: what is said where no row of a file's head is good. */
  firstFault: { reason: RejectReason; fault: FileFault } | null = null;
  readonly #listener: RejectListener | null;
  readonly #newestMs = new Float64Array(CONTRACTS_MAX * CHANNELS).fill(Number.NEGATIVE_INFINITY);
  /** Per contract over all channels: what keeps `dueMs` from falling. */
  readonly #newestDueMs = new Float64Array(CONTRACTS_MAX).fill(Number.NEGATIVE_INFINITY);

  constructor(file: string, listener: RejectListener | null) {
    this.file = file;
    this.#listener = listener;
  }

  reject(reason: RejectReason, place: { line: number; field: string; was: string; expected: string }): void {
    this.rejected += 1;
    const fault: FileFault = { file: this.file, ...place };
    this.firstFault ??= { reason, fault };
    if (this.#listener !== null) this.#listener(reason, describeFault(fault));
  }

  /** Newest time of a contract and channel so far; −Infinity before the first. */
  newestMs(slot: number, channel: Channel): number {
    return this.#newestMs[slot * CHANNELS + channel];
  }

  /** False where the row lies more than LATE_TRADE_MS_MAX behind the newest; else takes note of its time. */
  isInOrder(slot: number, channel: Channel, timeMs: number): boolean {
    const at = slot * CHANNELS + channel;
    const newestMs = this.#newestMs[at];
    if (timeMs < newestMs - LATE_TRADE_MS_MAX) return false;
    if (timeMs > newestMs) this.#newestMs[at] = timeMs;
    return true;
  }

  /** When a row that is in order is published: never before an earlier row of its contract. */
  dueMs(slot: number, timeMs: number): number {
    if (timeMs > this.#newestDueMs[slot]) this.#newestDueMs[slot] = timeMs;
    return this.#newestDueMs[slot];
  }
}

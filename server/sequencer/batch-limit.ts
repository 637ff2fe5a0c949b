/** How many events may one batch have? Halved and doubled so that the event loop gets its turn every few ms. */
import { BATCH_EVENTS_MAX, BATCH_EVENTS_MIN, BATCH_MS } from "#lib/limits.ts";

export class BatchLimit {
  events = 1_024;

  /** A batch of so many events took so long. */
  adapt(events: number, tookMs: number): void {
    if (tookMs > BATCH_MS) this.events = Math.max(BATCH_EVENTS_MIN, this.events >> 1);
    else if (events === this.events && tookMs < BATCH_MS / 3)
      this.events = Math.min(BATCH_EVENTS_MAX, this.events << 1);
  }
}

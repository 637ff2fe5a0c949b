/** Which events did the engine break at? Every replay skips them, and their content is refused from then on. */
import { createHash } from "node:crypto";
import { appendEvent } from "#lib/events/codec.ts";
import { beginFrame, createFrameWriter, finishFrame, PAYLOAD_HEAD_BYTES } from "#lib/events/codec-frame.ts";
import type { Poisoned } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";

/** What the log keeps of an event that the engine broke at. */
export function poisonedBy(event: InputEvent, reason: string): Poisoned {
  return { type: "Poisoned", seq: event.seq, eventType: event.type, contentHash: contentHash(event), reason };
}

/** SHA-256, in hex, of what an event says: equal for equal events, whatever their seq and clocks. */
export function contentHash(event: InputEvent): string {
  const writer = createFrameWriter(1_024);
  beginFrame(writer, event.seq);
  appendEvent(writer, { ...event, nowMs: 0, receivedMs: 0 });
  return createHash("sha256").update(finishFrame(writer).subarray(PAYLOAD_HEAD_BYTES)).digest("hex");
}

export class Quarantine {
  readonly #bySeq = new Map<number, Poisoned>();
  readonly #hashes = new Set<string>();

  constructor(known: readonly Poisoned[] = []) {
    for (const poisoned of known) this.add(poisoned);
  }

  /** In the order in which they were found. */
  get list(): readonly Poisoned[] {
    return [...this.#bySeq.values()];
  }

  has(seq: number): boolean {
    return this.#bySeq.has(seq);
  }

  add(poisoned: Poisoned): void {
    this.#bySeq.set(poisoned.seq, poisoned);
    this.#hashes.add(poisoned.contentHash);
  }

  /** Is this event's content one that the engine broke at? Costs nothing while there is none. */
  refuses(event: InputEvent): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(contentHash(event));
  }
}

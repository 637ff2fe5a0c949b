/** Which events wait for their turn? First in, first out, without moving the rest at every take. */
import type { InputEvent } from "#lib/events/event.ts";

const COMPACT_AT = 8_192;

export class EventQueue {
  #events: InputEvent[] = [];
  /** Events before this index are taken. */
  #head = 0;

  get length(): number {
    return this.#events.length - this.#head;
  }

  push(event: InputEvent): void {
    this.#events.push(event);
  }

  /** The oldest event; the caller has looked at `length`. */
  take(): InputEvent {
    const event = this.#events[this.#head];
    this.#head += 1;
    if (this.#head === this.#events.length) {
      this.#events.length = 0;
      this.#head = 0;
    } else if (this.#head === COMPACT_AT) {
      this.#events = this.#events.slice(COMPACT_AT);
      this.#head = 0;
    }
    return event;
  }

  takeAll(): InputEvent[] {
    const all = this.#events.slice(this.#head);
    this.#events = [];
    this.#head = 0;
    return all;
  }
}

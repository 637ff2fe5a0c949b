/** Who waits for which event? From publishDurable until the event's batch, with its facts, is in the log. */
import type { InputEvent } from "#lib/events/event.ts";
import type { Outcome } from "#lib/outputs/output.ts";
import type { DurableWaiter, FlushQueue } from "./flush-queue.ts";

type Concluded = { seq: number; outcome: Outcome; waiter: DurableWaiter };

export class DurableAnswers {
  readonly #waiters = new Map<InputEvent, DurableWaiter>();
  readonly #concluded: Concluded[] = [];

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  add(event: InputEvent, waiter: DurableWaiter): void {
    this.#waiters.set(event, waiter);
  }

  /** True where somebody waited: he is refused, and nothing has changed. */
  refuse(event: InputEvent, error: Error): boolean {
    const waiter = this.#waiters.get(event);
    this.#waiters.delete(event);
    waiter?.reject(error);
    return waiter !== undefined;
  }

  /** The engine has seen the event; its batch's facts are not written yet. */
  conclude(event: InputEvent, outcome: Outcome): void {
    const waiter = this.#waiters.get(event);
    if (waiter === undefined) return;
    this.#waiters.delete(event);
    this.#concluded.push({ seq: event.seq, outcome, waiter });
  }

  /** The facts are written: what is concluded is answered by the next flush. */
  release(flush: FlushQueue): void {
    for (const concluded of this.#concluded.splice(0)) flush.add(concluded);
  }

  refuseAll(error: Error): void {
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
    for (const { waiter } of this.#concluded.splice(0)) waiter.reject(error);
  }
}

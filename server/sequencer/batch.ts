/** How does one batch go its way? Its events into the log, then through the engine, then its facts behind them. */
import { beginFrame, createFrameWriter, type FrameWriter } from "#lib/events/codec-frame.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { BATCH_BYTES_MAX, CONTRACTS_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { appendFact } from "#lib/outputs/fact-codec.ts";
import { createOutputs, type Outputs } from "#lib/outputs/output.ts";
import { CodedError } from "#server/errors.ts";
import type { Logger } from "#server/logger.ts";
import type { DurableAnswers } from "./durable-answers.ts";
import type { EventQueue } from "./event-queue.ts";
import { reasonOf } from "./log-disk.ts";
import type { LogWriter } from "./log-writer.ts";
import { poisonedBy, type Quarantine } from "./quarantine.ts";
import type { SequencedEngine } from "./sequenced-engine.ts";

export type BatchParts = {
  engine: SequencedEngine;
  writer: LogWriter;
  answers: DurableAnswers;
  quarantine: Quarantine;
  logger: Pick<Logger, "error">;
};

export class Batch {
  readonly events: InputEvent[] = [];
  /** What the engine concluded of it; whoever releases it clears it. */
  readonly outputs: Outputs = createOutputs(CONTRACTS_MAX);
  readonly #parts: BatchParts;
  /** While the log refuses them they stay here, and nothing behind them is written. */
  readonly #facts: FrameWriter = createFrameWriter();
  readonly #putFact = (fact: Fact): void => appendFact(this.#facts, fact);

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  /** Forgets the former batch and takes events off the queue; returns how many were dropped. */
  fill(queue: EventQueue, eventsMax: number): number {
    const { writer } = this.#parts;
    const { events } = this;
    events.length = 0;
    writer.beginBatch();
    const firstSeq = writer.writtenSeq + 1;
    let dropped = 0;
    while (queue.length > 0 && events.length < eventsMax && writer.batchBytes < BATCH_BYTES_MAX) {
      const event = queue.take();
      event.seq = firstSeq + events.length;
      const refusal = this.#append(event);
      if (refusal === null) events.push(event);
      else if (!this.#parts.answers.refuse(event, refusal)) dropped += 1;
    }
    return dropped;
  }

  /** An event that does not fit the log is its publisher's defect: refused or dropped loudly, the rest goes on. */
  #append(event: InputEvent): CodedError | null {
    try {
      this.#parts.writer.append(event);
      return null;
    } catch (error) {
      const message = reasonOf(error);
      this.#parts.logger.error({ event, reason: message }, "An event cannot be written and was dropped");
      return new CodedError("BAD_SHAPE", { message });
    }
  }

  /** Before anything reacts. False: the log refuses, the engine has seen nothing. */
  writeEvents(): boolean {
    return this.#parts.writer.write({ factsFollow: true });
  }

  /** Through the engine. An error: it broke inside an event, which is set aside; the process must end. */
  process(): Error | null {
    const { engine, answers, writer } = this.#parts;
    const { events, outputs } = this;
    const hasWaiters = !answers.isEmpty;
    beginFrame(this.#facts, writer.writtenSeq + 1);
    let at = 0;
    try {
      for (; at < events.length; at += 1) {
        const event = events[at];
        const from = outputs.list.length;
        const outcome = engine.process(event, outputs);
        if (outputs.list.length > from) engine.conclude(event, outputs, from, this.#putFact);
        if (hasWaiters) answers.conclude(event, outcome);
      }
      return null;
    } catch (error) {
      this.#setAside(events[at], reasonOf(error));
      return new Error(`the engine failed at seq ${events[at].seq}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** The state is half changed: the next start goes without this event. */
  #setAside(event: InputEvent, reason: string): void {
    const { writer, answers, quarantine } = this.#parts;
    const poisoned = poisonedBy(event, reason);
    quarantine.add(poisoned);
    answers.refuse(event, new CodedError("QUARANTINED"));
    beginFrame(this.#facts, writer.writtenSeq + 1);
    writer.writeFacts(this.#facts);
    writer.beginBatch();
    writer.appendBookkeeping(poisoned);
    writer.write();
  }

  /** False: the log refuses. Nothing of the batch counts as flushed, and nothing more is written, before they are. */
  writeFacts(): boolean {
    return this.#parts.writer.writeFacts(this.#facts);
  }
}

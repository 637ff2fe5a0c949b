/** Does this code conclude from a log what was concluded when it was written? A fresh engine goes through it. */
import { isDeepStrictEqual } from "node:util";
import { createEngine } from "#lib/engine/engine.ts";
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { readFact } from "#lib/outputs/fact-codec.ts";
import { clearOutputs, createOutputs } from "#lib/outputs/output.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";

export type ReplayQuery = {
  /** The run's log. */
  folder: string;
  /** Digests and facts of these seqs are compared; the engine always begins with the log's first event. */
  fromSeq: number;
  toSeq: number;
  /** Only what this very version recorded is compared. */
  version: { codeVersion: string; nodeVersion: string };
};

export type Difference = { seq: number; what: string; was: string; expected: string };

export type Replayed = {
  events: number;
  lastSeq: number;
  digests: number;
  facts: number;
  skipped: number;
  tookMs: number;
  /** Null: everything compared was equal. */
  difference: Difference | null;
};

/** Stops at the first difference. Writes nothing; the log may grow meanwhile. Throws LogCorruptError. */
export function replayLog(query: ReplayQuery): Replayed {
  const startMs = performance.now();
  const replay = new LogReplay(query, poisonedSeqs(query.folder));
  using cursor = new LogCursor(query.folder);
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    // A frame without events belongs to the batch before it.
    if (frame.firstSeq > query.toSeq + (frame.events === 0 ? 1 : 0)) break;
    replay.frame(frame.payload, frame.events);
    if (replay.result.difference !== null) break;
  }
  return { ...replay.result, tookMs: performance.now() - startMs };
}

/** Events at which the engine once broke: every replay skips them. Their marks stand in frames without events. */
function poisonedSeqs(folder: string): ReadonlySet<number> {
  const seqs = new Set<number>();
  const bookkeeping = (record: Bookkeeping): void => {
    if (record.type === "Poisoned") seqs.add(record.seq);
  };
  using cursor = new LogCursor(folder);
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    if (frame.events === 0) decodeFrame(frame.payload, () => {}, { bookkeeping });
  }
  return seqs;
}

class LogReplay {
  readonly result: Replayed = { events: 0, lastSeq: 0, digests: 0, facts: 0, skipped: 0, tookMs: 0, difference: null };
  readonly #query: ReplayQuery;
  readonly #poisoned: ReadonlySet<number>;
  readonly #engine = createEngine();
  readonly #outputs = createOutputs(CONTRACTS_MAX);
  readonly #decode = {
    scratch: createDecodeScratch(),
    bookkeeping: (record: Bookkeeping): void => {
      if (record.type === "DigestRecorded") this.#compareDigest(record.seq, record.digest);
    },
    fact: (view: DataView, at: number): void => this.#compareFact(readFact(view, at)),
  };
  /** Concluded here, not yet met in the log. */
  #concluded: Fact[] = [];
  #isOwnVersion = false;

  constructor(query: ReplayQuery, poisoned: ReadonlySet<number>) {
    this.#query = query;
    this.#poisoned = poisoned;
  }

  frame(payload: Uint8Array, events: number): void {
    if (events > 0) this.#expectNoFact();
    decodeFrame(payload, this.#take, this.#decode);
    clearOutputs(this.#outputs);
  }

  readonly #putFact = (fact: Fact): void => {
    this.#concluded.push(fact);
  };

  readonly #take = (event: InputEvent): void => {
    const { result } = this;
    if (event.seq > this.#query.toSeq) return;
    result.lastSeq = event.seq;
    if (this.#poisoned.has(event.seq)) {
      result.skipped += 1;
      return;
    }
    const outputs = this.#outputs;
    this.#engine.process(event, outputs);
    if (outputs.list.length > 0) this.#engine.conclude(event, outputs, 0, this.#putFact);
    outputs.list.length = 0;
    result.events += 1;
    if (event.type !== "EngineStarted") return;
    const { codeVersion, nodeVersion } = this.#query.version;
    this.#isOwnVersion = event.codeVersion === codeVersion && event.nodeVersion === nodeVersion;
  };

  #isCompared(seq: number): boolean {
    return this.#isOwnVersion && seq >= this.#query.fromSeq && seq <= this.#query.toSeq;
  }

  #compareDigest(seq: number, recorded: string): void {
    if (!this.#isCompared(seq)) return;
    this.result.digests += 1;
    const computed = this.#engine.digest();
    if (computed === recorded) return;
    this.#differs({ seq, what: "digest of the state", was: computed, expected: recorded });
  }

  #compareFact(recorded: Fact): void {
    const concluded = this.#concluded.shift();
    if (!this.#isCompared(recorded.seq)) return;
    this.result.facts += 1;
    if (isDeepStrictEqual(concluded, recorded)) return;
    const { seq, ordinal } = recorded;
    this.#differs({ seq, what: `fact ${ordinal}`, was: worded(concluded), expected: worded(recorded) });
  }

  /** Behind a batch stand its facts: what is left when the next batch begins was concluded here alone. */
  #expectNoFact(): void {
    const extra = this.#concluded.find((fact) => this.#isCompared(fact.seq));
    this.#concluded = [];
    if (extra === undefined) return;
    this.#differs({ seq: extra.seq, what: `fact ${extra.ordinal}`, was: worded(extra), expected: "none" });
  }

  #differs(difference: Difference): void {
    this.result.difference ??= difference;
  }
}

function worded(fact: Fact | undefined): string {
  return fact === undefined ? "none" : JSON.stringify(fact);
}

/** What does the log say has happened? Start-up is recovery: the whole log goes through a fresh engine. */
import fs from "node:fs";
import { assert } from "#lib/assert.ts";
import type { Contract } from "#lib/contract.ts";
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { CONTRACTS_MAX, SCAN_SLICE_MS } from "#lib/limits.ts";
import { clearOutputs, createOutputs, type Outputs } from "#lib/outputs/output.ts";
import type { Logger } from "#server/logger.ts";
import { LogCursor, type TornEnd } from "./log-cursor.ts";
import { type LogDisk, REAL_DISK } from "./log-disk.ts";
import { LogCorruptError, listSegments, segmentFile } from "./log-segment.ts";
import type { LogTail } from "./log-writer.ts";
import type { SequencedEngine } from "./sequencer.ts";

export type RecoverOptions = {
  /** `DATA_DIR/runs/<runId>/log`; may be empty. */
  folder: string;
  runId: string;
  engine: SequencedEngine;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Digests are compared only where this very version recorded them; unset: always. */
  version?: { codeVersion: string; nodeVersion: string };
  /** Sees every event behind the engine, with its outputs (`touched` is of the whole frame); copy what you keep. */
  visit?: (event: InputEvent, outputs: Outputs) => void;
  disk?: LogDisk;
};

export type Recovered = {
  /** 0: the log is empty. */
  lastSeq: number;
  nowMs: number;
  receivedMs: number;
  contracts: InstrumentListed[];
  /** Largest logged sourceSeq of a contract over trades, quotes and bars; −1 when none. */
  lastSourceSeq(contract: Contract): number;
  /** EngineStarted events so far: the next start's epoch is one more. */
  epochs: number;
  events: number;
  tookMs: number;
  cutBytes: number;
  /** The last digest that the log recorded, compared; `equal` is false when any of them differed. */
  digest: { seq: number; equal: boolean } | null;
  /** Where the log's writer goes on. */
  tail: LogTail;
};

/**
 * Replays the log, cuts an unfinished end, compares every recorded digest (a difference is logged as an error and
 * reported, it does not stop). Yields to the event loop every few ms. Throws LogCorruptError for any other damage.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const startMs = performance.now();
  const replay = new Replay(options);
  using cursor = new LogCursor(options.folder, { runId: options.runId });
  let sliceEndMs = startMs + SCAN_SLICE_MS;
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    replay.frame(frame.payload);
    if (performance.now() < sliceEndMs) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    sliceEndMs = performance.now() + SCAN_SLICE_MS;
  }
  const { torn, place } = cursor;
  if (torn !== null) cutTornEnd(torn, options);
  const segments = listSegments(options.folder);
  const segment = segments.at(-1) ?? 0;
  const isWhole = segment === place.segment;
  const sizes = segments.map((number) => fs.statSync(segmentFile(options.folder, number)).size);
  const closedBytes = sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
  const tail: LogTail = {
    segment,
    byteLength: isWhole ? place.byteLength : (sizes.at(-1) ?? 0),
    nextSeq: replay.lastSeq + 1,
    contracts: replay.contracts,
    closedBytes,
  };
  return replay.result({ tail, cutBytes: torn?.byteLength ?? 0, tookMs: performance.now() - startMs });
}

/** What the last write did not finish was never acknowledged: it goes. */
function cutTornEnd(torn: TornEnd, { disk = REAL_DISK, folder, logger }: RecoverOptions): void {
  if (torn.offset === 0) {
    disk.remove(torn.file);
  } else {
    const fd = disk.openToWrite(torn.file);
    disk.truncate(fd, torn.offset);
    disk.syncNow(fd);
    disk.close(fd);
  }
  disk.syncFolder(folder);
  logger.warn(
    { file: torn.file, offset: torn.offset, bytes: torn.byteLength, why: torn.why },
    "The log's last frame was not finished (never acknowledged) and was cut",
  );
}

/** The state of one replay. */
class Replay {
  readonly contracts: InstrumentListed[] = [];
  lastSeq = 0;
  readonly #options: RecoverOptions;
  readonly #outputs: Outputs = createOutputs(CONTRACTS_MAX);
  readonly #sourceSeqs = new Float64Array(CONTRACTS_MAX).fill(-1);
  readonly #decode = {
    scratch: createDecodeScratch(),
    bookkeeping: (record: Bookkeeping): void => this.#checkBookkeeping(record),
  };
  #nowMs = 0;
  #receivedMs = 0;
  #events = 0;
  #epochs = 0;
  #isOwnVersion = true;
  #digest: { seq: number; equal: boolean } | null = null;

  constructor(options: RecoverOptions) {
    this.#options = options;
  }

  frame(payload: Uint8Array): void {
    decodeFrame(payload, this.#take, this.#decode);
    clearOutputs(this.#outputs);
  }

  readonly #take = (event: InputEvent): void => {
    const { engine, visit } = this.#options;
    const outputs = this.#outputs;
    engine.process(event, outputs);
    if (visit !== undefined) visit(event, outputs);
    if (outputs.list.length > 0) outputs.list.length = 0;
    this.lastSeq = event.seq;
    this.#nowMs = event.nowMs;
    this.#receivedMs = event.receivedMs;
    this.#events += 1;
    if (event.type === "TradePrinted" || event.type === "QuoteChanged" || event.type === "BarReceived") {
      const { contract, sourceSeq } = event;
      if (sourceSeq > this.#sourceSeqs[contract]) this.#sourceSeqs[contract] = sourceSeq;
    } else if (event.type === "InstrumentListed") {
      assert(event.contract === this.contracts.length, `contract ${event.contract} listed out of order`);
      this.contracts.push(event);
    } else if (event.type === "EngineStarted") {
      this.#epochs += 1;
      const { version } = this.#options;
      this.#isOwnVersion =
        version === undefined ||
        (event.codeVersion === version.codeVersion && event.nodeVersion === version.nodeVersion);
    }
  };

  #checkBookkeeping(record: Bookkeeping): void {
    if (record.type === "InstrumentRepeated") this.#checkRepeated(record);
    else this.#checkDigest(record.seq, record.digest);
  }

  #checkRepeated(record: Bookkeeping & { type: "InstrumentRepeated" }): void {
    const listed = this.contracts[record.contract];
    const isSame = listed?.root === record.root && listed.year === record.year && listed.month === record.month;
    if (isSame) return;
    const place = { file: this.#options.folder, offset: 0 };
    throw new LogCorruptError(place, `contract ${record.contract} repeated as ${record.root}`, "the one listed before");
  }

  #checkDigest(seq: number, recorded: string): void {
    if (!this.#isOwnVersion) return;
    const computed = this.#options.engine.digest();
    const equal = seq === this.lastSeq && computed === recorded;
    this.#digest = { seq, equal: equal && this.#digest?.equal !== false };
    if (equal) return;
    this.#options.logger.error(
      { seq, replayedSeq: this.lastSeq, was: computed, expected: recorded },
      "The state rebuilt from the log differs from the state that was recorded",
    );
  }

  result(rest: Pick<Recovered, "tail" | "cutBytes" | "tookMs">): Recovered {
    const { contracts } = this;
    const sourceSeqs = this.#sourceSeqs.slice(0, contracts.length);
    return {
      lastSeq: this.lastSeq,
      nowMs: this.#nowMs,
      receivedMs: this.#receivedMs,
      contracts,
      lastSourceSeq({ root, year, month }) {
        const known = contracts.find((one) => one.root === root && one.year === year && one.month === month);
        return known === undefined ? -1 : sourceSeqs[known.contract];
      },
      epochs: this.#epochs,
      events: this.#events,
      digest: this.#digest,
      ...rest,
    };
  }
}

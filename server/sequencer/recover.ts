/** What has happened so far? Start-up is recovery: the last good snapshot and the log behind it, else the whole log. */
import fs from "node:fs";
import { assert } from "#lib/assert.ts";
import type { Contract } from "#lib/contract.ts";
import type { EngineState } from "#lib/engine/state.ts";
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { Bookkeeping, Poisoned } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { InstrumentListed } from "#lib/events/market.ts";
import { CONTRACTS_MAX, SCAN_SLICE_MS } from "#lib/limits.ts";
import { compareCursors, ORDINAL_END } from "#lib/outputs/fact.ts";
import { clearOutputs, createOutputs, type Outputs } from "#lib/outputs/output.ts";
import type { Logger } from "#server/logger.ts";
import type { ColumnsPlace } from "./columns.ts";
import { isThinnedOut, LogCursor, type LogFrame, type TornEnd } from "./log-cursor.ts";
import { type LogDisk, REAL_DISK, reasonOf } from "./log-disk.ts";
import { LogMender } from "./log-mender.ts";
import { LogCorruptError, listSegments } from "./log-segment.ts";
import { type LogSurvey, surveyLog } from "./log-survey.ts";
import type { LogTail } from "./log-writer.ts";
import { type Restored, restoreNewest, setAside } from "./restore.ts";
import { RunBook } from "./run-book.ts";
import { segmentPlace } from "./segment-source.ts";
import { segmentSpan } from "./segment-spans.ts";
import type { SequencedEngine } from "./sequenced-engine.ts";

export type RecoverOptions = {
  /** `DATA_DIR/runs/<runId>/log`; may be empty. */
  folder: string;
  runId: string;
  engine: SequencedEngine;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Where the run's snapshots are (its folder) and what they restore; unset: the whole log is read. */
  snapshots?: { folder: string; state: EngineState };
  /** Filled; unset: one of its own. */
  book?: RunBook;
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
  /** Events that the engine broke at: skipped. */
  poisoned: readonly Poisoned[];
  /** Largest logged sourceSeq of a contract over trades, quotes and bars; −1 when none. */
  lastSourceSeq(contract: Contract): number;
  /** EngineStarted events so far: the next start's epoch is one more. */
  epochs: number;
  /** Read from the log, behind the snapshot. */
  events: number;
  /** What recovery began with; null: with the log's first event. */
  snapshot: { seq: number; columns: ColumnsPlace } | null;
  tookMs: number;
  cutBytes: number;
  /** The last digest that the log recorded, compared; `equal` is false when any of them differed. */
  digest: { seq: number; equal: boolean } | null;
  /** Where the log's writer goes on. */
  tail: LogTail;
};

/**
 * Begins with the newest good snapshot, replays the log behind it, cuts an unfinished end, compares every recorded
 * digest (a difference is logged as an error and reported, it does not stop). Yields to the event loop every few ms.
 * Throws LogCorruptError for any other damage of the log; a damaged snapshot is set aside and costs only time.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const startMs = performance.now();
  const book = options.book ?? new RunBook();
  for (;;) {
    const base = restoreBase(options, book);
    const range = { runId: options.runId, fromSeq: (base?.seq ?? 0) + 1 };
    const survey = await surveyLog(options.folder, range);
    const { torn, place } = survey;
    if (base !== null && place.nextSeq <= base.seq) {
      setAside(base.file, `the log ends at seq ${place.nextSeq - 1}`, restoreOptions(options, book));
      continue;
    }
    if (torn !== null) cutTornEnd(torn, options);
    else cutRoom(place, options);
    book.setAside(survey.poisoned);
    await using mender = menderOf(options, { survey, base, book });
    const replay = new Replay(options, { book, base, mender });
    using cursor = new LogCursor(options.folder, range);
    await replayFrames(cursor, replay);
    await mender.finish();
    const tail = { ...endOf(options.folder, place), contracts: book.contracts };
    return replay.result({ tail, cutBytes: torn?.byteLength ?? 0, tookMs: performance.now() - startMs });
  }
}

/** A snapshot is taken behind the facts of its seq. */
function menderOf(
  { folder, runId, logger, disk }: RecoverOptions,
  { survey, base, book }: { survey: LogSurvey; base: Restored | null; book: RunBook },
): LogMender {
  const atBase = { seq: base?.seq ?? 0, ordinal: ORDINAL_END };
  const lastFact = compareCursors(survey.lastFact, atBase) > 0 || base === null ? survey.lastFact : atBase;
  const tail = endOf(folder, survey.place);
  const { quarantine } = book;
  return new LogMender({
    ...{ folder, runId, tail, quarantine, logger },
    survey: { ...survey, lastFact },
    ...(disk === undefined ? {} : { disk }),
  });
}

async function replayFrames(cursor: LogCursor, replay: Replay): Promise<void> {
  let sliceEndMs = performance.now() + SCAN_SLICE_MS;
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    replay.frame(frame);
    if (performance.now() < sliceEndMs) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    sliceEndMs = performance.now() + SCAN_SLICE_MS;
  }
}

/** Where the log ends: its files are as long as what they hold, the torn end being cut. */
function endOf(folder: string, { nextSeq }: LogCursor["place"]): Omit<LogTail, "contracts"> {
  const segments = listSegments(folder);
  const segment = segments.at(-1) ?? 0;
  const sizes = segments.map((number) => fs.statSync(segmentPlace(folder, number).file).size);
  const closedBytes = sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
  const segmentSinceMs = segment === 0 ? null : segmentSpan(folder, segment).firstMs;
  return { segment, byteLength: sizes.at(-1) ?? 0, nextSeq, closedBytes, segmentSinceMs };
}

function restoreBase(options: RecoverOptions, book: RunBook): Restored | null {
  const base = options.snapshots === undefined ? null : restoreNewest(restoreOptions(options, book));
  const [first = 1] = listSegments(options.folder);
  if (base === null && first === 1 && isThinnedOut(options.folder)) {
    options.logger.warn("No good snapshot, and the log was thinned out: bars of that time are missing in the engine");
  }
  if (base !== null || first === 1) return base;
  const place = { file: segmentPlace(options.folder, 1).file, offset: 0 };
  throw new LogCorruptError(
    place,
    `no file (the log begins with segment ${first})`,
    "it, or a good snapshot behind it",
  );
}

function restoreOptions(options: RecoverOptions, book: RunBook): Parameters<typeof restoreNewest>[0] {
  const { snapshots, engine, version, logger } = options;
  assert(snapshots !== undefined && version !== undefined, "snapshots are restored within one version");
  const isLogWhole = !isThinnedOut(options.folder);
  const { folder, state } = snapshots;
  return { folder, engine: { state, digest: engine.digest }, book, version, isLogWhole, logger };
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

/** The zeros that the writer had made ahead. */
function cutRoom({ segment, byteLength }: LogCursor["place"], { disk = REAL_DISK, folder }: RecoverOptions): void {
  const { file, isCompressed } = segmentPlace(folder, segment);
  if (segment === 0 || isCompressed || fs.statSync(file).size === byteLength) return;
  const fd = disk.openToWrite(file);
  disk.truncate(fd, byteLength);
  disk.close(fd);
}

/** The state of one replay. */
class Replay {
  readonly #options: RecoverOptions;
  readonly #book: RunBook;
  readonly #base: Restored | null;
  readonly #outputs: Outputs = createOutputs(CONTRACTS_MAX);
  readonly #decode = {
    scratch: createDecodeScratch(),
    bookkeeping: (record: Bookkeeping): void => this.#checkBookkeeping(record),
  };
  readonly #mender: LogMender;
  #events = 0;
  #isOwnVersion: boolean;
  #digest: { seq: number; equal: boolean } | null;
  /** The event that the engine is at; null between two. */
  #current: InputEvent | null = null;

  constructor(
    options: RecoverOptions,
    { book, base, mender }: { book: RunBook; base: Restored | null; mender: LogMender },
  ) {
    this.#options = options;
    this.#book = book;
    this.#base = base;
    this.#mender = mender;
    this.#isOwnVersion = base?.isOwnVersion ?? true;
    this.#digest = base === null ? null : { seq: base.seq, equal: true };
  }

  /** A snapshot is taken between two frames: a frame lies whole before it or whole behind it. */
  frame({ payload, firstSeq, events }: LogFrame): void {
    if (firstSeq <= (this.#base?.seq ?? 0)) return;
    if (events > 0) this.#mender.beforeFrame(firstSeq, payload);
    try {
      decodeFrame(payload, this.#take, this.#decode);
    } catch (error) {
      if (this.#current === null) throw error;
      this.#mender.poison(this.#current, reasonOf(error));
      const { seq } = this.#current;
      throw new Error(`the engine failed at seq ${seq} of the log, which is skipped from now on`, { cause: error });
    }
    clearOutputs(this.#outputs);
  }

  readonly #take = (event: InputEvent): void => {
    const { engine, visit } = this.#options;
    if (this.#book.quarantine.has(event.seq)) {
      this.#book.skip(event);
      return;
    }
    const outputs = this.#outputs;
    this.#mender.beforeEvent(event.seq);
    this.#current = event;
    engine.process(event, outputs);
    if (outputs.list.length > 0 && event.seq >= this.#mender.lastFact.seq) {
      engine.conclude(event, outputs, 0, this.#mender.take);
    }
    this.#current = null;
    if (visit !== undefined) visit(event, outputs);
    if (outputs.list.length > 0) outputs.list.length = 0;
    this.#book.note(event);
    this.#events += 1;
    if (event.type !== "EngineStarted") return;
    const { version } = this.#options;
    this.#isOwnVersion =
      version === undefined || (event.codeVersion === version.codeVersion && event.nodeVersion === version.nodeVersion);
  };

  #checkBookkeeping(record: Bookkeeping): void {
    if (record.type === "InstrumentRepeated") this.#checkRepeated(record);
    else if (record.type === "DigestRecorded") this.#checkDigest(record.seq, record.digest);
  }

  #checkRepeated(record: Bookkeeping & { type: "InstrumentRepeated" }): void {
    const listed = this.#book.contracts[record.contract];
    const isSame = listed?.root === record.root && listed.year === record.year && listed.month === record.month;
    if (isSame) return;
    const place = { file: this.#options.folder, offset: 0 };
    throw new LogCorruptError(place, `contract ${record.contract} repeated as ${record.root}`, "the one listed before");
  }

  #checkDigest(seq: number, recorded: string): void {
    if (!this.#isOwnVersion) return;
    const computed = this.#options.engine.digest();
    const { lastSeq } = this.#book;
    const equal = seq === lastSeq && computed === recorded;
    this.#digest = { seq, equal: equal && this.#digest?.equal !== false };
    if (equal) return;
    this.#options.logger.error(
      { seq, replayedSeq: lastSeq, was: computed, expected: recorded },
      "The state rebuilt from the log differs from the state that was recorded",
    );
  }

  result(rest: Pick<Recovered, "tail" | "cutBytes" | "tookMs">): Recovered {
    const { lastSeq, nowMs, receivedMs, epochs } = this.#book;
    const contracts = this.#book.contracts.map((listed) => ({ ...listed }));
    const base = this.#base;
    return {
      lastSeq,
      nowMs,
      receivedMs,
      contracts,
      poisoned: this.#book.quarantine.list,
      lastSourceSeq: (contract) => this.#book.lastSourceSeq(contract),
      epochs,
      events: this.#events,
      snapshot: base === null ? null : { seq: base.seq, columns: base.columns },
      digest: this.#digest,
      ...rest,
    };
  }
}

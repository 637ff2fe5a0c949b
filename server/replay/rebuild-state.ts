/** What does the log say that the state should be? An older snapshot and the log behind it, beside a newer one. */
import fs from "node:fs";
import { createEngine } from "#lib/engine/engine.ts";
import { restoreState } from "#lib/engine/snapshot.ts";
import { createEngineState, type EngineState } from "#lib/engine/state.ts";
import { createDecodeScratch, decodeFrame } from "#lib/events/codec.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import { clearOutputs, createOutputs } from "#lib/outputs/output.ts";
import { checkpointFolders } from "#server/sequencer/checkpoint.ts";
import { isThinnedOut, LogCursor } from "#server/sequencer/log-cursor.ts";
import { decodeSnapshot, listSnapshots, type Snapshot } from "#server/sequencer/snapshot-file.ts";
import { storedOf } from "#server/sequencer/stored.ts";
import { type Compared, compareStates } from "./first-difference.ts";

export type RebuildQuery = {
  /** The run's folder and its log. */
  folder: string;
  logFolder: string;
  /** The newest snapshot of at most this seq is what was live. */
  seq: number;
  /** Begin with the snapshot before it, or with the log's first event. */
  from: "snapshot" | "log";
};

/** `fromSeq` 0: from the log's first event. */
export type Rebuilt = Compared & { fromSeq: number; seq: number; events: number };

/** Said after so many events. */
const SAY_EVERY = 20_000;

/**
 * Reads the folder and changes nothing in it; the run may go on meanwhile. Throws where there is no such snapshot, or
 * neither one before it nor the whole log, and the errors of reading them.
 */
export function rebuildState(query: RebuildQuery, onProgress: (events: number, seq: number) => void): Rebuilt {
  const [newest, before] = listSnapshots(checkpointFolders(query.folder).snapshots).filter(
    ({ seq }) => seq <= query.seq,
  );
  if (newest === undefined) throw new Error(`there is no snapshot up to seq ${query.seq}`);
  const live = createEngineState();
  const snapshot = readSnapshot(newest.file);
  restore(live, snapshot, query.folder);
  const engine = createEngine();
  const older = query.from === "log" || before === undefined ? null : readSnapshot(before.file);
  // What other code has left is no ground to judge this code by.
  const base = older?.codeVersion === snapshot.codeVersion ? older : null;
  if (base !== null) restore(engine.state, base, query.folder);
  if (base === null && isThinnedOut(query.logFolder))
    throw new Error("the log no longer reaches back to its first event");
  const poisoned = new Set(snapshot.book.poisoned.map(({ seq }) => seq));
  const fromSeq = base?.seq ?? 0;
  let events = 0;
  const outputs = createOutputs(CONTRACTS_MAX);
  const take = (event: InputEvent): void => {
    if (event.seq <= fromSeq || event.seq > snapshot.seq || poisoned.has(event.seq)) return;
    engine.process(event, outputs);
    outputs.list.length = 0;
    events += 1;
    if (events % SAY_EVERY === 0) onProgress(events, event.seq);
  };
  const decode = { scratch: createDecodeScratch() };
  using cursor = new LogCursor(query.logFolder, { fromSeq: fromSeq + 1 });
  for (let frame = cursor.next(); frame !== null && frame.firstSeq <= snapshot.seq; frame = cursor.next()) {
    decodeFrame(frame.payload, take, decode);
    clearOutputs(outputs);
  }
  if (engine.state.seq !== snapshot.seq) throw new Error(`the log ends at seq ${engine.state.seq}`);
  return { ...compareStates(live, engine.state), fromSeq, seq: snapshot.seq, events };
}

function readSnapshot(file: string): Snapshot {
  return decodeSnapshot(fs.readFileSync(file));
}

function restore(state: EngineState, snapshot: Snapshot, folder: string): void {
  restoreState(state, snapshot.rest, storedOf(snapshot, checkpointFolders(folder).columns));
}

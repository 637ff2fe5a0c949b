/** Which snapshot does recovery begin with? The newest that is whole, of this version, and proves its digest. */
import fs from "node:fs";
import type { Engine } from "#lib/engine/engine.ts";
import { restoreState } from "#lib/engine/snapshot.ts";
import { createEngineState, STATE_VERSION } from "#lib/engine/state.ts";
import { STATE_VERSION_MIN, upgradeState } from "#lib/engine/upgrade-state.ts";
import type { Logger } from "#server/logger.ts";
import { checkpointFolders } from "./checkpoint.ts";
import type { ColumnsPlace } from "./columns.ts";
import { reasonOf } from "./log-disk.ts";
import { RunBook } from "./run-book.ts";
import { decodeSnapshot, listSnapshots, type Snapshot } from "./snapshot-file.ts";
import { storedOf } from "./stored.ts";

export type RestoreOptions = {
  /** The run's folder. */
  folder: string;
  engine: Pick<Engine, "state" | "digest">;
  book: RunBook;
  version: { codeVersion: string; nodeVersion: string };
  /** Does the log reach back to the run's first event? Then a snapshot of other code is not needed. */
  isLogWhole: boolean;
  logger: Pick<Logger, "info" | "warn" | "error">;
};

export type Restored = { seq: number; columns: ColumnsPlace; file: string; isOwnVersion: boolean };

/**
 * Makes engine and book what the newest good snapshot says; null, and both empty, where there is none. Every other
 * snapshot that it meets is set aside (`.bad`) with its reason logged.
 */
export function restoreNewest(options: RestoreOptions): Restored | null {
  for (const { file } of listSnapshots(checkpointFolders(options.folder).snapshots)) {
    try {
      return restoreFrom(file, options);
    } catch (error) {
      setAside(file, reasonOf(error), options);
    }
  }
  return null;
}

function restoreFrom(file: string, options: RestoreOptions): Restored {
  const { engine, book, version } = options;
  const snapshot = decodeSnapshot(fs.readFileSync(file));
  const isOwnVersion = snapshot.codeVersion === version.codeVersion && snapshot.nodeVersion === version.nodeVersion;
  checkVersion(snapshot, isOwnVersion, options);
  restoreState(engine.state, snapshot.rest, storedOf(snapshot, checkpointFolders(options.folder).columns));
  book.restore(snapshot.book);
  // Digests are compared within one version only: of a former one the checksum alone vouches for the bytes.
  const digest = snapshot.stateVersion === STATE_VERSION ? engine.digest() : snapshot.digest;
  if (digest !== snapshot.digest || snapshot.seq !== book.lastSeq) {
    throw new Error(
      `restored at seq ${book.lastSeq} with digest ${digest}, expected ${snapshot.seq}, ${snapshot.digest}`,
    );
  }
  upgradeState(engine.state, snapshot.stateVersion);
  return { seq: snapshot.seq, columns: snapshot.columns, file, isOwnVersion };
}

function checkVersion(snapshot: Snapshot, isOwnVersion: boolean, { isLogWhole, version }: RestoreOptions): void {
  const { stateVersion } = snapshot;
  if (stateVersion < STATE_VERSION_MIN || stateVersion > STATE_VERSION) {
    throw new Error(`its state has version ${stateVersion}, expected ${STATE_VERSION_MIN} to ${STATE_VERSION}`);
  }
  // Where the whole log is there, it is read again rather than taken over.
  if ((isOwnVersion && stateVersion === STATE_VERSION) || !isLogWhole) return;
  const was = `${snapshot.codeVersion} on ${snapshot.nodeVersion}`;
  throw new Error(`it was made by ${was}, expected ${version.codeVersion} on ${version.nodeVersion}`);
}

/** The snapshot is used no more, and engine and book are as new. */
export function setAside(file: string, reason: string, { engine, book, logger }: RestoreOptions): void {
  logger.warn({ file, reason }, "A snapshot is not used and was set aside; recovery takes what is older");
  fs.renameSync(file, `${file}.bad`);
  Object.assign(engine.state, createEngineState());
  book.restore(new RunBook().entry());
}

/** Which files are replayed? One path, several, or all of a directory, in a fixed order, each checked by its head. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { REPLAY_FILES_MAX } from "#lib/limits.ts";
import type { ContractBook } from "./contract-book.ts";
import type { FileHead } from "./detect-format.ts";
import { FileFeedError } from "./file-feed-error.ts";
import { intervalText, readFileHead } from "./file-head.ts";
import { readFault } from "./read-bytes.ts";
import { scanFile } from "./row-cursor.ts";

const NAMES = /\.(csv|txt)(\.gz)?$/i;

/** A file that will be replayed; `isSorted`: its rows are already in the order of time over all its contracts. */
export type ReplayFile = { readonly head: FileHead; readonly isSorted: boolean };

/** Absolute paths of "a.csv,folder" in the order given; a folder stands for its .csv and .txt files by name. */
export function absolutePaths(paths: string): readonly string[] {
  return paths
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path.length > 0)
    .map((path) => resolve(path));
}

/**
 * Checks every file before a row is published. A file with a contract column is read once to the end: its contracts
 * become known, and whether it is sorted by time or listed contract by contract. Throws FileFeedError.
 */
export async function openReplayFiles(
  paths: readonly string[],
  contracts: ContractBook,
  contractOverride: string | null,
): Promise<readonly ReplayFile[]> {
  const files: ReplayFile[] = [];
  for (const path of await filesOf(paths)) {
    const head = await readFileHead(path, contractOverride);
    const scan = head.contractText === null ? await scanFile(head, contracts) : null;
    files.push({ head, isSorted: scan?.isSorted ?? true });
  }
  return files;
}

async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesAt(path)));
  const distinct = [...new Set(files)];
  if (distinct.length > REPLAY_FILES_MAX) {
    const was = `${distinct.length} files`;
    const expected = `at most ${REPLAY_FILES_MAX}`;
    throw new FileFeedError({ file: paths.join(","), line: 0, field: "path", was, expected });
  }
  return distinct;
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => NAMES.test(name));
    // By code unit: the order must not depend on the machine's language.
    names.sort((a, b) => (a < b ? -1 : 1));
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (error) {
    throw readFault(error, { file: path, line: 0 });
  }
  const was = "a folder without any";
  throw new FileFeedError({ file: path, line: 0, field: "path", was, expected: ".csv or .txt files, gz or plain" });
}

/** For the status: "ESH4_x.csv.gz: trades with aggressor and book of ESH4; b.csv: bars of 5 min (from their steps)". */
export function describeFiles(files: readonly ReplayFile[]): string {
  return files.map(describeFile).join("; ");
}

function describeFile({ head, isSorted }: ReplayFile): string {
  const name = head.file.slice(head.file.lastIndexOf("/") + 1);
  const interval = head.intervalMs > 0 ? `, interval ${intervalText(head.intervalMs)} (the smallest step)` : "";
  const contract = head.contractText === null ? "" : ` of ${head.contractText}`;
  return `${name}: ${head.format.label}${contract}${interval}${isSorted ? "" : ", sorted by time"}`;
}

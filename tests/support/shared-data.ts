/** Where is the real market data of the tests? In ../shared/data; a test skips where it is missing. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const SHARED_DATA = join(REPOSITORY, "..", "shared", "data");

/** The path of a file of the shared data ("ticks/…"), or null where it is not there. */
export function sharedData(path: string): string | null {
  const full = join(SHARED_DATA, path);
  return existsSync(full) ? full : null;
}

/** Options for `test()`: skips with a line that names the missing file. */
export function needsSharedData(...paths: string[]): { skip: string | false } {
  const missing = paths.find((path) => sharedData(path) === null);
  return { skip: missing === undefined ? false : `shared/data/${missing} is missing` };
}

/** The text of a shared file, unpacked where it ends in .gz; throws where it is missing. */
export function readSharedText(path: string): string {
  const full = sharedData(path);
  if (full === null) throw new Error(`shared/data/${path} is missing; guard the test with needsSharedData`);
  const bytes = readFileSync(full);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** Rows of a shared CSV as records by header name (no quoting, as none of these files uses it). */
export function readSharedCsv(path: string): Record<string, string>[] {
  const [head, ...lines] = readSharedText(path).trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

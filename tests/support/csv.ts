/** What stands in a reference file? Whole files as rows of text by column name: for oracles, not speed. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export function csvRows(path: string): Record<string, string>[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header, ...lines] = text.split("\n").filter((line) => line.trim() !== "");
  const names = header.trim().split(",");
  return lines.map((line) => {
    const cells = line.trim().split(",");
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

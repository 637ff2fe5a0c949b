/** What do Tulip's test files hold? Cases: a function with its options, columns in, columns out, as printed. */
import { readSharedText } from "#tests/support/shared-data.ts";

export const TULIP_FILES = ["atoz.txt", "candles.txt", "extra.txt", "untest.txt"];

export type TulipCase = {
  file: string;
  /** "bbands". */
  name: string;
  /** "5 2", as printed. */
  options: string;
  /** Input columns first, then the outputs, which may be shorter: their ends are aligned. */
  columns: string[][];
};

/** A case is a line "name options" and the lines in braces behind it; # begins a comment. */
export function readTulipCases(file: string): TulipCase[] {
  const cases: TulipCase[] = [];
  for (const line of readSharedText(`indicators/tulip/${file}`).split(/\r?\n/)) {
    const text = line.replace(/#.*$/, "").trim();
    if (text === "") continue;
    if (text.startsWith("{")) {
      const cells = text.replace(/[{}\s]/g, "").split(",");
      cases.at(-1)?.columns.push(cells[0] === "" ? [] : cells);
    } else {
      const [name, ...options] = text.split(/\s+/);
      cases.push({ file, name, options: options.join(" "), columns: [] });
    }
  }
  return cases;
}

/** Half a unit of the last digit that the column prints, or of a cell's tenth digit: none prints more. */
export function printedTolerance(column: readonly string[], cell: string): number {
  const digits = column.map((text) => (text.includes(".") ? text.length - text.indexOf(".") - 1 : 0));
  return Math.max(0.5 / Number(`1e${Math.max(...digits)}`), 5e-10 * Math.abs(Number(cell)));
}

/** What do typed keys mean? Letters an instrument, digits an interval, R alone a refresh. */

import { type Interval, parseInterval } from "#lib/wire/topic.ts";

export type TypedCommand =
  | { kind: "instrument"; root: string }
  | { kind: "interval"; interval: Interval }
  | { kind: "refresh" }
  | { kind: "none" };

/** Keys kept of one word. */
export const TYPED_LENGTH_MAX = 8;

/** Minutes that are said as hours or days. */
const MINUTES_SAID: Readonly<Record<string, Interval>> = { "60": "1h", "240": "4h", "1440": "1d" };

/** Followed roots that begin with what was typed, an exact one first: "M" → MES, MNQ, MYM, M2K, … */
export function matchingRoots(typed: string, roots: readonly string[]): string[] {
  const word = typed.toUpperCase();
  const matches = roots.filter((root) => root.startsWith(word));
  return matches.sort((a, b) => Number(b === word) - Number(a === word));
}

/** "es" → ES; "6e" → 6E where it is followed; "5" → 5m; "1h", "500t"; "r" → refresh unless more letters name a root. */
export function readTyped(typed: string, roots: readonly string[]): TypedCommand {
  const word = typed.trim();
  if (word === "") return { kind: "none" };
  if (word.toUpperCase() === "R" && !roots.includes("R")) return { kind: "refresh" };
  const [root] = matchingRoots(word, roots);
  const interval = /^\d/.test(word) ? intervalIn(word.toLowerCase()) : null;
  if (interval !== null) return { kind: "interval", interval };
  return root === undefined ? { kind: "none" } : { kind: "instrument", root };
}

/** Digits alone are minutes, where such bars exist. */
function intervalIn(word: string): Interval | null {
  if (/^\d+$/.test(word)) return MINUTES_SAID[word] ?? parseInterval(`${word}m`);
  return parseInterval(word);
}

/** Which settings does the file `.env` hold? A small reader, for the launcher runs before any package is installed. */

import { existsSync, readFileSync } from "node:fs";

/**
 * Reads `NAME=value` lines: `#` begins a comment line, `export ` is allowed, quotes around a value are taken off, and
 * ` #` ends an unquoted value. `A=1 # one` gives `{A: "1"}`. Throws with the line's number where a line is neither.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseEnv(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (!match) throw new Error(`.env line ${index + 1}: expected NAME=value`);
    const [, name = "", value = ""] = match;
    const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value);
    values[name] = quoted ? (quoted[2] ?? "") : value.replace(/(^|\s)#.*$/, "").trim();
  }
  return values;
}

/**
 * The process's variables over those of the file (none where there is no file).
 * @param {string} file
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Record<string, string | undefined>}
 */
export function withEnvFile(file, env) {
  if (!existsSync(file)) return { ...env };
  return { ...parseEnv(readFileSync(file, "utf8")), ...env };
}

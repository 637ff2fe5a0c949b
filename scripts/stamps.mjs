/** Has anything changed since the last install or build? Hashes of what they were made from. */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * SHA-256, hex, over names and contents of files and folders below `root`; what is missing counts as missing.
 * @param {string} root
 * @param {readonly string[]} names
 */
export function hashOf(root, names) {
  const hash = createHash("sha256");
  for (const name of names) addPath(hash, root, name);
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} name
 */
function addPath(hash, root, name) {
  const full = path.join(root, name);
  const found = statSync(full, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    for (const entry of readdirSync(full).sort()) addPath(hash, root, `${name}/${entry}`);
    return;
  }
  const content = found ? readFileSync(full) : Buffer.alloc(0);
  hash.update(`${name}\0${found ? content.length : -1}\0`).update(content);
}

/**
 * True where the stamp file holds exactly this hash.
 * @param {string} stampFile
 * @param {string} hash
 */
export function isStamped(stampFile, hash) {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8").trim() === hash;
}

/**
 * @param {string} stampFile
 * @param {string} hash
 */
export function stamp(stampFile, hash) {
  writeFileSync(stampFile, `${hash}\n`);
}

/** Which code is this? The package's version, and the commit where a checkout tells it: "0.1.0+3f432b9". */
import fs from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

function packageVersion(): string {
  const read: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  return typeof read === "object" && read !== null && "version" in read ? String(read.version) : "unknown";
}

/** The checked-out commit; null in an image or an archive. */
function commit(): string | null {
  const head = readText(".git/HEAD");
  if (head === null) return null;
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  const hash = ref === undefined ? head : (readText(`.git/${ref}`) ?? packedRef(ref));
  return hash !== null && /^[0-9a-f]{40}$/.test(hash) ? hash.slice(0, 7) : null;
}

function packedRef(ref: string): string | null {
  const line = readText(".git/packed-refs")
    ?.split("\n")
    .find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(" ")[0] ?? null;
}

function readText(name: string): string | null {
  const file = path.join(ROOT, name);
  return fs.existsSync(file) && fs.statSync(file).isFile() ? fs.readFileSync(file, "utf8").trim() : null;
}

/** Digests and facts are compared only within one of these. */
export function codeVersion(): string {
  const hash = commit();
  return hash === null ? packageVersion() : `${packageVersion()}+${hash}`;
}

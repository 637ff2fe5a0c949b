/** Are the packages of package-lock.json and the right Node here? Installs them where not. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./run-command.mjs";
import { hashOf, isStamped, stamp } from "./stamps.mjs";

const PROGRESS_MS = 5_000;

/**
 * The project's own Node; `npm start` may itself run under an older one.
 * @param {string} root
 */
export function nodePath(root) {
  return path.join(root, "node_modules", ".bin", "node");
}

/**
 * Installs what package-lock.json names when it is not installed yet, and checks that the project's Node runs.
 * Throws with what to do where that fails.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(root, say) {
  const stampFile = path.join(root, "node_modules", ".rightseat-lock");
  const hash = hashOf(root, ["package-lock.json"]);
  if (!isStamped(stampFile, hash)) {
    if (!isInstalled(root)) await install(root, say);
    stamp(stampFile, hash);
  }
  await ensureNode(root, say);
}

/**
 * True where npm's own record of node_modules has every needed package of the lock (somebody ran npm themselves).
 * @param {string} root
 */
function isInstalled(root) {
  const record = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages ?? {};
  const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages ?? {};
  return Object.entries(wanted).every(
    ([place, entry]) => place === "" || entry.optional || installed[place]?.version === entry.version,
  );
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function install(root, say) {
  say(
    "Installing the packages. The first start takes a minute or two: some 170 packages are downloaded, Node included,",
  );
  say("and the pages are built once; later starts take seconds.");
  const startedMs = Date.now();
  const progress = setInterval(() => {
    say(`… installing, ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }, PROGRESS_MS);
  try {
    const env = outsideEnv(root);
    const ci = await runCommand("npm", ["ci", "--include=dev"], { cwd: root, env, isQuiet: true });
    if (ci.code === 0) return;
    say("npm ci failed; trying npm install, which leaves the lock alone.");
    const add = await runCommand("npm", ["install", "--no-save", "--include=dev"], { cwd: root, env, isQuiet: true });
    if (add.code !== 0) throw new Error(`the packages could not be installed:\n${ci.output}\n${add.output}`);
  } finally {
    clearInterval(progress);
  }
}

/**
 * Our environment without node_modules/.bin in PATH: npm must not run on the Node that it is about to replace.
 * @param {string} root
 */
function outsideEnv(root) {
  const bin = path.join(root, "node_modules", ".bin");
  const parts = (process.env.PATH ?? "").split(path.delimiter).filter((part) => path.resolve(part) !== bin);
  return { ...process.env, PATH: parts.join(path.delimiter) };
}

/**
 * Node comes by an install script, which a user's npm may be told to skip: then it is built again, with it allowed.
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function ensureNode(root, say) {
  if (await isNodeRunning(root)) return;
  say("The project's own Node is missing; fetching it.");
  const args = ["rebuild", "node", "--ignore-scripts=false"];
  const rebuilt = await runCommand("npm", args, { cwd: root, env: outsideEnv(root), isQuiet: true });
  if (rebuilt.code === 0 && (await isNodeRunning(root))) return;
  throw new Error(`${nodePath(root)} does not run. Try: npm ${args.join(" ")}\n${rebuilt.output}`);
}

/** @param {string} root */
async function isNodeRunning(root) {
  const { code, output } = await runCommand(nodePath(root), ["-v"], { cwd: root, isQuiet: true });
  return code === 0 && /^v2[4-9]\./.test(output);
}

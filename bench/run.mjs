/** Are the product's speed goals met on this machine? Runs the benches one by one and keeps what they measured. */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../scripts/build.mjs";
import { ensureInstalled, nodePath } from "../scripts/install.mjs";
import { NODE_FLAGS, withMemorySettings } from "../scripts/node-memory.mjs";
import { oneAtATime } from "../scripts/one-at-a-time.mjs";
import { writeTable } from "./write-table.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const resultsFile = path.join(root, "bench", "results.json");

/**
 * In the order of the table, and the figures that each must leave behind. `isHouse`: it runs the engine in its own
 * process, which then has the flags and settings of the data-service. Others start the product or measure parts.
 */
const BENCHES = [
  { name: "engine-replay", isHouse: true, figures: ["engine-replay"] },
  { name: "socket-latency", figures: ["socket-latency-message", "socket-latency-tick"] },
  { name: "start-up", figures: ["start-up"] },
  {
    name: "first-history",
    isHouse: true,
    figures: ["first-history-time", "first-history-log", "first-history-memory"],
  },
  { name: "bundle", figures: ["first-load-js"] },
  { name: "file-parse", figures: ["file-parse-ticks", "file-parse-bars"] },
  { name: "recovery", isHouse: true, figures: ["recovery"] },
  {
    name: "durable-log",
    isHouse: true,
    figures: [1, 64, 1_000].flatMap((inFlight) => [`durable-log-${inFlight}`, `written-log-${inFlight}`]),
  },
  { name: "log-verify", figures: ["log-verify-replay", "log-verify-live"] },
  { name: "live-path", isHouse: true, figures: ["live-path"] },
  {
    name: "indicators",
    figures: [
      ...["ema", "rsi", "atr", "macd", "bollinger"].flatMap((it) => [
        `indicator-stream-${it}`,
        `indicator-batch-${it}`,
      ]),
      "indicator-allocation",
    ],
  },
  { name: "analysis-live", isHouse: true, figures: ["analysis-live"] },
  { name: "closed-minute", isHouse: true, figures: ["closed-minute"] },
  { name: "forced-refresh", isHouse: true, figures: ["forced-refresh"] },
  { name: "memory", figures: ["memory"] },
  { name: "trade-stats", figures: ["trade-stats"] },
  { name: "bridge-post", figures: ["bridge-post"] },
];

const say = (/** @type {string} */ line) => console.log(line);

/**
 * Runs one bench under the project's own Node; it prints its figures and writes them down.
 * @param {{name: string, isHouse?: boolean}} bench
 * @returns {Promise<number>} its exit code
 */
function runBench({ name, isHouse }) {
  const flags = isHouse ? NODE_FLAGS : [];
  const env = isHouse ? withMemorySettings(root, process.env) : process.env;
  const args = [...flags, path.join(root, "bench", `${name}.ts`)];
  const child = spawn(nodePath(root), args, { cwd: root, stdio: "inherit", env });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** @returns {{name: string, isMet: boolean, peer: number | null}[]} */
function readFigures() {
  return existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")).results : [];
}

/**
 * The figures that are missing, miss their goal or have no peer.
 * @param {readonly string[]} wanted
 */
function unmet(wanted) {
  const figures = new Map(readFigures().map((figure) => [figure.name, figure]));
  return wanted.filter((name) => figures.get(name)?.isMet !== true || (figures.get(name)?.peer ?? null) === null);
}

/** @param {readonly string[]} names */
async function main(names) {
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    say(`No such bench: ${unknown.join(", ")}. There are ${BENCHES.map((bench) => bench.name).join(", ")}.`);
    return 2;
  }
  await oneAtATime(root, say, async () => {
    await ensureInstalled(root, say);
    await ensureBuilt(root, say);
  });
  // A full run begins anew: a bench that breaks off leaves no figure of an earlier day behind.
  if (names.length === 0) rmSync(resultsFile, { force: true });
  const chosen = names.length === 0 ? BENCHES : BENCHES.filter((bench) => names.includes(bench.name));
  const broken = [];
  for (const bench of chosen) if ((await runBench(bench)) !== 0) broken.push(bench.name);
  if (existsSync(resultsFile)) writeTable(root);
  const missed = unmet(chosen.flatMap((bench) => bench.figures));
  if (broken.length > 0) say(`Broke off: ${broken.join(", ")}`);
  say(missed.length === 0 ? "Every goal is met." : `Not met: ${missed.join(", ")}`);
  return missed.length + broken.length === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));

/** What does a check or a test run consist of? Tools and groups of test files, each giving counts. */

import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { nodePath } from "./install.mjs";
import { runCommand } from "./run-command.mjs";

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

const GROUP_MS_MAX = 15 * 60_000;
const KILL_AFTER_MS = 5_000;

/** Tools that look at the whole tree; each counts as one test. */
export const TOOLS = [
  { name: "types", command: "tsc", args: ["--noEmit"] },
  { name: "lint", command: "biome", args: ["check", "--error-on-warnings"] },
  { name: "dead code", command: "knip", args: [] },
];

/** Groups of test files, in the order they run. A browser group needs built pages and Chromium. */
export const GROUPS = [
  { name: "tidy", folders: ["tests/tidy.test.ts", "tests/tidy"], concurrency: 2, isBrowser: false },
  { name: "unit", folders: ["tests/lib", "tests/components"], concurrency: 3, isBrowser: false },
  {
    name: "server",
    folders: ["tests/server", "tests/bridge", "tests/replay", "tests/scripts"],
    concurrency: 3,
    isBrowser: false,
  },
  { name: "browser", folders: ["tests/e2e"], concurrency: 1, isBrowser: true },
];

/**
 * Runs one tool; what it wrote is shown only where it failed.
 * @param {string} root
 * @param {{name: string, command: string, args: readonly string[]}} tool
 * @returns {Promise<Counts>}
 */
export async function runTool(root, tool) {
  const startedMs = Date.now();
  const command = path.join(root, "node_modules", ".bin", tool.command);
  const env = { ...process.env, PATH: `${path.dirname(command)}${path.delimiter}${process.env.PATH ?? ""}` };
  const { code, output } = await runCommand(command, tool.args, { cwd: root, env, isQuiet: true });
  if (code !== 0) console.log(`\nFAIL ${tool.name}\n${output.trimEnd()}\n`);
  console.log(`${tool.name}: ${code === 0 ? "passed" : "failed"} (${seconds(startedMs)})`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/**
 * Every test file at or below the places (`tests/lib`, `tests/tidy.test.ts`), relative to the root, sorted.
 * @param {string} root
 * @param {readonly string[]} places
 * @returns {string[]}
 */
export function testFiles(root, places) {
  return places
    .flatMap((place) => {
      const full = path.join(root, place);
      if (!existsSync(full)) return [];
      if (!statSync(full).isDirectory()) return [place];
      return readdirSync(full, { recursive: true, encoding: "utf8" }).map((name) => path.join(place, name));
    })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .sort();
}

/**
 * Runs test files with the project's Node and reporter. No file at all is a failure, and so is a run that hangs.
 * @param {string} root
 * @param {{name: string, files: readonly string[], concurrency: number, env?: NodeJS.ProcessEnv}} group
 * @returns {Promise<Counts>}
 */
export function runTests(root, { name, files, concurrency, env = {} }) {
  if (files.length === 0) {
    console.log(`FAIL ${name}: no test file was found`);
    return Promise.resolve({ passed: 0, failed: 1, skipped: 0 });
  }
  const startedMs = Date.now();
  const args = [
    "--enable-source-maps",
    "--import=./tests/support/tsx-hooks.mjs",
    "--test",
    `--test-concurrency=${concurrency}`,
    "--test-reporter=./tests/support/reporter.mjs",
    ...files,
  ];
  const { NODE_TEST_CONTEXT: _, ...outer } = process.env;
  const child = spawn(nodePath(root), args, {
    cwd: root,
    env: { ...outer, ...env, NODE_ENV: "test" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve) => {
    /** @type {Counts | null} */
    let counts = null;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line);
      if (found) counts = { passed: Number(found[1]), failed: Number(found[2]), skipped: Number(found[3] ?? 0) };
      else console.log(line);
    });
    const forget = endWith(child);
    child.once("close", (code) => {
      forget();
      const got = counts ?? { passed: 0, failed: 0, skipped: 0 };
      if ((code !== 0 && got.failed === 0) || got.passed + got.failed + got.skipped === 0) {
        console.log(`FAIL ${name}: the run ended with code ${code} and ${counts ? "no failure" : "no count"}`);
        got.failed++;
      }
      console.log(`${name}: ${sentence(got)} in ${files.length} files (${seconds(startedMs)})`);
      resolve(got);
    });
  });
}

/**
 * Ends a test run when it takes too long, and with us.
 * @param {import("node:child_process").ChildProcess} child
 */
function endWith(child) {
  const slow = setTimeout(() => {
    console.log(`the run took more than ${GROUP_MS_MAX / 60_000} minutes and is ended`);
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
  }, GROUP_MS_MAX);
  const end = () => {
    child.kill("SIGTERM");
    child.once("close", () => process.exit(130));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  return () => {
    clearTimeout(slow);
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  };
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return all.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/**
 * `12 passed, 0 failed`, with the skipped where there are any.
 * @param {Counts} counts
 */
export function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** @param {number} startedMs */
function seconds(startedMs) {
  return `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
}

/** What does `npm test` do? Tools, then every group of tests, or the parts and paths that were named. */

import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./build.mjs";
import { findChromium } from "./chromium.mjs";
import { ensureInstalled } from "./install.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { GROUPS, runTests, runTool, sentence, sum, TOOLS, testFiles } from "./stages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} line */
function say(line) {
  console.log(line);
}

/** @param {(typeof GROUPS)[number]} group */
async function runGroup(group) {
  const files = testFiles(root, group.folders);
  if (!group.isBrowser) return runTests(root, { ...group, files });
  const chromium = findChromium(process.env);
  if (chromium === null) {
    say("SKIP browser: no Chromium on this machine; install one or set CHROMIUM_PATH");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  await oneAtATime(root, say, () => ensureBuilt(root, say));
  return runTests(root, { ...group, files, env: { CHROMIUM_PATH: chromium } });
}

/** @param {readonly string[]} words names of tools and groups (`unit`, `types`), or paths; none: everything */
async function main(words) {
  await oneAtATime(root, say, () => ensureInstalled(root, say));
  const paths = words.filter((word) => word.includes("/"));
  const names = words.filter((word) => !word.includes("/")).map((word) => word.replace("-", " "));
  const known = [...TOOLS, ...GROUPS].map((part) => part.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no part is called ${unknown.join(", ")}: ${known.join(", ")}, or a path`);
  const isWanted = (/** @type {{name: string}} */ { name }) => words.length === 0 || names.includes(name);
  const counts = [];
  for (const tool of TOOLS.filter(isWanted)) counts.push(await runTool(root, tool));
  for (const group of GROUPS.filter(isWanted)) counts.push(await runGroup(group));
  for (const place of paths) {
    const env = { CHROMIUM_PATH: findChromium(process.env) ?? "" };
    counts.push(await runTests(root, { name: place, files: testFiles(root, [place]), concurrency: 2, env }));
  }
  const total = sum(counts);
  say(sentence(total));
  return total.failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.log(error instanceof Error ? error.message : error);
    console.log("0 passed, 1 failed");
    process.exit(1);
  },
);

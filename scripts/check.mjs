/** Is the tree clean? Types, lint, dead code and the tidy test, in a few seconds, before a commit. */

import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { runTests, runTool, sentence, sum, TOOLS, testFiles } from "./stages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const say = (/** @type {string} */ line) => console.log(line);

await oneAtATime(root, say, () => ensureInstalled(root, say));
const counts = [];
for (const tool of TOOLS) counts.push(await runTool(root, tool));
counts.push(await runTests(root, { name: "tidy", files: testFiles(root, ["tests/tidy.test.ts"]), concurrency: 1 }));
const total = sum(counts);
say(sentence(total));
process.exit(total.failed === 0 ? 0 : 1);

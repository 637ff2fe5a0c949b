/** How does `npm run log` or `npm run replay` start? Installs when needed, then runs the file on the project's Node. */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { withEnvFile } from "./env-file.mjs";
import { ensureInstalled, nodePath } from "./install.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { runCommand } from "./run-command.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** On stderr: stdout belongs to the tool, whose output may be piped. */
const say = (/** @type {string} */ line) => console.error(line);

/** @param {readonly string[]} argv a file of the project, then its own arguments */
async function main(argv) {
  const [file, ...args] = argv;
  if (file === undefined) {
    say("Usage: node scripts/run.mjs FILE [ARGUMENT …]");
    return 2;
  }
  await oneAtATime(root, say, () => ensureInstalled(root, say));
  const env = withEnvFile(path.join(root, ".env"), process.env);
  const { code } = await runCommand(nodePath(root), [path.join(root, file), ...args], { cwd: root, env });
  return code;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

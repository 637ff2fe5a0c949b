/** What does `npm start` do? Installs when needed, builds when stale, then runs data-service and web. */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./build.mjs";
import { withEnvFile } from "./env-file.mjs";
import { ensureInstalled, nodePath } from "./install.mjs";
import { launch } from "./launch.mjs";
import { NODE_FLAGS, withMemorySettings } from "./node-memory.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { takenPorts } from "./ports.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A start that is not ready by then no longer keeps others waiting. */
const READY_MS_MAX = 60_000;

/** @param {string} line */
function say(line) {
  console.log(line);
}

/**
 * The data-service's own flags; a replay's path is meant from where the user typed it, not from the project's folder.
 * @param {readonly string[]} argv
 */
function flagsOf(argv) {
  const from = process.env.INIT_CWD ?? process.cwd();
  return argv
    .filter((flag) => flag !== "--dev")
    .map((flag, index, flags) => {
      if (flag.startsWith("--replay=")) return `--replay=${path.resolve(from, flag.slice("--replay=".length))}`;
      return flags[index - 1] === "--replay" && !flag.startsWith("-") ? path.resolve(from, flag) : flag;
    });
}

/** @param {readonly string[]} argv */
async function main(argv) {
  const isDev = argv.includes("--dev");
  const env = withEnvFile(path.join(root, ".env"), process.env);
  process.chdir(root);
  const taken = await takenPorts(root, env);
  if (taken.length > 0) {
    for (const line of taken) say(line);
    return 2;
  }
  /** @type {Promise<number> | undefined} */
  let running;
  await oneAtATime(root, say, async () => {
    await ensureInstalled(root, say);
    if (!isDev) await ensureBuilt(root, say);
    // NOTE: still one at a time until the ports are taken, or two starts could each get one of the two.
    await new Promise((resolve) => {
      running = launch({
        root,
        command: nodePath(root),
        dataServiceArgs: [...NODE_FLAGS, "server/main.ts", ...flagsOf(argv)],
        // In development the pages are compiled in the process: that takes what it takes.
        webArgs: isDev ? ["server/web.ts", "--dev"] : [...NODE_FLAGS, "server/web.ts"],
        env: withMemorySettings(root, { ...env, NODE_ENV: isDev ? "development" : "production" }),
        say,
        onReady: () => resolve(undefined),
      });
      running.then(resolve, resolve);
      setTimeout(resolve, READY_MS_MAX).unref();
    });
  });
  return running ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

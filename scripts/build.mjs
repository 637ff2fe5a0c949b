/** Are the cockpit's pages built from the sources that lie here? Builds them where not. */

import path from "node:path";
import { nodePath } from "./install.mjs";
import { runCommand } from "./run-command.mjs";
import { hashOf, isStamped, stamp } from "./stamps.mjs";

/** What the pages are made from. */
export const PAGE_SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "next.config.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "postcss.config.mjs",
];

/**
 * Runs `next build` when the sources differ from those of the last build. Throws where it fails.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureBuilt(root, say) {
  const stampFile = path.join(root, ".next", "rightseat-sources");
  const hash = hashOf(root, PAGE_SOURCES);
  if (isStamped(stampFile, hash)) return;
  say("Building the pages (about ten seconds, only after a change) …");
  const { NODE_ENV: _, ...env } = process.env;
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
  const { code, output } = await runCommand(nodePath(root), [next, "build"], {
    cwd: root,
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1" },
    isQuiet: true,
  });
  if (code !== 0) throw new Error(`the pages could not be built:\n${output}`);
  stamp(stampFile, hash);
}

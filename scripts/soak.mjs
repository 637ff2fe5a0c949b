/** Does the product hold for long? Runs the long forms of its tests and writes the result into docs/RELIABILITY.md. */

import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, nodePath } from "./install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

await ensureInstalled(root, (line) => console.log(line));
const child = spawn(nodePath(root), [path.join(root, "tests", "soak", "soak.ts")], { cwd: root, stdio: "inherit" });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
child.once("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once("exit", (code) => process.exit(code ?? 1));

/** How much memory does the whole product take? The sum of PSS of every process of a first `npm start`. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { report } from "./measure.ts";
import { memoryOf } from "./process-memory.ts";
import { startProduct } from "./started-product.ts";

const GOAL_BYTES = 450_000_000;
const MINUTES = 10;
const MINUTE_MS = 60_000;

/** `--minutes N`: how long after the start it is read; the goal is stated for ten. */
function minutesWanted(argv: readonly string[]): number {
  const at = argv.indexOf("--minutes");
  if (at < 0) return MINUTES;
  const minutes = Number(argv[at + 1]);
  if (!(minutes > 0 && minutes <= 120)) throw new Error(`--minutes was "${argv[at + 1]}", expected 0 to 120`);
  return minutes;
}

async function main(): Promise<void> {
  if (!fs.existsSync("/proc/self/smaps_rollup")) throw new Error("PSS is read from /proc: Linux is needed");
  const minutes = minutesWanted(process.argv);
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
  // PostgreSQL runs as a user of its own when started as root, and must get through to its folder.
  fs.chmodSync(dataDir, 0o755);
  try {
    const limitBytes = GOAL_BYTES;
    await using product = await startProduct(dataDir);
    const before = memoryOf(process.pid, { withRoot: false });
    await sleep(minutes * MINUTE_MS);
    const after = memoryOf(process.pid, { withRoot: false });
    const page = await fetch(product.url);
    if (!page.ok) throw new Error(`the product answers ${page.status}`);
    const parts = after.parts.map(({ name, processes, pssBytes }) => {
      return `${name}${processes > 1 ? ` ×${processes}` : ""} ${Math.round(pssBytes / 1e6)}`;
    });
    report({
      name: "memory",
      unit: "bytes",
      ours: after.pssBytes + after.borrowedBytes,
      peer: limitBytes,
      peerName: "the limit (no other cockpit is comparable)",
      peerVersion: process.version,
      goal: `<= ${GOAL_BYTES} bytes`,
      isMet: minutes >= MINUTES && after.pssBytes + after.borrowedBytes <= GOAL_BYTES,
      notes:
        `sum of PSS ${minutes} min after the address of a first start was printed` +
        `${minutes < MINUTES ? " (too short for the goal)" : ""}, no browser open; ` +
        `MB: ${parts.join(", ")}, program files that others ran too ${Math.round(after.borrowedBytes / 1e6)}; ` +
        `right at the address ${Math.round((before.pssBytes + before.borrowedBytes) / 1e6)}`,
    });
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();

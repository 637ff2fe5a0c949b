/** Is anything lost that was acknowledged, over hundreds of kill -9? The acknowledgements live in this process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createOutputs } from "#lib/outputs/output.ts";
import { createRandom } from "#lib/prng.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { recover } from "#server/sequencer/recover.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";

const publisher = fileURLToPath(new URL("../support/durable-publisher.ts", import.meta.url));
/** Kills of one log, then it is checked and a new one begins: recovery reads the whole of it each time. */
const KILLS_A_LOG = 25;
/** Published at a time by turns: many share a flush, one alone has its own. */
const IN_FLIGHT = [16, 1];
const LIFE_MS_MIN = 5;
const LIFE_MS_SPAN = 120;

/** `lost`: acknowledged, and not in the log with the seq and the state that were said. */
export type KillResult = { seed: number; kills: number; acknowledged: number; lost: string[]; digestsEqual: boolean };

export async function runKillLoop({ kills, seed }: { kills: number; seed: number }): Promise<KillResult> {
  const random = createRandom(seed);
  const result: KillResult = { seed, kills: 0, acknowledged: 0, lost: [], digestsEqual: true };
  while (result.kills < kills) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-soak-"));
    try {
      const said: string[] = [];
      for (let inLog = 0; inLog < KILLS_A_LOG && result.kills < kills; inLog += 1) {
        result.kills += 1;
        const inFlight = IN_FLIGHT[result.kills % 2];
        const lifeMs = LIFE_MS_MIN + random() * LIFE_MS_SPAN;
        said.push(...(await runAndKill(folder, { name: `r${result.kills}`, inFlight, lifeMs })));
      }
      await check(folder, said, result);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    console.log(`kills: ${result.kills} of ${kills}, ${result.acknowledged} acknowledged, ${result.lost.length} lost`);
  }
  return result;
}

/** Lines of a publisher that lives `lifeMs` behind its first answer; the last line, if cut, was not acknowledged. */
async function runAndKill(
  folder: string,
  { name, inFlight, lifeMs }: { name: string; inFlight: number; lifeMs: number },
): Promise<string[]> {
  const args = [publisher, folder, name, String(inFlight)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await sleep(lifeMs);
  child.kill("SIGKILL");
  const [, signal] = await closed;
  if (signal !== "SIGKILL") throw new Error(`the publisher ended by itself (${signal ?? "exit"})`);
  return said.split("\n").slice(0, -1);
}

/** Against one engine that reads the whole log unbroken. */
async function check(folder: string, said: readonly string[], result: KillResult): Promise<void> {
  const engine = createTallyEngine();
  await recover({ folder, runId: "test-run", engine, logger: memoryLogger([]) });
  const unbroken = createTallyEngine();
  const outputs = createOutputs(4);
  const logged = new Map<string, string>();
  readLog(folder, (event) => {
    unbroken.process(event, outputs);
    if (event.type === "ContractPinned") logged.set(event.symbol ?? "", `${event.seq} ${unbroken.digest()}`);
  });
  for (const line of said) {
    const [symbol, ...rest] = line.split(" ");
    if (logged.get(symbol) !== rest.join(" ")) result.lost.push(line);
  }
  result.acknowledged += said.length;
  if (engine.digest() !== unbroken.digest()) result.digestsEqual = false;
}

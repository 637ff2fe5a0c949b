/** Is anything lost that was acknowledged, when the process is killed at any moment? */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createOutputs } from "#lib/outputs/output.ts";
import { createRandom } from "#lib/prng.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { recover } from "#server/sequencer/recover.ts";
import { memoryLogger } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const publisher = fileURLToPath(new URL("../../support/durable-publisher.ts", import.meta.url));
const KILLS_ANYWHERE = 40;
const KILLS_IN_A_FLUSH = 12;

/** One alone is flushed in place where the disk is fast, many together over the thread pool. */
const IN_FLIGHT = [16, 1];

type Life = { inFlight: number } & ({ lifeMs: number } | { killAtFlush: number });

/**
 * Runs a publisher until it dies of kill -9: `lifeMs` behind its first answer, or inside so-manieth flush. Returns the
 * lines it was able to say.
 */
async function runAndKill(folder: string, name: string, life: Life): Promise<string[]> {
  const killAtFlush = "killAtFlush" in life ? [String(life.killAtFlush)] : [];
  const args = [publisher, folder, name, String(life.inFlight), ...killAtFlush];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  if ("lifeMs" in life) {
    await sleep(life.lifeMs);
    child.kill("SIGKILL");
  }
  const [, signal] = await closed;
  assert.equal(signal, "SIGKILL");
  // The last line may be cut: what was not said whole was not acknowledged to us.
  return said.split("\n").slice(0, -1);
}

test("kill -9 in 52 places under load, 12 of them inside a flush, loses nothing acknowledged, and the state is that of an unbroken run", async (t) => {
  const folder = temporaryFolder(t);
  const seed = Date.now() & 0x7fff_ffff;
  t.diagnostic(`seed ${seed}`);
  const random = createRandom(seed);
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS_ANYWHERE + KILLS_IN_A_FLUSH; round += 1) {
    const isAnywhere = round % 4 !== 0 || round >= KILLS_IN_A_FLUSH * 4;
    const inFlight = IN_FLIGHT[(round >> 2) % 2];
    const life = isAnywhere ? { lifeMs: Math.floor(random() * 60) } : { killAtFlush: 1 + Math.floor(random() * 9) };
    acknowledged.push(...(await runAndKill(folder, `r${round}`, { ...life, inFlight })));
  }
  t.diagnostic(`${acknowledged.length} acknowledged, ${fs.readdirSync(folder).length} segments`);
  assert.ok(acknowledged.length > KILLS_ANYWHERE * 16);
  const engine = createTallyEngine();
  const recovered = await recover({ folder, runId: "test-run", engine, logger: memoryLogger([]) });
  // The unbroken run: one engine over the whole log, its digest behind every pin.
  const unbroken = createTallyEngine();
  const outputs = createOutputs(4);
  const logged = new Map<string, string>();
  readLog(folder, (event) => {
    unbroken.process(event, outputs);
    if (event.type === "ContractPinned") logged.set(event.symbol ?? "", `${event.seq} ${unbroken.digest()}`);
  });
  for (const line of acknowledged) {
    const [symbol, ...rest] = line.split(" ");
    assert.equal(logged.get(symbol), rest.join(" "), line);
  }
  assert.equal(engine.digest(), unbroken.digest());
  assert.equal(recovered.lastSeq, unbroken.events);
});

/** Which starts does the real data-service refuse, and does it leave everything as it was? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { lastRun } from "#server/runs.ts";
import {
  type DataService,
  type DataServiceOptions,
  spawnDataService,
  startDataService,
  temporaryDataDir,
} from "#tests/support/data-service.ts";
import { until } from "#tests/support/stores.ts";

const NOWHERE = { DATABASE_URL: "postgres://127.0.0.1:9/x", REDIS_URL: "redis://127.0.0.1:9" };
const ENV = { INSTRUMENTS: "ES", FEED: "simulator:5", ...NOWHERE };
/** A wrong setting or folder: the launcher does not try it again. */
const EXIT_REFUSED = 2;

function ownFolder(t: TestContext): DataServiceOptions {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  return { dataDir, env: ENV };
}

/** What it said when it ended with EXIT_REFUSED; fails where it becomes ready instead. */
async function refusal(t: TestContext, options: DataServiceOptions): Promise<string> {
  const service = await spawnDataService(options);
  t.after(() => service.stop("SIGKILL"));
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${service.port}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  await until(async () => service.process.exitCode !== null || (await isReady()), "it ends or starts", 60_000);
  assert.equal(service.process.exitCode, EXIT_REFUSED, service.said());
  return service.said();
}

async function pin(service: DataService, contract: string | null): Promise<{ seq: number }> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ contract });
  const answer = await fetch(`http://127.0.0.1:${service.port}/contracts/ES/pin`, { method: "POST", headers, body });
  assert.equal(answer.status, 200);
  return answer.json();
}

test("a second data-service on the same folder is refused and names the first, which goes on", async (t) => {
  const options = ownFolder(t);
  const first = await startDataService(options);
  t.after(() => first.stop());
  const { seq } = await pin(first, "ESZ6");
  assert.match(await refusal(t, options), new RegExp(`process ${first.process.pid}\\b`));
  assert.ok((await pin(first, null)).seq > seq);
  assert.equal(first.process.exitCode, null);
});

test("a flipped bit in what was flushed stops the start with file and byte; mended, nothing is lost", async (t) => {
  const options = ownFolder(t);
  const first = await startDataService(options);
  const { seq } = await pin(first, "ESZ6");
  await first.stop("SIGKILL");
  const run = lastRun(options.dataDir) ?? assert.fail();
  const file = path.join(run.logFolder, "00000001.seg");
  const whole = fs.readFileSync(file);
  // In the first frame: RunStarted and what came with it.
  const damaged = Buffer.from(whole);
  damaged[64 + 40] ^= 1;
  fs.writeFileSync(file, damaged);
  const said = await refusal(t, options);
  assert.ok(said.includes(`${file}, byte 64: was a frame that is not whole`), said);
  assert.match(said, /Restore this file from a backup, or move the run's folder/);
  assert.ok(fs.readFileSync(file).equals(damaged), "nothing was changed");
  fs.writeFileSync(file, whole);
  const again = await startDataService(options);
  t.after(() => again.stop());
  assert.ok((await again.get<{ seq: number }>("/health")).seq >= seq);
});

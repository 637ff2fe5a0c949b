/** Does an acknowledged event survive kill -9, and are the bars afterwards those of an unbroken run? */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "#lib/prng.ts";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import { lastRun } from "#server/runs.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const KILLS = 10;
const ENV = {
  FEED: "simulator:5",
  FEED_SPEED: "120",
  FEED_START: "2026-11-17T14:25:00Z",
  INSTRUMENTS: "ES,GC,MES",
};
/** Every minute bar before it is compared. */
const COMPARED_UNTIL_MS = Date.parse("2026-11-17T14:40:00Z");

type Acknowledged = { seq: number; symbol: string | null };

/** Pins and frees ES in turn until the process dies, noting every answer that arrived. */
async function pinUntilDead(service: DataService, acknowledged: Acknowledged[]): Promise<void> {
  for (let turn = 0; ; turn++) {
    const contract = turn % 2 === 0 ? "ESZ6" : null;
    const response = await fetch(`http://127.0.0.1:${service.port}/contracts/ES/pin`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ contract }),
    }).catch(() => null);
    const answer = (await response?.json().catch(() => null)) as { seq: number } | null | undefined;
    if (response === null || answer === null || answer === undefined) return;
    assert.equal(response.status, 200, JSON.stringify(answer));
    acknowledged.push({ seq: answer.seq, symbol: contract === null ? null : "ESZ26" });
  }
}

async function minuteBars(service: DataService): Promise<BarsAnswer["bars"][]> {
  for (;;) {
    const { nowMs } = await service.get<{ nowMs: number }>("/status");
    if (nowMs > COMPARED_UNTIL_MS + 60_000) break;
    await sleep(20);
  }
  const answers: BarsAnswer["bars"][] = [];
  for (const contract of ["ESZ6", "GCZ6", "MESZ6"]) {
    const to = `&to=${COMPARED_UNTIL_MS}`;
    const answer = await service.get<BarsAnswer>(`/bars/${contract}?interval=1m&limit=50000${to}`);
    assert.ok(answer.bars.length > 1_000, `${contract}: ${answer.bars.length} bars`);
    answers.push(answer.bars);
  }
  return answers;
}

function pinsInLog(dataDir: string): Map<number, string | null> {
  const run = lastRun(dataDir);
  assert.ok(run !== null);
  const pins = new Map<number, string | null>();
  readLog(path.join(run.folder, "log"), (event) => {
    if (event.type === "ContractPinned") pins.set(event.seq, event.symbol);
  });
  return pins;
}

test("kill -9 ten times while acknowledging: nothing acknowledged is lost, bars equal those of an unbroken run", async () => {
  const broken = temporaryDataDir();
  const whole = temporaryDataDir();
  const random = createRandom(testSeeds("moments of kills")[1]);
  const acknowledged: Acknowledged[] = [];
  const services: DataService[] = [];
  const start = async (dataDir: string): Promise<DataService> => {
    const service = await startDataService({ dataDir, env: ENV });
    services.push(service);
    return service;
  };
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const service = await start(broken.dataDir);
      const { seq } = await service.get<OpsReport>("/health");
      assert.ok(seq >= (acknowledged.at(-1)?.seq ?? 0), `recovered to ${seq} only`);
      const pinning = pinUntilDead(service, acknowledged);
      await sleep(40 + random() * 400);
      await service.stop("SIGKILL");
      await pinning;
    }
    assert.ok(acknowledged.length >= KILLS, `${acknowledged.length} acknowledged`);
    const pins = pinsInLog(broken.dataDir);
    for (const { seq, symbol } of acknowledged) assert.equal(pins.get(seq), symbol, `acknowledged seq ${seq}`);
    const after = await start(broken.dataDir);
    const { digest, epoch } = await after.get<OpsReport>("/health");
    assert.equal(epoch, KILLS + 1);
    assert.notEqual(digest?.equal, false);
    const ours = await minuteBars(after);
    await after.stop();
    const unbroken = await start(whole.dataDir);
    const theirs = await minuteBars(unbroken);
    for (const [index, bars] of ours.entries()) assert.deepEqual(bars, theirs[index]);
    await unbroken.stop();
  } finally {
    for (const service of services) service.process.kill("SIGKILL");
    broken.remove();
    whole.remove();
  }
});

/** What the vendor sends is ten minutes late: does the process end the live run and begin a delayed one by itself? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { contractSymbol } from "#lib/contract.ts";
import { firstFront } from "#lib/front-contract.ts";
import { tradeDateAt } from "#lib/session.ts";
import type { StatusAnswer } from "#lib/wire/status.ts";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { contractRow } from "#tests/support/massive-hour.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";

const KEY = "mode-test-key";
const folder = temporaryDataDir();
after(() => folder.remove());

test("delayed data end the LIVE run and begin a DELAYED one in the same process; a restart goes on with it", async () => {
  const ticker = contractSymbol(firstFront("ES", tradeDateAt("equity", Date.now())));
  const data = { contracts: [contractRow(ticker, "2099-01-01")], aggs: {}, trades: {} };
  await using server = await MassiveServer.start({ key: KEY, data });
  const env = {
    FEED: "massive",
    MASSIVE_API_KEY: KEY,
    MASSIVE_WS_URL: server.wsUrl,
    MASSIVE_REST_URL: server.restUrl,
    INSTRUMENTS: "ES",
  };
  const service = await startDataService({ dataDir: folder.dataDir, env });
  const status = () => service.get<StatusAnswer>("/status").catch(() => null);
  assert.equal((await status())?.mode, "LIVE", service.said());
  let seq = 0;
  const until = async (claim: () => Promise<boolean>): Promise<boolean> => {
    for (let turn = 0; turn < 400; turn++) {
      server.send([{ ev: "T", sym: ticker, ...{ p: "6000.25", s: 1, t: Date.now() - 600_000, q: seq++ } }]);
      if (await claim()) return true;
      await sleep(50);
    }
    return false;
  };
  assert.ok(await until(async () => (await status())?.mode === "DELAYED"), service.said());
  const instruments = () => service.get<{ instruments: { last: number | null; mode: string }[] }>("/instruments");
  assert.ok(await until(async () => (await instruments().catch(() => null))?.instruments[0]?.last === 6_000.25));
  assert.equal(service.process.exitCode, null, "the same process");
  await service.stop();
  const modes = fs
    .readdirSync(path.join(folder.dataDir, "runs"))
    .toSorted()
    .map((runId) => JSON.parse(fs.readFileSync(path.join(folder.dataDir, "runs", runId, "run.json"), "utf8")).mode);
  assert.deepEqual(modes, ["LIVE", "DELAYED"]);
  const again = await startDataService({ dataDir: folder.dataDir, env });
  assert.equal((await again.get<StatusAnswer>("/status")).mode, "DELAYED");
  assert.equal(fs.readdirSync(path.join(folder.dataDir, "runs")).length, 2, "the run goes on");
  await again.stop();
});

/** Does a bridge's day survive kill -9, count once, go stale, and reach REST, stream, log and lamp as it was posted? */
import assert from "node:assert/strict";
import path from "node:path";
import test, { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeFrame } from "#lib/events/codec.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { readFact } from "#lib/outputs/fact-codec.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { BridgeAccountRow, PositionsAnswer } from "#lib/wire/positions.ts";
import { lastRun } from "#server/runs.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";
import { type BridgePost, postLine, recordedDay } from "#tests/support/bridge-day.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";

const ENV = { FEED: "simulator:9", FEED_SPEED: "1", INSTRUMENTS: "ES,GC" };
const { dataDir, remove } = temporaryDataDir();
const started: DataService[] = [];

async function start(env: Record<string, string> = {}): Promise<DataService> {
  const service = await startDataService({ dataDir, env: { ...ENV, ...env } });
  started.push(service);
  return service;
}

after(async () => {
  for (const service of started) if (service.process.exitCode === null) service.process.kill("SIGKILL");
  await Promise.all(started.map((service) => service.ended));
  remove();
});

async function accountsOf(service: DataService): Promise<BridgeAccountRow[]> {
  return (await service.get<PositionsAnswer>("/positions")).accounts;
}

async function lampOf(service: DataService): Promise<string> {
  const lamp = (await service.get<OpsReport>("/health")).parts.find(({ name }) => name === "bridge");
  return `${lamp?.state}: ${lamp?.message}`;
}

/** The facts of accounts in the newest run's log, in words. */
function factsInLog(): string[] {
  const words: string[] = [];
  using cursor = new LogCursor(path.join(lastRun(dataDir)?.folder ?? "", "log"));
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    decodeFrame(frame.payload, () => {}, { fact: (view, at) => words.push(...wordsOf(readFact(view, at))) });
  }
  return words;
}

function wordsOf(fact: Fact): string[] {
  if (fact.type === "FillReported") return [`${fact.fill.executionId} ${fact.fill.side} ${fact.fill.contracts}`];
  if (fact.type === "IncidentRaised") return [fact.incident.kind];
  return [];
}

test("a recorded day, killed in the middle and posted again, counts once and is lost nowhere", async () => {
  const day = recordedDay(Date.now());
  const first = await start();
  assert.equal(await lampOf(first), "absent: none yet");
  assert.deepEqual((await first.get<PositionsAnswer>("/positions")).accounts, []);
  const half = Math.floor(day.length / 2);
  let acknowledged = 0;
  for (const line of day.slice(0, half)) {
    const { status, answer } = await postLine(first.port, line);
    assert.deepEqual([status, answer.outcome], [200, "accepted"], JSON.stringify(answer));
    acknowledged = answer.seq;
  }
  const before = await accountsOf(first);
  await first.stop("SIGKILL");

  const second = await start();
  assert.ok((await second.get<OpsReport>("/health")).seq >= acknowledged);
  assert.deepEqual(withoutAges(await accountsOf(second)), withoutAges(before));
  for (const [index, line] of day.entries()) {
    const { status, answer } = await postLine(second.port, line);
    const expected = index < half ? /^(duplicate|stale)$/ : /^accepted$/;
    assert.equal(status, 200);
    assert.match(answer.outcome, expected, `${index} ${line.path}`);
  }
  const answer = await second.get<PositionsAnswer>("/positions/");
  assertEndOfDay(answer);
  assert.match(
    await lampOf(second),
    /^degraded: Sim101 stale since \d\d:\d\d:\d\d CT: the platform has lost its broker/,
  );
  await second.stop();
  assert.doesNotMatch(second.said(), /differs from the state/);
  assert.deepEqual(factsInLog(), ["x1 buy 2", "x2 buy 1", "x3 sell 1", "x4 sell 2"]);
});

function withoutAges(rows: readonly BridgeAccountRow[]): unknown {
  const numbers = ["ageMs", "markAgeMs", "staleSinceMs", "state", "reason"];
  return JSON.parse(JSON.stringify(rows, (key, value) => (numbers.includes(key) ? undefined : value)));
}

function assertEndOfDay(answer: PositionsAnswer): void {
  const sim = answer.accounts.find(({ account }) => account === "Sim101");
  assert.ok(sim?.positions);
  const [gold] = sim.positions;
  assert.ok((gold.markAgeMs ?? Number.NaN) < 60_000);
  assert.deepEqual(
    { ...gold, markAgeMs: 0 },
    {
      ...{ contract: "GCZ34", instrument: "GC", side: "short", quantity: 1, averagePrice: 4_100.1, tickSize: 0.1 },
      ...{ markPrice: 4_099.9, markSource: "bridge", markAgeMs: 0, unrealizedPnlUsd: 20, unrealizedTicks: 2 },
    },
  );
  assert.deepEqual([sim.executions, sim.cashUsd, sim.workingOrders], [4, 49_990.5, 0]);
  assert.deepEqual([sim.brokerFloor?.drawdownLeftUsd, sim.brokerFloor?.floorUsd], [1_750.25, 48_280.25]);
  assert.deepEqual([answer.has_positions, answer.total_unrealized_pnl, answer.account], [true, 20, "Sim101"]);
}

function nowPost(address: string, fields: Record<string, unknown>): BridgePost {
  return { path: address, body: JSON.stringify({ account: "Live1", sentMs: Date.now(), ...fields }) };
}

const LONG = {
  symbol: "MES 12-34",
  side: "Long",
  quantity: 2,
  avgPrice: 6000,
  unrealizedPnL: 12.5,
  markPrice: 6001.25,
};

test("silence makes an account stale in five seconds, a new run takes it over, clearing forgets it", async () => {
  const service = await start();
  await postLine(service.port, nowPost("/bridge/heartbeat", { connection: "Connected" }));
  await postLine(service.port, nowPost("/positions/update", { positions: [LONG] }));
  const liveAt = Date.now();
  const live = (await accountsOf(service)).find(({ account }) => account === "Live1");
  assert.deepEqual([live?.state, live?.unrealizedPnlUsd, live?.positions?.[0].unrealizedTicks], ["live", 12.5, 5]);
  let row = live;
  while (row?.state === "live") {
    assert.ok(Date.now() - liveAt < 8_000, "still live");
    await sleep(100);
    row = (await accountsOf(service)).find(({ account }) => account === "Live1");
  }
  assert.ok(Date.now() - liveAt > 4_000, `stale after ${Date.now() - liveAt} ms`);
  assert.deepEqual([row?.reason, row?.positions?.length], ["silent", 1]);
  assert.match(await lampOf(service), /Live1 stale since/);
  await service.stop();

  const other = await start({ FEED: "simulator:10" });
  const taken = (await accountsOf(other)).find(({ account }) => account === "Live1");
  assert.deepEqual([taken?.state, taken?.positions?.[0].contract], ["stale", "MESZ34"]);
  const headers = { "content-type": "application/json" };
  const request = { method: "DELETE", headers, body: "{}" };
  const cleared = await fetch(`http://127.0.0.1:${other.port}/positions`, request);
  assert.equal(((await cleared.json()) as { status: string }).status, "cleared");
  assert.deepEqual(await accountsOf(other), []);
  await other.stop();
});

test("what is wrong is refused by field, changes nothing, and is counted; 413 and 401 too", async () => {
  const key = "k".repeat(32);
  const service = await start({ API_KEY: key });
  const get = async (address: string) => {
    const response = await fetch(`http://127.0.0.1:${service.port}${address}`, { headers: { "x-api-key": key } });
    return (await response.json()) as OpsReport & PositionsAnswer; // safe: the caller picks what the route answers
  };
  const { accounts } = await get("/positions");
  const good = nowPost("/positions/update", { positions: [LONG] });
  const unknown = { ...good, body: good.body.replace("MES 12-34", "FDAX 12-34") };
  const huge = { ...good, body: `{"account":"${"A".repeat(600 * 1024)}"}` };
  for (const [line, given, status, field] of [
    [unknown, key, 422, "positions.0.symbol"],
    [{ ...good, body: good.body.replace("6000", "6000,25") }, key, 422, "body"],
    [huge, key, 413, undefined],
    [good, "wrong", 401, undefined],
  ] as const) {
    const { status: answered, answer } = await postLine(service.port, line, given);
    assert.equal(answered, status, JSON.stringify(answer));
    assert.equal((answer.error as { field?: string }).field, field);
  }
  assert.deepEqual((await get("/positions")).accounts, accounts);
  const counted = (await get("/health")).rejects
    .map(({ reason, count, last }) => `${reason} ${count} ${last}`)
    .join("\n");
  assert.match(counted, /bridge BAD_SHAPE 2 \/positions\/update: body was 6000,25, expected a decimal point/);
  assert.match(counted, /bridge TOO_LARGE 1/);
  assert.match(counted, /bridge UNAUTHORISED 1/);
  const { status, answer } = await postLine(service.port, { ...good, path: "/update_positions" }, key);
  assert.deepEqual([status, answer.status, answer.account, answer.positions_count], [200, "received", "Live1", 1]);
  await service.stop();
});

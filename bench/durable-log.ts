/** Is our log as fast as Redis and NATS? Durable beside appendfsync always, written beside JetStream. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { median, report } from "./measure.ts";
import { type AckRate, ackRate, startNats } from "./nats-peer.ts";
import { versionOf } from "./peer-process.ts";
import { startRedis, xaddRate } from "./redis-peer.ts";
import { startLoad } from "./sequencer-load.ts";

const EVENT_BYTES = 200;
/** Many short ones in turn: what a disk takes changes from second to second. */
const ROUNDS = 15;
const ROUND_MS = 200;
const WARM_MS = 300;
/** Requests of one round of redis-benchmark, which takes a count and no time: about as long as ours. */
const CASES = [
  { inFlight: 1, redisCount: 1_500, durableGoal: 1 },
  { inFlight: 64, redisCount: 15_000, durableGoal: 1 },
  { inFlight: 1_000, redisCount: 20_000, durableGoal: 3 },
] as const;
type Case = (typeof CASES)[number];

type Rounds = { durable: number[]; redis: number[]; written: number[]; nats: AckRate[] };

/** Ours and each peer in turn, so that what else the machine does falls on all. */
async function runCase(folder: string, { inFlight, redisCount }: Case): Promise<Rounds & { bytes: number }> {
  const rounds: Rounds = { durable: [], redis: [], written: [], nats: [] };
  const hasRedis = versionOf("redis-server") !== null && versionOf("redis-benchmark") !== null;
  await using redis = hasRedis ? await startRedis(folder) : null;
  await using nats = versionOf("nats-server") === null ? null : await startNats(path.join(folder, "nats"));
  await using load = startLoad(folder, EVENT_BYTES);
  await load.durableRate(inFlight, WARM_MS);
  await load.writtenRate(inFlight, WARM_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.durable.push(await load.durableRate(inFlight, ROUND_MS));
    if (redis !== null) rounds.redis.push(await xaddRate(redis, { inFlight, bytes: EVENT_BYTES, count: redisCount }));
    rounds.written.push(await load.writtenRate(inFlight, ROUND_MS));
    if (nats !== null) rounds.nats.push(await ackRate(nats, { inFlight, bytes: EVENT_BYTES, ms: ROUND_MS }));
  }
  return { ...rounds, bytes: load.bytesPerEvent() };
}

function spread(values: readonly number[]): string {
  return `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;
}

function reportCase({ inFlight, durableGoal }: Case, rounds: Rounds & { bytes: number }): void {
  const { durable, redis, written, nats } = rounds;
  const redisRate = redis.length === 0 ? null : median(redis);
  const durableRate = median(durable);
  const size = `${rounds.bytes.toFixed(0)} bytes in our log for each event`;
  report({
    name: `durable-log-${inFlight}`,
    unit: "events/s",
    ours: durableRate,
    peer: redisRate,
    peerName: "Redis XADD, appendfsync always, redis-benchmark",
    peerVersion: versionOf("redis-server") ?? "none",
    goal: `ratio >= ${durableGoal} at ${inFlight} in flight`,
    isMet: redisRate !== null && durableRate >= durableGoal * redisRate,
    notes:
      `publishDurable, answered behind fdatasync, ${size}; ours in-process, Redis over loopback; ` +
      `median of ${ROUNDS}: ours ${spread(durable)}${redisRate === null ? "" : `, Redis ${spread(redis)}`}`,
  });
  const natsRate = nats.length === 0 ? null : median(nats.map(({ perSecond }) => perSecond));
  const writtenRate = median(written);
  const cores = (of: (rate: AckRate) => number): string => (nats.length === 0 ? "–" : median(nats.map(of)).toFixed(2));
  report({
    name: `written-log-${inFlight}`,
    unit: "events/s",
    ours: writtenRate,
    peer: natsRate,
    peerName: "NATS JetStream file store, raw client",
    peerVersion: versionOf("nats-server") ?? "none",
    goal: `ratio >= 1 at ${inFlight} in flight`,
    isMet: natsRate !== null && writtenRate >= natsRate,
    notes:
      "both guarantee less than durable: NATS answers before its fsync (every 2 min by default), ours counts what " +
      "is written and processed, its fdatasync begins within 30 ms; a kill loses neither, a power cut may lose " +
      "NATS's last 2 min and our last 30 ms and a flush; ours in-process; our raw client of NATS took " +
      `${cores((rate) => rate.clientCores)} of a core, its server ${cores((rate) => rate.serverCores)}; ` +
      `ours ${spread(written)}`,
  });
}

for (const one of CASES) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
  try {
    reportCase(one, await runCase(folder, one));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

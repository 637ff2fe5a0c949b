/** Both stores away for a real minute under load, twice: what was said, what paused, and are all rows there? */
import path from "node:path";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { watchFrames } from "#tests/support/frame-watch.ts";
import {
  bothGreen,
  endure,
  freezeFault,
  lampsOf,
  type Outage,
  rowsAndRebuilt,
  stopFault,
} from "#tests/support/store-outage.ts";
import { ownPostgres, ownRedis } from "#tests/support/stores.ts";

/** First history and what a fast market adds: the projection may take so long to follow. */
const GREEN_MS_MAX = 300_000;
/** A frame leaves each 50 ms; whoever waits for a store is silent for seconds. */
const SILENCE_MS_MAX = 2_000;

export type AwayOptions = { speed: number; seconds: number };
export type AwayResult = {
  speed: number;
  /** Wall time that each outage was held. */
  seconds: number;
  /** Of PostgreSQL alone where the machine has no redis-server. */
  outages: Outage[];
  longestSilenceMs: number;
  bars: number;
  /** Lines of the two databases that differ. */
  different: number;
  isGood: boolean;
};

/** Runs it; throws where a lamp stays green without its store, or does not come back with it. */
export async function runStoresAway({ speed, seconds }: AwayOptions): Promise<AwayResult> {
  await using stack = new AsyncDisposableStack();
  const { dataDir, remove } = temporaryDataDir();
  stack.defer(remove);
  const postgres = await ownPostgres(path.join(dataDir, "of-the-soak"));
  stack.defer(postgres.stop);
  const redis = await ownRedis({ after: (clean) => stack.defer(async () => clean()) });
  const env = { FEED: "simulator:7", FEED_SPEED: String(speed), FEED_START: "2026-11-17T14:30:00Z" };
  const urls = { DATABASE_URL: postgres.url, ...(redis === null ? {} : { REDIS_URL: redis.url }) };
  const service = await startDataService({ dataDir, env: { ...env, ...urls } });
  stack.defer(() => service.stop());
  await bothGreen(service, GREEN_MS_MAX);
  const { runId } = (await lampsOf(service)).ops;
  const watch = await watchFrames(service.port, ["ESZ6", "NQZ6", "CLZ6"]);
  const hold = { holdMs: seconds * 1_000, marketMs: 60_000, backMsMax: GREEN_MS_MAX };
  const servers = [
    { name: "PostgreSQL", server: postgres },
    ...(redis === null ? [] : [{ name: "Redis", server: redis }]),
  ];
  const stopped = servers.map(({ name, server }) => stopFault(`${name} stopped`, server));
  const frozen = servers.map(({ name, server }) => freezeFault(`${name} frozen`, server.pid));
  const outages = [await endure(service, stopped, hold), await endure(service, frozen, hold)];
  const longestSilenceMs = watch.longestSilenceMs();
  const stepsBack = watch.stepsBack();
  watch.close();
  await service.stop();
  const [rows, rebuilt] = await rowsAndRebuilt(postgres.url, dataDir, runId);
  const different = rebuilt.lines.filter((line, at) => line !== rows.lines[at]).length;
  const isGood = different === 0 && rows.bars === rebuilt.bars && stepsBack === 0 && longestSilenceMs < SILENCE_MS_MAX;
  return { speed, seconds, outages, longestSilenceMs, bars: rows.bars, different, isGood };
}

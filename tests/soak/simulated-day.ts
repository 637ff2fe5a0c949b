/** Is memory flat while the market runs for a day? The real data-service in fast time, sampled from outside. */
import { setTimeout as sleep } from "node:timers/promises";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { rssBytesOf } from "../../bench/process-memory.ts";
import { type Flatness, flatnessOf, WARM_SHARE } from "./flatness.ts";

const SAMPLES = 200;
/** The open of a Tuesday: no weekend is left out of the hours that are counted. */
const START = "2026-11-16T23:00:00Z";
/** Second bars are kept so long: before, memory fills by design and nothing can be judged. */
const FILLING_HOURS = 2;

export type DayOptions = { speed: number; seconds: number };
export type DayResult = {
  speed: number;
  /** Wall time measured, and how far the feed's clock came in it. */
  seconds: number;
  marketHours: number;
  events: number;
  rss: Flatness;
  heap: Flatness;
  /** Buffers outside of the heap, columns of bars among them: told, part of `rss`. */
  external: Flatness;
  /** Null: too little market in the warm-up to tell. */
  isFlat: boolean | null;
};

/** Runs it; throws when the process ends or its market stands still. */
export async function runSimulatedDay({ speed, seconds }: DayOptions): Promise<DayResult> {
  const { dataDir, remove } = temporaryDataDir();
  try {
    const env = { FEED: "simulator:7", FEED_SPEED: String(speed), FEED_START: START };
    const service = await startDataService({ dataDir, env });
    try {
      const rss: number[] = [];
      const heap: number[] = [];
      const external: number[] = [];
      const begin = await service.get<{ nowMs: number }>("/status");
      const startMs = performance.now();
      let events = 0;
      for (let sample = 1; sample <= SAMPLES; sample += 1) {
        await sleep(Math.max(0, startMs + (sample * seconds * 1_000) / SAMPLES - performance.now()));
        if (service.process.exitCode !== null) throw new Error(`the data-service ended:\n${service.said()}`);
        const metrics = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
        heap.push(metricOf(metrics, "nodejs_heap_size_used_bytes"));
        external.push(metricOf(metrics, "nodejs_external_memory_bytes"));
        events = metricOf(metrics, "rightseat_events_total");
        rss.push(rssBytesOf(service.process.pid ?? 0));
      }
      const end = await service.get<{ nowMs: number }>("/status");
      const marketHours = (end.nowMs - begin.nowMs) / 3_600_000;
      if (!(marketHours > 0)) throw new Error("the market stood still");
      const flat = { rss: flatnessOf(rss), heap: flatnessOf(heap), external: flatnessOf(external) };
      const isJudged = marketHours * WARM_SHARE >= FILLING_HOURS;
      const isFlat = isJudged ? flat.rss.isFlat && flat.heap.isFlat : null;
      return { speed, seconds, marketHours, events, ...flat, isFlat };
    } finally {
      await service.stop();
    }
  } finally {
    remove();
  }
}

function metricOf(text: string, name: string): number {
  const value = Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  if (!Number.isFinite(value)) throw new Error(`/metrics has no ${name}`);
  return value;
}

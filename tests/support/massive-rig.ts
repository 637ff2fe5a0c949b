/** How does a test run the Massive feed? Against the server, a clock that stands until it is moved, and the engine. */
import { setTimeout as realSleep } from "node:timers/promises";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import type { EngineOutput } from "#lib/outputs/output.ts";
import { tradeDateAt } from "#lib/session.ts";
import type { FeedEvent, FeedResume, FeedSink, RejectReason } from "#server/feeds/feed.ts";
import { createMassiveFeed, type MassiveFeed, type MassiveFeedOptions } from "#server/feeds/massive-feed.ts";
import { type EngineRun, engineRun } from "./engine-run.ts";
import type { MassiveServer } from "./massive-server.ts";

type Sleeper = { atMs: number; wake: () => void };

/** Time that stands until a test moves it; waits end when it passes them. */
export class ManualClock {
  nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = { atMs: this.nowMs + ms, wake: resolve };
    this.#sleepers.push(sleeper);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
  };

  /** Does anything wait for time to pass? */
  get hasSleepers(): boolean {
    return this.#sleepers.length > 0;
  }

  moveTo(ms: number): void {
    this.nowMs = Math.max(this.nowMs, ms);
    for (const sleeper of this.#sleepers) if (sleeper.atMs <= this.nowMs) sleeper.wake();
  }
}

export type MassiveRig = {
  clock: ManualClock;
  feed: MassiveFeed;
  run: EngineRun;
  events: FeedEvent[];
  outputs: (EngineOutput & { atMs: number })[];
  rejects: { reason: RejectReason; detail: string }[];
  /** Moves time to `ms`; deadlines that the engine asked for ring at their own time. */
  moveTo(ms: number): void;
  /** Moves time on, a second at a step with real work between, until the claim holds; false after `seconds`. */
  until(claim: () => boolean, seconds?: number): Promise<boolean>;
  /** Lets sockets and promises work, without time passing, until the claim holds. */
  settle(claim: () => boolean, turns?: number): Promise<boolean>;
  states(): string[];
  /** The house has no room from now on, until the answer is called. */
  hold(): () => void;
  /** Connects; time passes only while the feed waits for it, never while the server answers. */
  connect(resume?: FeedResume | null): Promise<void>;
};

export const KEY = "test-key-0123456789";
const TURNS_A_SECOND = 4;

type House = Pick<MassiveRig, "run" | "events" | "outputs" | "rejects" | "moveTo" | "hold"> & { sink: FeedSink };

/** The engine behind a sink, stamped by the clock; its deadlines ring as the clock is moved. */
function engineHouse(clock: ManualClock, mode: "LIVE" | "DELAYED"): House {
  const run = engineRun([], { startMs: clock.nowMs, mode });
  const events: FeedEvent[] = [];
  const rejects: MassiveRig["rejects"] = [];
  const outputs: MassiveRig["outputs"] = [];
  const numbers: string[] = [];
  let wakeMs = Number.POSITIVE_INFINITY;
  let room: PromiseWithResolvers<void> | null = null;
  const hold = (): (() => void) => {
    const held = Promise.withResolvers<void>();
    room = held;
    return () => {
      room = null;
      held.resolve();
    };
  };
  const send = (event: Parameters<EngineRun["send"]>[0]): void => {
    run.send(event, clock.nowMs);
    for (const output of run.said()) {
      outputs.push({ ...output, atMs: clock.nowMs });
      if (output.type === "WakeAt" && output.clock === "feed") wakeMs = Math.min(wakeMs, output.deadlineMs);
    }
  };
  const sink: FeedSink = {
    contractNumber(contract: Contract) {
      const instrument = instrumentOf(contract.root);
      if (instrument === null) throw new Error(`${contract.root} is no root`);
      const tickSize = tickSizeAt(instrument, tradeDateAt(instrument.calendar, clock.nowMs));
      send({ ...UNSTAMPED, type: "InstrumentListed", contract: numbers.length, ...contract, tickSize });
      return numbers.push(contractLongSymbol(contract)) - 1;
    },
    publish(event) {
      events.push(event);
      send(event);
    },
    drained: () => room?.promise ?? null,
    reject: (reason, detail) => void rejects.push({ reason, detail }),
  };
  const moveTo = (ms: number): void => {
    while (wakeMs <= ms) {
      clock.moveTo(wakeMs);
      const deadlineMs = wakeMs;
      wakeMs = Number.POSITIVE_INFINITY;
      send({ ...UNSTAMPED, type: "DeadlineReached", clock: "feed", deadlineMs });
    }
    clock.moveTo(ms);
  };
  return { run, events, outputs, rejects, moveTo, hold, sink };
}

/** A feed of `server`, not yet connected, and the engine behind it. */
export function massiveRig(
  server: MassiveServer,
  options: Partial<MassiveFeedOptions> & { startMs: number },
): MassiveRig {
  const { startMs, mode = "LIVE", ...rest } = options;
  const clock = new ManualClock(startMs);
  const { sink, ...house } = engineHouse(clock, mode);
  const feed = createMassiveFeed({
    key: KEY,
    wsUrl: server.wsUrl,
    restUrl: server.restUrl,
    roots: ["ES"],
    mode,
    wallMs: () => clock.nowMs,
    sleep: clock.sleep,
    random: () => 0.5,
    ...rest,
  });
  const rig: MassiveRig = {
    ...house,
    clock,
    feed,
    async until(claim, seconds = 120) {
      for (let step = 0; step < seconds; step++) {
        if (claim()) return true;
        rig.moveTo(clock.nowMs + 1_000);
        // A busy machine gives one long sleep no more than one turn of the event loop.
        for (let turn = 0; turn < TURNS_A_SECOND; turn++) await realSleep(1);
      }
      return claim();
    },
    async settle(claim, turns = 2_000) {
      for (let turn = 0; turn < turns && !claim(); turn++) await realSleep(1);
      return claim();
    },
    states: () => house.events.flatMap((event) => (event.type === "FeedStatusChanged" ? [event.state] : [])),
    async connect(resume = null) {
      let isThrough = false;
      const connecting = feed.connect(sink, resume).then(() => {
        isThrough = true;
      });
      while (!isThrough) {
        if (clock.hasSleepers) rig.moveTo(clock.nowMs + 1_000);
        await realSleep(1);
      }
      await connecting;
    },
  };
  return rig;
}

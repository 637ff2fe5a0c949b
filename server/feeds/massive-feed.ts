/** How do a vendor's live futures reach the engine? One feed: its parts put together, its commands passed on. */
import { setTimeout as realSleep } from "node:timers/promises";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { MASSIVE_RETRY_MS_MAX, MASSIVE_RETRY_MS_MIN } from "#lib/limits.ts";
import { type BackOff, createBackOff } from "./back-off.ts";
import type { BackfillRequest, Feed, FeedClock, FeedResume, FeedSink } from "./feed.ts";
import type { LiveFeedAction, LiveFeedAnswer, LiveFeedControls, LiveFeedReport } from "./live-feed.ts";
import { Attempts } from "./massive/attempts.ts";
import type { ContractStream } from "./massive/contract-stream.ts";
import { fillGap } from "./massive/gap-filler.ts";
import { GapKeeper } from "./massive/gap-keeper.ts";
import { Pursuit } from "./massive/pursuit.ts";
import { createRestClient, MassiveRestError, type RestClient } from "./massive/rest-client.ts";
import { Roster } from "./massive/roster.ts";
import { Settlements } from "./massive/settlements.ts";
import { Subscription } from "./massive/subscription.ts";
import type { LiveMode } from "./massive/timeliness.ts";

export type MassiveFeedOptions = {
  readonly key: string;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly roots: readonly string[];
  /** What the data are expected to be; `modeChanged` says when they are not. */
  readonly mode: LiveMode;
  readonly wallMs: () => number;
  /** Waits that tests let pass at once. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
};

export type MassiveFeed = Feed & {
  readonly controls: LiveFeedControls;
  /** Resolves with the mode of the data that really come, when it is not the feed's: a new run has to begin. */
  readonly modeChanged: Promise<LiveMode>;
  /** Follows a contract that became a root's front, when it is not followed yet. */
  follow(contract: Contract): void;
};

const NAME = "massive";

export function createMassiveFeed(options: MassiveFeedOptions): MassiveFeed {
  return new Massive(options);
}

/** What there is once the feed has a sink. */
type Connected = { sink: FeedSink; roster: Roster; gaps: GapKeeper; settlements: Settlements; pursuit: Pursuit };

class Massive implements MassiveFeed {
  readonly name = NAME;
  readonly mode: LiveMode;
  readonly seed = null;
  readonly identity = NAME;
  readonly clock: FeedClock;
  readonly modeChanged: Promise<LiveMode>;
  readonly controls: LiveFeedControls = { act: (action) => this.#act(action), report: () => this.#report() };
  readonly #options: MassiveFeedOptions;
  readonly #wrongMode = Promise.withResolvers<LiveMode>();
  readonly #ending = new AbortController();
  readonly #rest: RestClient;
  readonly #attempts: Attempts;
  readonly #streams = new Map<string, ContractStream>();
  readonly #subscription = new Subscription(this.#streams);
  readonly #roots: string[];
  #connected: Connected | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: MassiveFeedOptions) {
    this.#options = options;
    this.mode = options.mode;
    this.#roots = [...options.roots];
    this.clock = { nowMs: options.wallMs, speed: () => 1 };
    this.modeChanged = this.#wrongMode.promise;
    const { key, restUrl: baseUrl } = options;
    const sleep = (ms: number, signal: AbortSignal) => this.#sleep(ms, signal);
    const { signal } = this.#ending;
    this.#rest = createRestClient({ baseUrl, key, sleep, newBackOff: () => this.#newBackOff(), signal });
    this.#attempts = new Attempts({ backOff: this.#newBackOff(), sleep, signal });
  }

  #newBackOff(): BackOff {
    const random = this.#options.random ?? Math.random;
    return createBackOff({ firstMs: MASSIVE_RETRY_MS_MIN, mostMs: MASSIVE_RETRY_MS_MAX, random });
  }

  async connect(sink: FeedSink, resume: FeedResume | null): Promise<void> {
    const { wsUrl, key, mode, wallMs } = this.#options;
    const { signal } = this.#ending;
    const sleep = (ms: number, until = signal) => this.#sleep(ms, until);
    const shared = { rest: this.#rest, sink, signal };
    const settlements = new Settlements(shared);
    const roster = new Roster({ ...shared, numberOf: numbersOf(sink), mode, resume, settlements }, this.#streams);
    const gaps = new GapKeeper({ ...shared, sleep });
    const parts = { roster, gaps, settlements, subscription: this.#subscription, attempts: this.#attempts };
    const pursuit = new Pursuit({
      ...parts,
      feed: NAME,
      wsUrl,
      key,
      mode,
      sink,
      roots: this.#roots,
      wallMs,
      sleep,
      signal,
      onWrongMode: this.#wrongMode.resolve,
    });
    this.#connected = { sink, roster, gaps, settlements, pursuit };
    const prepared = Promise.withResolvers<void>();
    this.#running = pursuit.run(prepared.resolve);
    await prepared.promise;
  }

  async subscribe(roots: readonly string[]): Promise<readonly string[]> {
    const fresh = roots.filter((root) => !this.#roots.includes(root));
    this.#roots.push(...fresh);
    if (this.#connected === null) return [];
    const { roster, pursuit, sink } = this.#connected;
    try {
      await pursuit.subscribe(await pursuit.prepare(fresh));
    } catch (error) {
      if (!(error instanceof MassiveRestError)) throw error;
      // The next connection tries again.
      sink.reject("not-filled", `${fresh.join()}: ${error.message}`);
    }
    return roots.filter((root) => roster.refused.has(root) || roster.unprepared([root]).length > 0);
  }

  follow(contract: Contract): void {
    this.#join(contract).catch((error: unknown) => {
      if (!this.#ending.signal.aborted) {
        this.#connected?.sink.reject("not-filled", `${contractLongSymbol(contract)}: ${String(error)}`);
      }
    });
  }

  async #join(contract: Contract): Promise<void> {
    if (this.#connected === null) return;
    const { roster, pursuit } = this.#connected;
    const ticker = await roster.add(contract, this.#options.wallMs());
    if (ticker !== null) await pursuit.subscribe([ticker]);
  }

  async backfill({ contract, fromMs, toMs }: BackfillRequest): Promise<boolean> {
    const stream = this.#connected?.roster.streamOf(contract) ?? null;
    if (this.#connected === null || stream === null) return false;
    const { sink } = this.#connected;
    return fillGap({ rest: this.#rest, sink, stream }, { fromMs, reason: "asked for", isListed: false }, toMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#connected?.pursuit.close("the data-service stops");
    await this.#running;
    await this.#connected?.gaps.settled();
    await this.#connected?.settlements.settled();
  }

  async #act(action: LiveFeedAction): Promise<LiveFeedAnswer> {
    switch (action) {
      case "start":
        if (this.#attempts.isWanted) return { status: "unchanged", message: "The feed runs already." };
        this.#attempts.want();
        return { status: "done", message: "The feed connects to Massive; what was missed is filled in." };
      case "stop":
        if (!this.#attempts.isWanted) return { status: "unchanged", message: "The feed stands already." };
        this.#attempts.giveUp();
        this.#connected?.pursuit.stop("Stopped by you");
        return { status: "done", message: "The feed stands; nothing comes until you press Start." };
      case "upgrade":
      case "downgrade": {
        const answer = await this.#subscription.change(action === "upgrade" ? "trades" : "bars");
        if (answer.status !== "unchanged") this.#connected?.pursuit.sayFlow();
        return answer;
      }
    }
  }

  #report(): LiveFeedReport {
    const { wsUrl, restUrl } = this.#options;
    return {
      isRunning: this.#attempts.isWanted,
      wanted: this.#subscription.wanted,
      received: this.#subscription.received,
      delayMs: this.#connected?.pursuit.delayMs ?? null,
      frames: this.#connected?.pursuit.frames ?? 0,
      contracts: [...this.#streams.keys()],
      refusedRoots: [...(this.#connected?.roster.refused ?? [])].map(([root, reason]) => ({ root, reason })),
      hosts: [new URL(wsUrl).host, new URL(restUrl).host],
    };
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { sleep } = this.#options;
    if (sleep !== undefined) await sleep(ms, signal);
    else await realSleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** A contract's number, asked for once. */
function numbersOf(sink: FeedSink): (contract: Contract) => number {
  const numbers = new Map<string, number>();
  return (contract) => {
    const symbol = contractLongSymbol(contract);
    const known = numbers.get(symbol) ?? sink.contractNumber(contract);
    numbers.set(symbol, known);
    return known;
  };
}

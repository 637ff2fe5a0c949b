/** How do a vendor's live futures reach the engine? Prepare, connect, follow; every trouble has its state and words. */
import { setTimeout as realSleep } from "node:timers/promises";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import type { FeedState } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { MASSIVE_RETRY_MS_MAX, MASSIVE_RETRY_MS_MIN } from "#lib/limits.ts";
import { sessionAt } from "#lib/session.ts";
import { type BackOff, createBackOff } from "./back-off.ts";
import type { BackfillRequest, Feed, FeedClock, FeedResume, FeedSink } from "./feed.ts";
import type { LiveFeedAction, LiveFeedAnswer, LiveFeedControls, LiveFeedLevel, LiveFeedReport } from "./live-feed.ts";
import type { ConnectionEnd } from "./massive/connection.ts";
import type { ContractStream } from "./massive/contract-stream.ts";
import { fillGap } from "./massive/gap-filler.ts";
import { GapKeeper } from "./massive/gap-keeper.ts";
import { createRestClient, MassiveRestError, type RestClient } from "./massive/rest-client.ts";
import { Roster } from "./massive/roster.ts";
import { MassiveSession } from "./massive/session.ts";
import { connectedWords } from "./massive/status-words.ts";
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
const LOOK_MS = 1_000;
const PATIENCE_MAX = 16;
const NO_STREAMS: ReadonlyMap<string, ContractStream> = new Map();

export function createMassiveFeed(options: MassiveFeedOptions): MassiveFeed {
  return new Massive(options);
}

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
  readonly #backOff: BackOff;
  readonly #numbers = new Map<string, number>();
  #roots: string[];
  #sink: FeedSink | null = null;
  #roster: Roster | null = null;
  #gaps: GapKeeper | null = null;
  #session: MassiveSession | null = null;
  #isWanted = true;
  #isModeWrong = false;
  #level: LiveFeedLevel = "trades";
  #patience = 1;
  #frames = 0;
  /** Ends a wait (back-off, or for the start button) at once. */
  #nudge = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: MassiveFeedOptions) {
    this.#options = options;
    this.mode = options.mode;
    this.#roots = [...options.roots];
    this.clock = { nowMs: options.wallMs, speed: () => 1 };
    this.modeChanged = this.#wrongMode.promise;
    this.#backOff = this.#newBackOff();
    const { key, restUrl: baseUrl } = options;
    const sleep = (ms: number, signal: AbortSignal) => this.#sleep(ms, signal);
    const { signal } = this.#ending;
    this.#rest = createRestClient({ baseUrl, key, sleep, newBackOff: () => this.#newBackOff(), signal });
  }

  get #streams(): ReadonlyMap<string, ContractStream> {
    return this.#roster?.streams ?? NO_STREAMS;
  }

  #newBackOff(): BackOff {
    const random = this.#options.random ?? Math.random;
    return createBackOff({ firstMs: MASSIVE_RETRY_MS_MIN, mostMs: MASSIVE_RETRY_MS_MAX, random });
  }

  async connect(sink: FeedSink, resume: FeedResume | null): Promise<void> {
    const { signal } = this.#ending;
    const numberOf = (contract: Contract): number => this.#numberOf(contract, sink);
    this.#sink = sink;
    this.#roster = new Roster({ rest: this.#rest, sink, numberOf, mode: this.mode, resume, signal });
    const sleep = (ms: number) => this.#sleep(ms, signal);
    this.#gaps = new GapKeeper({ rest: this.#rest, sink, sleep, signal });
    const prepared = Promise.withResolvers<void>();
    this.#running = this.#run(prepared.resolve);
    await prepared.promise;
  }

  async subscribe(roots: readonly string[]): Promise<readonly string[]> {
    const fresh = roots.filter((root) => !this.#roots.includes(root));
    this.#roots.push(...fresh);
    if (fresh.length > 0 && this.#session !== null) {
      const opened = await this.#prepare(fresh);
      await this.#session?.connection.subscribe(this.#channels(opened));
      if (this.#session !== null) this.#noteGrants(this.#session);
    }
    return roots.filter((root) => this.#roster?.refused.has(root) ?? false);
  }

  follow(contract: Contract): void {
    this.#join(contract).catch((error: unknown) => {
      if (!this.#ending.signal.aborted) {
        this.#sink?.reject("not-filled", `${contractLongSymbol(contract)}: ${String(error)}`);
      }
    });
  }

  async #join(contract: Contract): Promise<void> {
    const ticker = await this.#roster?.add(contract, this.#options.wallMs());
    const session = this.#session;
    if (ticker === undefined || ticker === null || session === null) return;
    const stream = this.#streams.get(ticker);
    if (stream !== undefined) stream.hasTrades = this.#level === "trades";
    await session.connection.subscribe(this.#channels([ticker]));
    this.#noteGrants(session);
    this.#say("connected", this.#connectedWords());
  }

  async backfill({ contract, fromMs, toMs }: BackfillRequest): Promise<boolean> {
    const stream = this.#roster?.streamOf(contract) ?? null;
    const sink = this.#sink;
    if (stream === null || sink === null) return false;
    return fillGap({ rest: this.#rest, sink, stream }, { fromMs, reason: "asked for", isListed: false }, toMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#nudge.abort();
    this.#session?.connection.close("stopped", "the data-service stops");
    await this.#running;
    await this.#gaps?.settled();
  }

  /** Tries until it is told to stop; calls `first` when the first preparation is through, well or badly. */
  async #run(first: () => void): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      if (!this.#isWanted) {
        first();
        await this.#wait(Number.POSITIVE_INFINITY);
        continue;
      }
      let end: ConnectionEnd;
      try {
        if (this.#streams.size === 0) await this.#prepare(this.#roots);
        first();
        end = await this.#follow();
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof MassiveRestError)) throw error;
        const kind = error.fault === "unauthorised" || error.fault === "forbidden" ? "refused" : "lost";
        end = { kind, message: error.message };
      }
      if (!signal.aborted) await this.#afterEnd(end, first);
    }
    first();
  }

  /** Each end has its own state and words; only what may pass by itself is tried again. */
  async #afterEnd(end: ConnectionEnd, first: () => void): Promise<void> {
    this.#gaps?.open(this.#streams.values(), end.message);
    this.#patience = end.kind === "frozen" ? Math.min(PATIENCE_MAX, this.#patience * 2) : this.#patience;
    const stop = (state: FeedState, message: string): void => {
      this.#isWanted = false;
      this.#say(state, message);
    };
    switch (end.kind) {
      case "refused":
        return stop("failed", `Massive refused: ${end.message}. Check MASSIVE_API_KEY and the plan, then press Start.`);
      case "taken-over":
        return stop(
          "paused",
          "Taken over: another program logged in with this key, and Massive allows one. Press Start to take it back.",
        );
      case "stopped":
        if (!this.#isModeWrong) this.#say("paused", end.message);
        return;
      case "lost":
      case "slow-reader":
      case "frozen": {
        const waitMs = this.#backOff.next();
        const words = { lost: "Connection lost", "slow-reader": "Cut as a slow reader", frozen: "Frozen" }[end.kind];
        this.#say("backing-off", `${words}: ${end.message}. Next try in ${Math.ceil(waitMs / 1_000)} s.`);
        first();
        await this.#wait(waitMs);
      }
    }
  }

  async #prepare(roots: readonly string[]): Promise<string[]> {
    this.#say("connecting", `Massive: history of ${roots.length} products`);
    return this.#roster === null ? [] : await this.#roster.prepare(roots, this.#options.wallMs);
  }

  /** One connection from its opening to its end. */
  async #follow(): Promise<ConnectionEnd> {
    const sink = this.#sink;
    if (sink === null) throw new Error("massive feed: not connected yet, call connect first");
    const { wsUrl: url, key, wallMs } = this.#options;
    this.#say("connecting", `Massive: ${new URL(url).host}`);
    const session = new MassiveSession({
      url,
      key,
      mode: this.mode,
      sink,
      wallMs,
      streamOf: (ticker) => this.#streams.get(ticker) ?? null,
      onGapEnd: (stream, toMs) => this.#gaps?.end(stream, toMs),
      onWrongMode: () => this.#changeMode(),
      onRead: () => {
        this.#frames += 1;
      },
    });
    this.#session = session;
    const life = new AbortController();
    const looking = this.#lookAfter(session, AbortSignal.any([life.signal, this.#ending.signal]));
    const reading = session.run();
    if (await session.connection.loggedIn) await this.#subscribeAll(session);
    const end = await reading;
    life.abort();
    await looking;
    this.#session = null;
    return end;
  }

  async #subscribeAll(session: MassiveSession): Promise<void> {
    for (const stream of this.#streams.values()) stream.hasTrades = this.#level === "trades";
    const { connection } = session;
    await connection.subscribe(this.#channels([...this.#streams.keys()]));
    if (connection.end !== null) return;
    this.#noteGrants(session);
    if (connection.granted.size === 0) {
      const words = connection.denied.values().next().value ?? "nothing was granted";
      connection.close("refused", `no channel of this plan: ${words}`);
      return;
    }
    this.#backOff.reset();
    this.#say("connected", this.#connectedWords());
  }

  #noteGrants({ connection: { granted } }: MassiveSession): void {
    for (const [ticker, stream] of this.#streams) stream.hasTrades = granted.has(`T.${ticker}`);
  }

  #connectedWords(): string {
    const contracts = this.#streams.size;
    return connectedWords({ mode: this.mode, contracts, wanted: this.#level, received: this.#received() });
  }

  #channels(tickers: readonly string[], level = this.#level): string[] {
    const kinds = level === "trades" ? ["T", "Q", "A", "AM"] : ["A", "AM"];
    return tickers.flatMap((ticker) => kinds.map((kind) => `${kind}.${ticker}`));
  }

  async #lookAfter(session: MassiveSession, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sleep(LOOK_MS, signal);
      if (signal.aborted || session.connection.end !== null) return;
      if (session.hasHeard && session.heardMs > this.#options.wallMs() - 2 * LOOK_MS) this.#patience = 1;
      const exchangeNowMs = this.#options.wallMs() - (this.mode === "DELAYED" ? 600_000 : 0);
      const marketOpen = this.#roots.some((root) => {
        const calendar = instrumentOf(root)?.calendar;
        return calendar !== undefined && sessionAt(calendar, exchangeNowMs).state === "open";
      });
      const barsOnly = this.#received() !== "trades";
      session.look({ marketOpen, barsOnly, patience: this.#patience, streams: this.#streams.values() });
    }
  }

  #changeMode(): void {
    const other = this.mode === "LIVE" ? "DELAYED" : "LIVE";
    this.#isWanted = false;
    this.#isModeWrong = true;
    this.#say("ended", `The data are ${other}, not ${this.mode}: a new run begins`);
    this.#session?.connection.close("stopped", `the data are ${other}`);
    this.#wrongMode.resolve(other);
  }

  async #act(action: LiveFeedAction): Promise<LiveFeedAnswer> {
    switch (action) {
      case "start":
        if (this.#isWanted) return { status: "unchanged", message: "The feed runs already." };
        this.#isWanted = true;
        this.#backOff.reset();
        this.#nudge.abort();
        return { status: "done", message: "The feed connects to Massive; what was missed is filled in." };
      case "stop":
        if (!this.#isWanted) return { status: "unchanged", message: "The feed stands already." };
        this.#isWanted = false;
        if (this.#session === null) this.#say("paused", "Stopped by you");
        this.#session?.connection.close("stopped", "Stopped by you");
        this.#nudge.abort();
        return { status: "done", message: "The feed stands; nothing comes until you press Start." };
      case "upgrade":
      case "downgrade":
        return this.#setLevel(action === "upgrade" ? "trades" : "bars");
    }
  }

  /** upgrade: trades and quotes, if the plan has them. downgrade: the vendor's bars alone. */
  async #setLevel(level: LiveFeedLevel): Promise<LiveFeedAnswer> {
    const words = level === "trades" ? "trades, quotes and bars" : "bars only";
    const session = this.#session;
    if (session === null || session.connection.end !== null) {
      if (this.#level === level) return { status: "unchanged", message: `Set to ${words} already; nothing flows now.` };
      this.#level = level;
      return { status: "done", message: `Set to ${words} for the next connection; nothing flows now.` };
    }
    if (this.#received() === level) {
      this.#level = level;
      return { status: "unchanged", message: `Massive sends ${words} already.` };
    }
    this.#level = level;
    const extra = this.#channels([...this.#streams.keys()], "trades").filter((name) => /^[TQ]\./.test(name));
    if (level === "bars") {
      session.connection.unsubscribe(extra);
      for (const stream of this.#streams.values()) stream.hasTrades = false;
    } else {
      await session.connection.subscribe(extra);
      this.#noteGrants(session);
    }
    this.#say("connected", this.#connectedWords());
    if (this.#received() === level) return { status: "done", message: `Massive sends ${words} now.` };
    const why = session.connection.denied.get(extra[0]) ?? "no answer";
    return { status: "refused", message: `Massive does not grant trades and quotes to this key: ${why}.` };
  }

  #received(): LiveFeedLevel | null {
    if (this.#session === null || this.#session.connection.granted.size === 0) return null;
    return [...this.#streams.values()].some((stream) => stream.hasTrades) ? "trades" : "bars";
  }

  #report(): LiveFeedReport {
    const { wsUrl, restUrl } = this.#options;
    return {
      isRunning: this.#isWanted,
      wanted: this.#level,
      received: this.#received(),
      delayMs: this.#session?.delayMs ?? null,
      frames: this.#frames,
      contracts: [...this.#streams.keys()],
      refusedRoots: [...(this.#roster?.refused ?? [])].map(([root, reason]) => ({ root, reason })),
      hosts: [new URL(wsUrl).host, new URL(restUrl).host],
    };
  }

  #numberOf(contract: Contract, sink: FeedSink): number {
    const symbol = contractLongSymbol(contract);
    const known = this.#numbers.get(symbol) ?? sink.contractNumber(contract);
    this.#numbers.set(symbol, known);
    return known;
  }

  #publish(event: Parameters<FeedSink["publish"]>[0]): void {
    this.#sink?.publish(event);
  }

  #say(state: FeedState, message: string): void {
    this.#publish({ ...UNSTAMPED, type: "FeedStatusChanged", feed: NAME, state, message });
  }

  async #wait(ms: number): Promise<void> {
    this.#nudge = new AbortController();
    const signal = AbortSignal.any([this.#nudge.signal, this.#ending.signal]);
    if (Number.isFinite(ms)) await this.#sleep(ms, signal);
    else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { sleep } = this.#options;
    if (sleep !== undefined) await sleep(ms, signal);
    else await realSleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

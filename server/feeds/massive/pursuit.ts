/** How is the vendor followed from connection to connection? Prepare, connect, look after it, begin again. */
import type { FeedState } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { sessionAt } from "#lib/session.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import type { Attempts } from "./attempts.ts";
import type { ConnectionEnd } from "./connection.ts";
import type { GapKeeper } from "./gap-keeper.ts";
import { MassiveRestError } from "./rest-client.ts";
import type { Roster } from "./roster.ts";
import { MassiveSession } from "./session.ts";
import type { Settlements } from "./settlements.ts";
import { connectedWords, finalWords, retryWords } from "./status-words.ts";
import type { Subscription } from "./subscription.ts";
import { type LiveMode, usualDelayMs } from "./timeliness.ts";

export type PursuitOptions = {
  feed: string;
  wsUrl: string;
  key: string;
  mode: LiveMode;
  sink: FeedSink;
  /** What is to be followed, as it is now: it grows. */
  roots: readonly string[];
  roster: Roster;
  gaps: GapKeeper;
  settlements: Settlements;
  subscription: Subscription;
  attempts: Attempts;
  wallMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** The data are of this mode: nothing more is published. */
  onWrongMode(mode: LiveMode): void;
};

const LOOK_MS = 1_000;

export class Pursuit {
  /** Frames read since the start. */
  frames = 0;
  readonly #options: PursuitOptions;
  #session: MassiveSession | null = null;
  #isModeWrong = false;

  constructor(options: PursuitOptions) {
    this.#options = options;
  }

  /** Smallest arrival − exchange time seen lately, ms; null: nothing measured. */
  get delayMs(): number | null {
    return this.#session?.delayMs ?? null;
  }

  /** Tries until the feed ends; calls `first` when the first preparation is through, well or badly. */
  async run(first: () => void): Promise<void> {
    const { attempts, signal } = this.#options;
    while (!signal.aborted) {
      if (!attempts.isWanted) {
        first();
        await attempts.untilWanted();
        continue;
      }
      const end = await this.#tryOnce(first);
      if (!signal.aborted) await this.#afterEnd(end, first);
    }
    first();
  }

  async #tryOnce(first: () => void): Promise<ConnectionEnd> {
    const { roster, roots, signal } = this.#options;
    try {
      const missing = roster.unprepared(roots);
      if (missing.length > 0) this.#say("connecting", `Massive: history of ${missing.length} products`);
      await this.prepare(missing);
      first();
      return await this.#followOnce();
    } catch (error) {
      if (signal.aborted) return { kind: "stopped", message: "the data-service stops" };
      if (!(error instanceof MassiveRestError)) throw error;
      const kind = error.fault === "unauthorised" || error.fault === "forbidden" ? "refused" : "lost";
      return { kind, message: error.message };
    }
  }

  /** Only what may pass by itself is tried again. */
  async #afterEnd(end: ConnectionEnd, first: () => void): Promise<void> {
    const { attempts, gaps, roster } = this.#options;
    gaps.open(roster.streams.values(), end.message);
    const final = finalWords(end);
    if (final !== null) {
      // Who stopped it said already whether it is wanted.
      if (end.kind !== "stopped") attempts.giveUp();
      if (!this.#isModeWrong) this.#say(final.state, final.message);
      return;
    }
    const waitMs = attempts.nextWaitMs(end.kind);
    const { state, message } = retryWords(end, waitMs);
    this.#say(state, message);
    first();
    await attempts.wait(waitMs);
  }

  /** Loads what these roots need; resolves with the new tickers. Throws MassiveRestError. */
  async prepare(roots: readonly string[]): Promise<string[]> {
    return roots.length === 0 ? [] : await this.#options.roster.prepare(roots, this.#options.wallMs);
  }

  /** Follows these too, from now on where a connection is there, else from the next. */
  async subscribe(tickers: readonly string[]): Promise<void> {
    if (await this.#options.subscription.add(tickers)) this.sayFlow();
  }

  /** One connection from its opening to its end. */
  async #followOnce(): Promise<ConnectionEnd> {
    const { wsUrl: url, key, mode, sink, wallMs, roster, gaps, subscription, attempts, signal } = this.#options;
    this.#say("connecting", `Massive: ${new URL(url).host}`);
    const session = new MassiveSession({
      url,
      key,
      mode,
      sink,
      wallMs,
      streamOf: (ticker) => roster.streams.get(ticker) ?? null,
      onGapEnd: (stream, toMs) => gaps.end(stream, toMs),
      onWrongMode: () => this.#changeMode(),
      onRead: () => {
        this.frames += 1;
      },
      signal,
    });
    this.#session = session;
    const life = new AbortController();
    const looking = this.#lookAfter(session, AbortSignal.any([life.signal, signal]));
    const reading = session.run();
    if ((await session.connection.loggedIn) && (await subscription.begin(session.connection))) {
      attempts.succeeded();
      this.sayFlow();
    }
    const end = await reading;
    life.abort();
    await looking;
    subscription.end();
    this.#session = null;
    return end;
  }

  async #lookAfter(session: MassiveSession, signal: AbortSignal): Promise<void> {
    const { roots, roster, settlements, subscription, attempts, mode, wallMs, sleep } = this.#options;
    while (!signal.aborted) {
      await sleep(LOOK_MS, signal);
      if (signal.aborted || session.connection.end !== null) return;
      const nowMs = wallMs();
      if (session.hasHeard && session.heardMs > nowMs - 2 * LOOK_MS) attempts.patience = 1;
      const marketOpen = roots.some((root) => isOpenAt(root, nowMs - usualDelayMs(mode)));
      const barsOnly = subscription.received !== "trades";
      session.look({ marketOpen, barsOnly, patience: attempts.patience, streams: roster.streams.values() });
      settlements.look(roster.streams.values(), nowMs);
    }
  }

  #changeMode(): void {
    const { mode, attempts, onWrongMode } = this.#options;
    const other = mode === "LIVE" ? "DELAYED" : "LIVE";
    this.#isModeWrong = true;
    attempts.giveUp();
    this.#say("ended", `The data are ${other}, not ${mode}: a new run begins`);
    this.close(`the data are ${other}`);
    onWrongMode(other);
  }

  /** A person stopped the feed. */
  stop(message: string): void {
    if (this.#session === null) this.#say("paused", message);
    this.close(message);
  }

  /** Ends the connection, if there is one, as stopped. */
  close(message: string): void {
    this.#session?.connection.close("stopped", message);
  }

  /** Says what really comes, while anything does. */
  sayFlow(): void {
    const { mode, roster, subscription } = this.#options;
    const { wanted, received } = subscription;
    if (received === null) return;
    this.#say("connected", connectedWords({ mode, contracts: roster.streams.size, wanted, received }));
  }

  #say(state: FeedState, message: string): void {
    const { feed, sink } = this.#options;
    sink.publish({ ...UNSTAMPED, type: "FeedStatusChanged", feed, state, message });
  }
}

function isOpenAt(root: string, ms: number): boolean {
  const calendar = instrumentOf(root)?.calendar;
  return calendar !== undefined && sessionAt(calendar, ms).state === "open";
}

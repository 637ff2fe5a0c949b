/** Where does the market come from without a key: how is the simulated one told as a feed? */
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import type { FeedState } from "#lib/events/market.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";
import { closedStretchAt, jumpWords } from "#lib/simulator/closed-stretch.ts";
import { createMarketModel, type MarketModel, MODEL_VERSION } from "#lib/simulator/market-model.ts";
import {
  addRoots,
  buildNext,
  createMinuteBatch,
  earliestPart,
  isBuilt,
  type MinuteBatch,
  nextDueMs,
  passLogged,
  passRow,
  passUntil,
  settlementBefore,
} from "#lib/simulator/minute-batch.ts";
import { newRunStartMs, TAPE_MINUTES, tapeFromMs } from "#lib/simulator/start-rule.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { BackfillRequest, Feed, FeedClock, FeedEvent, FeedResume, FeedSink } from "#server/feeds/feed.ts";
import { eventOfRow } from "#server/feeds/simulator-events.ts";
import { gapEvents, historyEvents, settlementEvent, settlementsBetween } from "#server/feeds/simulator-history.ts";
import { createVirtualClock, type VirtualClock } from "#server/feeds/virtual-clock.ts";

export type SimulatorFeedOptions = {
  readonly seed: number;
  readonly roots: readonly string[];
  /** Virtual milliseconds per wall millisecond from the start on; Infinity: as fast as the sink drains. */
  readonly speed: number;
  /** Overrides where a new run stands; null: 09:25 ET of the newest full equity trade date. */
  readonly startMs: number | null;
  readonly wallMs: () => number;
};

/** The simulator, and what tests may ask of it. */
export type SimulatorFeed = Feed & {
  /** Publishes nothing more, while the status stays "connected" and the clock runs. */
  freeze(): void;
  /** Goes on with the present; what was missed is told as a gap (`backfill` has it). */
  thaw(): void;
  setSpeed(speed: number): void;
};

const NAME = "simulator";
/** Between two looks at the clock while nothing is due. */
const TICK_MS = 10;
/** Work in one turn of the event loop. */
const SLICE_MS = 5;
/** The wall clock is read this seldom while publishing. */
const EVENTS_PER_LOOK = 32;
/** A closed market is left this long after its close, and entered this long before the next open. */
const LEAVE_AFTER_CLOSE_MS = 1_000;
const ENTER_BEFORE_OPEN_MS = 60_000;
/** The house's clock stays this far below what is not published yet, so that an instant tells what is out. */
const BEFORE_NEXT_MS = 1 / 64;
/** A longer gap is refused. */
const BACKFILL_MS_MAX = 24 * 60 * MS_PER_MINUTE;

/** A feed on the model of `seed`; throws RangeError for roots that are not listed. */
export function createSimulatorFeed(options: SimulatorFeedOptions): SimulatorFeed {
  return new Simulator(options);
}

class Simulator implements SimulatorFeed {
  readonly name = NAME;
  readonly mode = "SIM";
  readonly seed: number;
  readonly identity: string;
  readonly clock: FeedClock;
  readonly #options: SimulatorFeedOptions;
  readonly #model: MarketModel;
  readonly #virtual: VirtualClock;
  readonly #followed: string[];
  readonly #numbers = new Map<string, number>();
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  readonly #contractNumber = (contract: Contract): number => this.#numberOf(contract);
  #sink: FeedSink | null = null;
  #batch: MinuteBatch | null = null;
  #ahead: MinuteBatch | null = null;
  /** nowMs of the newest event. */
  #publishedMs = 0;
  /** The house's clock does not pass this before the next look. */
  #limitMs = 0;
  #frozenFromMs: number | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(options: SimulatorFeedOptions) {
    const { seed, roots, speed, wallMs } = options;
    this.#options = options;
    this.#model = createMarketModel({ seed, roots });
    this.#virtual = createVirtualClock({ startMs: 0, speed, wallMs });
    this.#followed = [...roots];
    this.#ended = new Promise((resolve) =>
      this.#ending.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    this.seed = seed;
    this.identity = `${NAME}-${MODEL_VERSION}-${seed}`;
    this.clock = { nowMs: () => this.#nowMs(), speed: () => this.#virtual.speed() };
  }

  async connect(sink: FeedSink, resume: FeedResume | null): Promise<void> {
    this.#sink = sink;
    this.#connecting = this.#start(resume);
    await this.#connecting;
    this.#running = this.#live();
  }

  async subscribe(roots: readonly string[]): Promise<readonly string[]> {
    await this.#connecting;
    const fresh = roots.filter((root) => instrumentOf(root) !== null && !this.#followed.includes(root));
    if (fresh.length > 0 && this.#batch !== null) {
      const fromMs = this.#batch.minuteMs;
      await this.#loadPast(fresh, fromMs);
      // From here to the end without a rest: the minute under way cannot move on.
      this.#loadMissed(fresh, { fromMs, toMs: this.#batch.minuteMs });
      addRoots(this.#model, this.#batch, fresh);
    }
    this.#followed.push(...fresh);
    this.#ahead = null;
    return roots.filter((root) => instrumentOf(root) === null);
  }

  async backfill({ contract, fromMs, toMs }: BackfillRequest): Promise<boolean> {
    const untilMs = Math.min(toMs, this.#nowMs());
    if (!this.#followed.includes(contract.root) || untilMs <= fromMs || untilMs - fromMs > BACKFILL_MS_MAX)
      return false;
    const gap = { contract, number: this.#numberOf(contract), fromMs, toMs: untilMs, nowMs: this.#nowMs() };
    for (const event of gapEvents(this.#model, gap)) {
      if (this.#ending.signal.aborted) return false;
      this.#publish({ ...event, nowMs: this.#nowMs() });
      await this.#rest();
    }
    return true;
  }

  freeze(): void {
    this.#frozenFromMs ??= this.#nowMs();
  }

  thaw(): void {
    const fromMs = this.#frozenFromMs;
    if (fromMs === null || this.#batch === null) return;
    const toMs = this.#nowMs();
    this.#frozenFromMs = null;
    this.#ahead = null;
    const batch = createMinuteBatch(this.#model, this.#followed, Math.floor(toMs / MS_PER_MINUTE) * MS_PER_MINUTE);
    while (buildNext(this.#model, batch));
    passUntil(batch, toMs);
    this.#batch = batch;
    this.#publish({
      type: "FeedGapFound",
      seq: 0,
      nowMs: toMs,
      receivedMs: 0,
      contract: null,
      fromMs,
      toMs,
      reason: "the simulator was frozen",
    });
    for (const due of settlementsBetween(this.#model, this.#followed, { fromMs, toMs })) {
      this.#publish(settlementEvent(due, { model: this.#model, untilMs: toMs, contractNumber: this.#contractNumber }));
    }
  }

  setSpeed(speed: number): void {
    this.#virtual.jump(this.#nowMs());
    this.#virtual.setSpeed(speed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** Where a new run stands; a run whose history was cut short begins at its own start again. */
  #startMs(resume: FeedResume | null): number {
    if (resume !== null && resume.nowMs > 0) return resume.nowMs + TAPE_MINUTES * MS_PER_MINUTE;
    return this.#options.startMs ?? newRunStartMs(this.#options.wallMs());
  }

  /** Does the log hold trades or quotes of a root? Without them its history is not known to be whole. */
  #hasTape(root: string, resume: FeedResume): boolean {
    const calendar = instrumentOf(root)?.calendar;
    if (calendar === undefined || resume.nowMs === 0) return false;
    const date = tradeDateAt(calendar, resume.nowMs);
    return this.#model.contractsOn(date, root).some(({ contract }) => resume.lastSourceSeq(contract) >= 0);
  }

  async #start(resume: FeedResume | null): Promise<void> {
    const known = resume === null ? [] : this.#followed.filter((root) => this.#hasTape(root, resume));
    if (resume !== null && known.length > 0) {
      const fresh = this.#followed.filter((root) => !known.includes(root));
      await this.#goOn(resume, fresh);
    } else await this.#begin(this.#startMs(resume));
    this.#publishStatus("connected", `Simulated market of seed ${this.seed}`);
  }

  async #begin(startMs: number): Promise<void> {
    const fromMs = tapeFromMs(startMs);
    this.#publishedMs = fromMs;
    this.#publishStatus("connecting", "The simulator makes 20 trade dates of history");
    await this.#loadPast(this.#followed, fromMs);
    this.#turnTo(createMinuteBatch(this.#model, this.#followed, fromMs));
    while (!this.#ending.signal.aborted && this.#pump(startMs, false)) await this.#rest();
    this.#virtual.jump(startMs);
  }

  /** Goes on behind the log, in the minute of its end; roots that are new to the run bring their past. */
  async #goOn(resume: FeedResume, fresh: readonly string[]): Promise<void> {
    const minuteMs = Math.floor(resume.nowMs / MS_PER_MINUTE) * MS_PER_MINUTE;
    this.#publishedMs = resume.nowMs;
    if (fresh.length > 0) await this.#loadPast(fresh, minuteMs);
    const batch = createMinuteBatch(this.#model, this.#followed, minuteMs);
    passLogged(batch, resume);
    this.#turnTo(batch);
    this.#virtual.jump(resume.nowMs);
  }

  /** The trades of the minutes that passed while history was loaded. */
  #loadMissed(roots: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }): void {
    if (toMs <= fromMs) return;
    for (const root of roots) {
      const calendar = instrumentOf(root)?.calendar;
      if (calendar === undefined) continue;
      for (const { contract } of this.#model.contractsOn(tradeDateAt(calendar, fromMs), root)) {
        const gap = { contract, number: this.#numberOf(contract), fromMs, toMs, nowMs: this.#nowMs() };
        for (const event of gapEvents(this.#model, gap)) this.#publish(event);
      }
    }
  }

  async #loadPast(roots: readonly string[], untilMs: number): Promise<void> {
    const contractNumber = this.#contractNumber;
    for (const event of historyEvents({ model: this.#model, roots, untilMs, contractNumber })) {
      if (this.#ending.signal.aborted) return;
      this.#publish(event.nowMs < this.#publishedMs ? { ...event, nowMs: this.#publishedMs } : event);
      await this.#rest();
    }
  }

  async #live(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const isFast = this.#virtual.speed() === Number.POSITIVE_INFINITY;
      const isFrozen = this.#frozenFromMs !== null;
      const isMore = !isFrozen && this.#pump(isFast ? Number.POSITIVE_INFINITY : this.#virtual.nowMs(), true);
      if (isMore || (this.#sink?.drained() ?? null) !== null) await this.#rest();
      else await sleep(TICK_MS, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  /** Lets the sink work off its queue, at least one turn of the event loop; ends when the feed does. */
  async #rest(): Promise<void> {
    const room = this.#sink?.drained() ?? null;
    if (room === null) await nextTurn();
    else await Promise.race([room, this.#ended]);
  }

  /** Publishes what is due up to `untilMs` for at most a slice; true when something due is left. */
  #pump(untilMs: number, mayJump: boolean): boolean {
    const endMs = performance.now() + SLICE_MS;
    while (performance.now() < endMs) {
      const batch = this.#batch;
      if (batch === null) return false;
      if (!isBuilt(batch)) {
        buildNext(this.#model, batch);
        continue;
      }
      this.#publishDue(batch, untilMs, endMs);
      const dueMs = nextDueMs(batch);
      const batchEndMs = batch.minuteMs + MS_PER_MINUTE;
      this.#limitMs = Math.min(dueMs, batchEndMs) - BEFORE_NEXT_MS;
      if (dueMs <= untilMs && dueMs !== Number.POSITIVE_INFINITY) return true;
      if (batchEndMs > untilMs) {
        this.#prepareAhead(batchEndMs);
        return false;
      }
      if (!this.#nextMinute(batchEndMs, untilMs, mayJump)) return false;
    }
    return true;
  }

  #publishDue(batch: MinuteBatch, untilMs: number, endMs: number): void {
    for (let count = 1; count % EVENTS_PER_LOOK !== 0 || performance.now() < endMs; count += 1) {
      const index = earliestPart(batch);
      const rowMs = index === -1 ? Number.POSITIVE_INFINITY : batch.heads[index];
      const due = settlementBefore(batch, rowMs);
      if (due !== null) {
        if (due.dueMs > untilMs) return;
        batch.settlementCursor += 1;
        const place = { model: this.#model, untilMs: this.#publishedMs, contractNumber: this.#contractNumber };
        this.#publish(settlementEvent(due, place));
        continue;
      }
      if (index === -1 || rowMs > untilMs) return;
      const { tape, cursor, contract, sourceSeqBase } = batch.parts[index];
      if (tape === null) return;
      passRow(batch, index);
      const nowMs = rowMs < this.#publishedMs ? this.#publishedMs : rowMs;
      this.#publish(
        eventOfRow(tape, cursor, { contract: this.#numberOf(contract), sourceSeq: sourceSeqBase + cursor, nowMs }),
      );
    }
  }

  /** Makes one tape of the coming minute, so that the turn of the minute costs nothing. */
  #prepareAhead(minuteMs: number): void {
    if (this.#ahead?.minuteMs !== minuteMs) this.#ahead = createMinuteBatch(this.#model, this.#followed, minuteMs);
    else buildNext(this.#model, this.#ahead);
  }

  /** Turns to the minute from `minuteMs`, over a closed stretch by a jump; false while the jump is not due yet. */
  #nextMinute(minuteMs: number, untilMs: number, mayJump: boolean): boolean {
    const next =
      this.#ahead?.minuteMs === minuteMs ? this.#ahead : createMinuteBatch(this.#model, this.#followed, minuteMs);
    const closed = closedStretchAt(this.#followed, minuteMs);
    const isShut = closed !== null && closed.nextOpenMs - ENTER_BEFORE_OPEN_MS > minuteMs;
    if (!isShut || !mayJump || next.settlements.length > 0) {
      this.#turnTo(next);
      return true;
    }
    const leaveMs = minuteMs + LEAVE_AFTER_CLOSE_MS;
    this.#limitMs = leaveMs;
    if (untilMs < leaveMs) return false;
    const toMs = closed.nextOpenMs - ENTER_BEFORE_OPEN_MS;
    const fromMs = this.#virtual.speed() === Number.POSITIVE_INFINITY ? leaveMs : this.#nowMs();
    this.#virtual.jump(toMs);
    this.#limitMs = toMs;
    const reason = jumpWords(closed);
    this.#publish({ type: "FeedClockJumped", seq: 0, nowMs: toMs, receivedMs: 0, fromMs, toMs, reason });
    this.#turnTo(createMinuteBatch(this.#model, this.#followed, toMs));
    return false;
  }

  #turnTo(next: MinuteBatch): void {
    this.#batch = next;
    this.#ahead = null;
    if (this.#virtual.speed() === Number.POSITIVE_INFINITY) this.#virtual.jump(next.minuteMs);
  }

  #nowMs(): number {
    const virtualMs = this.#virtual.speed() === Number.POSITIVE_INFINITY ? this.#publishedMs : this.#virtual.nowMs();
    if (this.#frozenFromMs !== null) return Math.max(this.#publishedMs, virtualMs);
    return Math.max(this.#publishedMs, Math.min(virtualMs, this.#limitMs));
  }

  #numberOf(contract: Contract): number {
    const symbol = contractLongSymbol(contract);
    const known = this.#numbers.get(symbol);
    if (known !== undefined) return known;
    if (this.#sink === null) throw new Error("simulator feed: not connected yet, call connect first");
    const number = this.#sink.contractNumber(contract);
    this.#numbers.set(symbol, number);
    return number;
  }

  #publish(event: FeedEvent): void {
    this.#publishedMs = event.nowMs;
    this.#sink?.publish(event);
  }

  #publishStatus(state: FeedState, message: string): void {
    const nowMs = this.#nowMs();
    this.#publish({ type: "FeedStatusChanged", seq: 0, nowMs, receivedMs: 0, feed: NAME, state, message });
  }
}

/** What happens on one connection: frames are read in order, proved to be of our mode, and given to their streams. */
import { MASSIVE_FROZEN_MS, MASSIVE_QUEUE_BYTES_MAX } from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import { type ConnectionEnd, MassiveConnection } from "./connection.ts";
import type { ContractStream } from "./contract-stream.ts";
import { FrameQueue } from "./frame-queue.ts";
import { FrameScanner } from "./frame-scanner.ts";
import { type MarketMessage, readFrame, timeOf } from "./message.ts";
import { type LiveMode, Timeliness, type Verdict } from "./timeliness.ts";

export type SessionOptions = {
  url: string;
  key: string;
  mode: LiveMode;
  sink: FeedSink;
  wallMs(): number;
  streamOf(ticker: string): ContractStream | null;
  /** A gap of this stream can be asked for: it ended at `toMs`. */
  onGapEnd(stream: ContractStream, toMs: number): void;
  /** The data are of the other mode: nothing more is published. */
  onWrongMode(): void;
  /** A frame was read. */
  onRead(): void;
  /** The process ends: nothing more is waited for. */
  signal: AbortSignal;
};

/** Frames read at one go before the event loop gets its turn. */
const FRAMES_AT_ONCE = 32;

export class MassiveSession {
  readonly connection: MassiveConnection;
  readonly #options: SessionOptions;
  readonly #queue = new FrameQueue(MASSIVE_QUEUE_BYTES_MAX);
  readonly #scanner = new FrameScanner();
  readonly #timeliness: Timeliness;
  /** Held back until the connection has proved its mode. */
  #unproved: MarketMessage[] = [];
  #isWrong = false;
  #wakeUp: (() => void) | null = null;
  /** More came than the queue holds: nothing behind the hole is read, the gap begins before it. */
  #isBehind = false;
  /** Wall time of the newest market message; of the login before the first. */
  heardMs: number;
  hasHeard = false;
  /** Newest exchange time of any contract on this connection. */
  exchangeMs = Number.NEGATIVE_INFINITY;
  delayMs: number | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#timeliness = new Timeliness(options.mode);
    this.heardMs = options.wallMs();
    const { url, key } = options;
    this.connection = new MassiveConnection({ url, key, onFrame: (bytes) => this.#receive(bytes) });
    this.connection.ended.then(() => this.#wakeUp?.());
  }

  /** Frames that wait to be read. */
  get queued(): number {
    return this.#queue.length;
  }

  #receive(bytes: Buffer): void {
    if (this.#isBehind) return;
    if (!this.#queue.push(bytes)) {
      this.#isBehind = true;
      this.connection.close("slow-reader", "more came than could be read: what waited was dropped");
    }
    this.#wakeUp?.();
  }

  /** Reads frames until the connection ended and all of them are read; resolves with the end. */
  async run(): Promise<ConnectionEnd> {
    for (let count = 1; ; count++) {
      const frame = this.#queue.take();
      if (frame !== null) this.#read(frame);
      else {
        const { end } = this.connection;
        if (end !== null) return end;
        await new Promise<void>((resolve) => {
          this.#wakeUp = resolve;
        });
        this.#wakeUp = null;
      }
      const room = this.#options.sink.drained();
      if (room !== null) {
        if (!(await this.#hasRoom(room))) return { kind: "stopped", message: "the process ends" };
      } else if (count % FRAMES_AT_ONCE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Waits for room; false where the process ends before there is any. */
  async #hasRoom(room: Promise<void>): Promise<boolean> {
    const { signal } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    signal.addEventListener("abort", wake, { once: true });
    room.then(wake);
    if (!signal.aborted) await promise;
    signal.removeEventListener("abort", wake);
    return !signal.aborted;
  }

  #read(frame: Buffer): void {
    // One instant for all that one frame brought.
    const nowMs = this.#options.wallMs();
    for (const message of this.#scanner.scan(frame) ?? readFrame(frame.toString())) {
      if (message.ev === "status") this.connection.noteStatus(message);
      else if (message.ev === "bad") this.#options.sink.reject(message.reason, message.detail);
      else this.#hear(message, nowMs);
    }
    this.#options.onRead();
  }

  #hear(message: MarketMessage, nowMs: number): void {
    const ms = timeOf(message);
    this.heardMs = nowMs;
    this.hasHeard = true;
    if (this.#isWrong) return;
    const delayMs = nowMs - ms;
    this.delayMs = this.delayMs === null ? delayMs : Math.min(delayMs, this.delayMs + (delayMs - this.delayMs) / 64);
    if (ms > this.exchangeMs) this.exchangeMs = ms;
    const verdict = this.#timeliness.note(nowMs, delayMs);
    if (verdict === "right" && this.#unproved.length === 0) this.#give(message, nowMs);
    else {
      // A scanned message is filled anew by the next frame.
      this.#unproved.push({ ...message });
      this.#judge(verdict, nowMs);
    }
  }

  #judge(verdict: Verdict, nowMs: number): void {
    if (verdict === "wait") return;
    const messages = this.#unproved;
    this.#unproved = [];
    if (verdict === "wrong") {
      this.#isWrong = true;
      this.#options.onWrongMode();
      return;
    }
    for (const message of messages) this.#give(message, nowMs);
  }

  #give(message: MarketMessage, nowMs: number): void {
    const stream = this.#options.streamOf(message.symbol);
    if (stream === null) {
      const detail = `${message.ev}.${message.symbol.slice(0, 20)} is none that was subscribed`;
      this.#options.sink.reject("unknown-contract", detail);
      return;
    }
    stream.take(message, nowMs);
    if (stream.gap === null || message.ev === "Q") return;
    if (message.ev === "T") this.#options.onGapEnd(stream, message.ms);
    else if (!stream.hasTrades) this.#options.onGapEnd(stream, message.endMs);
  }

  /** Once a second: what time alone decides. `patience` is how often the socket was found frozen in a row, plus 1. */
  look(place: { marketOpen: boolean; barsOnly: boolean; patience: number; streams: Iterable<ContractStream> }): void {
    const nowMs = this.#options.wallMs();
    if (this.#unproved.length > 0) this.#judge(this.#timeliness.verdict(nowMs), nowMs);
    for (const stream of place.streams) {
      stream.releaseBars(nowMs);
      const isDue = stream.gap !== null && this.exchangeMs > stream.gap.fromMs + MS_PER_MINUTE;
      // A quiet contract: the others tell how far the exchange's time is.
      if (isDue) this.#options.onGapEnd(stream, this.exchangeMs);
    }
    if (!place.marketOpen) this.heardMs = nowMs;
    const limitMs = MASSIVE_FROZEN_MS * (place.barsOnly ? 3 : 1) * place.patience;
    if (nowMs - this.heardMs < limitMs) return;
    const words = `nothing came for ${Math.round((nowMs - this.heardMs) / 1_000)} s although the socket answers`;
    this.connection.close("frozen", words);
  }
}

/** How does the browser stay on the stream? One socket, counted subscriptions, a cursor, bounded back-off. */

import type { FeedClock } from "#components/live/feed-clock.ts";
import type { LiveStore } from "#components/live/live-store.ts";
import type { Cursor, Hello, ServerFrame, StreamError, SubscribeRequest, TopicMessage } from "#lib/wire/stream.ts";

const RETRY_FIRST_MS = 250;
const RETRY_MS_MAX = 8_000;
/** No frame for so long: the road is dead, whatever the socket says. The server sends ops every second. */
export const SILENCE_MS_MAX = 10_000;

export type Connection =
  | { status: "connecting" }
  | { status: "open"; hello: Hello }
  | { status: "waiting"; attempt: number; retryMs: number; reason: string };

/** What is used of a WebSocket; a test puts its own in place. */
export type StreamSocket = {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(): void;
};

export type StreamClientOptions = {
  open: () => StreamSocket;
  store: LiveStore;
  clock: FeedClock;
  /** Calls back after ms; returns the cancel. */
  after: (delayMs: number, callback: () => void) => () => void;
  /** Uniform in [0, 1): the jitter of the back-off. */
  random: () => number;
};

/** Wait before the n-th retry (from 1): doubling from 250 ms to 8 s, half of it drawn. random 0.5, n = 3 → 750. */
export function retryDelayMs(attempt: number, random: number): number {
  const fullMs = Math.min(RETRY_MS_MAX, RETRY_FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}

export class StreamClient {
  readonly #options: StreamClientOptions;
  readonly #counts = new Map<string, number>();
  /** Let go in this turn. */
  readonly #left = new Set<string>();
  readonly #topicSeq = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #errorListeners = new Set<(error: StreamError) => void>();
  #socket: StreamSocket | null = null;
  #connection: Connection = { status: "connecting" };
  #hello: Hello | null = null;
  #seq = 0;
  #attempt = 0;
  #isSendDue = false;
  #isClosed = false;
  #cancelTimer: () => void = () => undefined;
  #outOfOrder = 0;

  constructor(options: StreamClientOptions) {
    this.#options = options;
  }

  connection(): Connection {
    return this.#connection;
  }

  /** Messages dropped because their topic was already further on. */
  outOfOrderCount(): number {
    return this.#outOfOrder;
  }

  start(): void {
    this.#isClosed = false;
    if (this.#socket === null) this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#leaveSocket();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onError(listener: (error: StreamError) => void): () => void {
    this.#errorListeners.add(listener);
    return () => this.#errorListeners.delete(listener);
  }

  /** One more reader of a topic; returns its release. The last release takes the topic off the subscription. */
  want(topic: string): () => void {
    this.#counts.set(topic, (this.#counts.get(topic) ?? 0) + 1);
    if (this.#counts.get(topic) === 1) this.#sendSoon();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const count = (this.#counts.get(topic) ?? 1) - 1;
      if (count > 0) this.#counts.set(topic, count);
      else {
        this.#counts.delete(topic);
        this.#left.add(topic);
        this.#sendSoon();
      }
    };
  }

  /** What was let go and is wanted again within a turn was never off the subscription: no snapshot will come for it. */
  #forgetLeft(): void {
    for (const topic of this.#left) {
      if (this.#counts.has(topic)) continue;
      this.#topicSeq.delete(topic);
      this.#options.store.drop(topic);
    }
    this.#left.clear();
  }

  topics(): string[] {
    return [...this.#counts.keys()].filter((topic) => this.#counts.get(topic) !== 0).sort();
  }

  /** Asks for a fresh snapshot of everything; false where there is no connection to ask on. */
  refresh(): boolean {
    if (this.#connection.status !== "open") return false;
    this.#send({ subscribe: [] });
    this.#topicSeq.clear();
    this.#send({ subscribe: this.topics() });
    return true;
  }

  #connect(): void {
    if (this.#connection.status !== "waiting") this.#setConnection({ status: "connecting" });
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onmessage = (event) => this.#onFrame(socket, event.data);
    socket.onclose = (event) =>
      this.#onClose(socket, event.reason === "" ? `closed, code ${event.code}` : event.reason);
    this.#watchSilence(socket);
  }

  #watchSilence(socket: StreamSocket): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(SILENCE_MS_MAX, () => {
      if (this.#socket !== socket) return;
      this.#onClose(socket, `no word for ${SILENCE_MS_MAX / 1000} s`);
    });
  }

  #leaveSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #onClose(socket: StreamSocket, reason: string): void {
    if (this.#socket !== socket) return;
    this.#leaveSocket();
    this.#cancelTimer();
    if (this.#isClosed) return;
    this.#attempt += 1;
    const retryMs = retryDelayMs(this.#attempt, this.#options.random());
    this.#setConnection({ status: "waiting", attempt: this.#attempt, retryMs, reason });
    this.#cancelTimer = this.#options.after(retryMs, () => this.#connect());
  }

  #onFrame(socket: StreamSocket, data: unknown): void {
    if (this.#socket !== socket || typeof data !== "string") return;
    this.#watchSilence(socket);
    // Safe: same origin, same build; the shape is the wire's own type.
    const frame = JSON.parse(data) as ServerFrame;
    if (Array.isArray(frame)) this.#onMessages(frame);
    else if (frame.kind === "hello") this.#onHello(frame);
    else for (const listener of this.#errorListeners) listener(frame);
  }

  #onHello(hello: Hello): void {
    const former = this.#hello;
    const isSameLife = former !== null && former.runId === hello.runId && former.epoch === hello.epoch;
    if (former !== null && !isSameLife) {
      this.#seq = 0;
      this.#topicSeq.clear();
      this.#options.store.reset();
      this.#options.clock.reset();
    }
    this.#options.clock.start(hello.nowMs, hello.speed);
    this.#hello = hello;
    this.#attempt = 0;
    this.#setConnection({ status: "open", hello });
    const topics = this.topics();
    // Behind a cursor topics may go on with a delta: only where each of them has something to go on from.
    const goesOn = isSameLife && this.#seq > 0 && topics.every((topic) => this.#topicSeq.has(topic));
    const cursor: Cursor | undefined = goesOn ? { epoch: hello.epoch, seq: this.#seq } : undefined;
    this.#send({ subscribe: topics, cursor });
  }

  #onMessages(messages: readonly TopicMessage[]): void {
    const fresh = messages.filter((message) => this.#isNext(message));
    for (const message of fresh) {
      this.#options.clock.hear(message.nowMs);
      if (message.topic === "feeds") this.#options.clock.setSpeed(speedOf(message));
    }
    this.#options.store.receive(fresh);
  }

  /** Seq never goes back within a topic; a delta before its snapshot, or for a topic let go, is not ours. */
  #isNext(message: TopicMessage): boolean {
    if (!this.#counts.has(message.topic)) return false;
    const former = this.#topicSeq.get(message.topic);
    const isBehind = former === undefined ? message.kind === "delta" : message.seq < former;
    if (isBehind) {
      this.#outOfOrder += 1;
      return false;
    }
    this.#topicSeq.set(message.topic, message.seq);
    if (message.seq > this.#seq) this.#seq = message.seq;
    return true;
  }

  /** One request for all changes of this turn: a page mounts dozens of readers at once. */
  #sendSoon(): void {
    if (this.#isSendDue) return;
    this.#isSendDue = true;
    queueMicrotask(() => {
      this.#isSendDue = false;
      this.#forgetLeft();
      if (this.#connection.status === "open") this.#send({ subscribe: this.topics() });
    });
  }

  #send(request: SubscribeRequest): void {
    this.#socket?.send(JSON.stringify(request));
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#listeners) listener();
  }
}

/** A feed that is paused, has ended or failed stands still, at whatever speed it was set. */
function speedOf(message: Extract<TopicMessage, { topic: "feeds" }>): number | null {
  const { state, speed } = message.feeds;
  return state === "paused" || state === "ended" || state === "failed" ? 0 : speed;
}

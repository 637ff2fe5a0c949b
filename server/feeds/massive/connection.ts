/** How does one connection to the vendor live, and why did it end? Log in, subscribe; each end has its name. */
import { WebSocket } from "ws";
import { MASSIVE_FRAME_BYTES_MAX, MASSIVE_HANDSHAKE_MS_MAX, MASSIVE_PONG_MS_MAX } from "#lib/limits.ts";
import type { StatusMessage } from "./message.ts";

/**
 * refused: the vendor did not accept the key. taken-over: the same key logged in elsewhere. slow-reader: we were cut
 * for reading too slowly. frozen: we closed a socket that was open but silent. stopped: we were told to.
 */
export type EndKind = "lost" | "refused" | "taken-over" | "slow-reader" | "frozen" | "stopped";
export type ConnectionEnd = { kind: EndKind; message: string };

export type ConnectionOptions = {
  url: string;
  key: string;
  /** Called at once with each frame; must not block. */
  onFrame(bytes: Buffer): void;
};

/** One socket; its status messages come back by `noteStatus` after they went through the queue in order. */
export class MassiveConnection {
  /** Resolves once, however it ends; read `end` when the frames before it are read. */
  readonly ended: Promise<void>;
  /** True when logged in; false when it ended before. */
  readonly loggedIn: Promise<boolean>;
  readonly granted = new Set<string>();
  readonly denied = new Map<string, string>();
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  readonly #end = Promise.withResolvers<void>();
  readonly #login = Promise.withResolvers<boolean>();
  readonly #handshakeTimer: NodeJS.Timeout;
  #pingTimer: NodeJS.Timeout | null = null;
  #hint: ConnectionEnd | null = null;
  #closed: ConnectionEnd | null = null;
  /** Channels that were asked for together, and whoever waits for the answer. */
  readonly #asked = new Set<{ channels: readonly string[]; resolve: () => void }>();
  #isLoggedIn = false;
  #pongMs = performance.now();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.loggedIn = this.#login.promise;
    const handshakeTimeout = MASSIVE_HANDSHAKE_MS_MAX;
    const limits = { handshakeTimeout, maxPayload: MASSIVE_FRAME_BYTES_MAX };
    this.#socket = new WebSocket(options.url, { ...limits, perMessageDeflate: false });
    this.#handshakeTimer = setTimeout(() => {
      if (!this.#isLoggedIn) this.close("lost", "the vendor did not answer the login in time");
    }, MASSIVE_HANDSHAKE_MS_MAX);
    this.#socket.on("open", () => this.#keepAlive());
    // Safe: without a binaryType of ours every message is one Buffer.
    this.#socket.on("message", (data) => options.onFrame(data as Buffer));
    this.#socket.on("pong", () => {
      this.#pongMs = performance.now();
    });
    this.#socket.on("error", (error) => {
      this.#hint ??= { kind: "lost", message: error.message };
    });
    this.#socket.on("close", (code, reason) => this.#finish(code, String(reason)));
  }

  /** Why it ended: what the vendor said, else what the close code means; null while it lives. */
  get end(): ConnectionEnd | null {
    return this.#closed === null ? null : (this.#hint ?? this.#closed);
  }

  /** What a status message means for this connection. */
  noteStatus({ status, message }: StatusMessage): void {
    if (status === "connected") this.#send("auth", this.#options.key);
    else if (status === "auth_success") {
      this.#isLoggedIn = true;
      this.#login.resolve(true);
    } else if (status === "auth_failed") this.close("refused", message);
    else if (status === "auth_timeout") this.close("lost", message);
    else if (status === "max_connections") this.#hint = { kind: "taken-over", message };
    else this.#noteSubscription(status, message);
  }

  /** "subscribed to: A.ESZ6", or an error that names channels; an error that names none denies all that wait. */
  #noteSubscription(status: string, message: string): void {
    const names = message.match(/\b(?:T|Q|A|AM)\.[A-Z0-9]+\b/g) ?? [];
    for (const name of names) {
      if (/^unsubscribed/i.test(message)) this.granted.delete(name);
      else if (status === "success") this.granted.add(name);
      else this.denied.set(name, message);
    }
    const isForAll = names.length === 0 && status !== "success";
    for (const { channels, resolve } of this.#asked) {
      if (isForAll) this.#deny(channels, message);
      if (channels.every((name) => this.granted.has(name) || this.denied.has(name))) resolve();
    }
  }

  #deny(channels: readonly string[], message: string): void {
    for (const name of channels) if (!this.granted.has(name)) this.denied.set(name, message);
  }

  /** Asks for channels ("T.ESZ6"); resolves when each is granted or denied, time is up, or the connection ended. */
  async subscribe(channels: readonly string[]): Promise<void> {
    if (channels.length === 0 || this.#closed !== null) return;
    for (const name of channels) this.denied.delete(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    const asked = { channels, resolve };
    this.#asked.add(asked);
    this.#send("subscribe", channels.join(","));
    const timer = setTimeout(() => {
      this.#deny(channels, "the vendor did not answer the subscription");
      resolve();
    }, MASSIVE_HANDSHAKE_MS_MAX);
    await promise;
    clearTimeout(timer);
    this.#asked.delete(asked);
  }

  unsubscribe(channels: readonly string[]): void {
    if (channels.length > 0) this.#send("unsubscribe", channels.join(","));
  }

  close(kind: EndKind, message: string): void {
    this.#hint = { kind, message };
    this.#socket.close(1000);
    // A peer that does not answer the close is cut.
    const timer = setTimeout(() => this.#socket.terminate(), 250);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #send(action: string, params: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ action, params }));
  }

  #keepAlive(): void {
    this.#pongMs = performance.now();
    this.#pingTimer = setInterval(() => {
      if (performance.now() - this.#pongMs > MASSIVE_PONG_MS_MAX) this.#socket.terminate();
      else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    }, MASSIVE_PONG_MS_MAX / 3);
  }

  #finish(code: number, reason: string): void {
    clearTimeout(this.#handshakeTimer);
    if (this.#pingTimer !== null) clearInterval(this.#pingTimer);
    this.#login.resolve(false);
    for (const { resolve } of this.#asked) resolve();
    this.#closed = endOf(code, reason, this.#isLoggedIn);
    this.#end.resolve();
  }
}

function endOf(code: number, reason: string, wasLoggedIn: boolean): ConnectionEnd {
  const words = reason === "" ? `close code ${code}` : `close code ${code}, ${reason}`;
  if (code === 1008) return { kind: wasLoggedIn ? "taken-over" : "refused", message: words };
  if (code === 1011) return { kind: "slow-reader", message: words };
  return { kind: "lost", message: words };
}

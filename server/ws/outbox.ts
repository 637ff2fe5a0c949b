/** What still has to reach one browser? Batches its messages, and cuts it when it cannot keep up. */
import type { WebSocket } from "ws";
import { STREAM_BACKLOG_BYTES_MAX } from "#lib/limits.ts";

/** Close code for a reader that is too slow: it may come back at once, with its cursor. */
export const CLOSE_TOO_SLOW = 4008;

export class Outbox {
  readonly topics = new Set<string>();
  readonly #socket: WebSocket;
  readonly #onCut: () => void;
  #messages: string[] = [];

  constructor(socket: WebSocket, onCut: () => void) {
    this.#socket = socket;
    this.#onCut = onCut;
  }

  /** Puts a message into the next frame. */
  add(message: string): void {
    this.#messages.push(message);
  }

  /** Sends what is waiting as one frame, at once for hello and errors. */
  flush(): void {
    if (this.#messages.length === 0) return;
    const frame = `[${this.#messages.join(",")}]`;
    this.#messages = [];
    this.send(frame);
  }

  /** Sends one frame; a socket with too much unsent behind it is cut instead. */
  send(frame: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > STREAM_BACKLOG_BYTES_MAX) {
      this.#onCut();
      this.#socket.close(CLOSE_TOO_SLOW, "too slow");
      setImmediate(() => this.#socket.terminate());
      return;
    }
    this.#socket.send(frame);
  }
}

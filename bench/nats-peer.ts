/** How many messages a second does NATS JetStream acknowledge? A raw client of its protocol over one socket. */
import net from "node:net";
import { freePort } from "#tests/support/data-service.ts";
import { cpuSecondsOf, type PeerProcess, startPeer } from "./peer-process.ts";

const INBOX = "_INBOX.bench";
const CREATE = "$JS.API.STREAM.CREATE.BENCH";
const STREAM = JSON.stringify({
  ...{ name: "BENCH", subjects: ["bench"], storage: "file", retention: "limits", discard: "old", num_replicas: 1 },
  ...{ max_consumers: -1, max_msgs: -1, max_bytes: -1, max_age: 0, max_msg_size: -1 },
});

/** Shares of a core that the two sides took: a client near 1 says that the figure is the client's. */
export type AckRate = { perSecond: number; clientCores: number; serverCores: number };

export async function startNats(folder: string): Promise<PeerProcess> {
  const port = await freePort();
  return startPeer("nats-server", ["-js", "-sd", folder, "-a", "127.0.0.1", "-p", String(port)], port);
}

/** One publisher with its replies on one socket. Only what the bench needs of the protocol. */
class RawClient implements Disposable {
  readonly #socket: net.Socket;
  #rest: Buffer = Buffer.alloc(0);
  /** Called once a chunk with how many replies it held. */
  onReplies: (count: number) => void = () => {};
  lastReply = "";

  constructor(port: number) {
    this.#socket = net.connect(port, "127.0.0.1").setNoDelay(true);
    this.#socket.on("data", (chunk) => this.#take(chunk));
    this.write(`CONNECT {"verbose":false,"pedantic":false}\r\nSUB ${INBOX} 1\r\n`);
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    let replies = 0;
    for (;;) {
      const lineEnd = bytes.indexOf("\r\n", at);
      if (lineEnd < 0) break;
      const line = bytes.toString("latin1", at, lineEnd);
      if (!line.startsWith("MSG ")) {
        if (line === "PING") this.write("PONG\r\n");
        if (line.startsWith("-ERR")) this.#socket.destroy(new Error(`NATS: ${line}`));
        at = lineEnd + 2;
        continue;
      }
      const byteLength = Number(line.slice(line.lastIndexOf(" ") + 1));
      const end = lineEnd + 2 + byteLength + 2;
      if (end > bytes.length) break;
      this.lastReply = bytes.toString("latin1", lineEnd + 2, end - 2);
      if (this.lastReply.includes('"error"')) this.#socket.destroy(new Error(`NATS: ${this.lastReply}`));
      replies += 1;
      at = end;
    }
    this.#rest = bytes.subarray(at);
    if (replies > 0) this.onReplies(replies);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Makes the stream if there is none, then keeps `inFlight` messages unanswered for `ms`. */
export async function ackRate(
  nats: PeerProcess,
  { inFlight, bytes, ms }: { inFlight: number; bytes: number; ms: number },
): Promise<AckRate> {
  using client = new RawClient(nats.port);
  const created = new Promise<void>((resolve) => {
    client.onReplies = () => resolve();
  });
  client.write(`PUB ${CREATE} ${INBOX} ${STREAM.length}\r\n${STREAM}\r\n`);
  await created;
  const one = Buffer.from(`PUB bench ${INBOX} ${bytes}\r\n${"x".repeat(bytes)}\r\n`);
  const many = Buffer.concat(Array.from({ length: inFlight }, () => one));
  const startMs = performance.now();
  const before = { server: cpuSecondsOf(nats.pid), client: process.cpuUsage() };
  const { promise, resolve } = Promise.withResolvers<AckRate>();
  let answered = 0;
  client.onReplies = (count) => {
    answered += count;
    const tookMs = performance.now() - startMs;
    if (tookMs < ms) {
      client.write(many.subarray(0, count * one.length));
      return;
    }
    client.onReplies = () => {};
    const own = process.cpuUsage(before.client);
    const seconds = tookMs / 1_000;
    resolve({
      perSecond: answered / seconds,
      clientCores: (own.user + own.system) / 1e6 / seconds,
      serverCores: (cpuSecondsOf(nats.pid) - before.server) / seconds,
    });
  };
  client.write(many);
  // Awaited here: `using` closes the socket when this function returns.
  return await promise;
}

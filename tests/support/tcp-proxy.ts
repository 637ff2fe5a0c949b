/** How does a test take a server away that it must not stop? A line to it that is cut, freezes, or loses its calls. */
import { once } from "node:events";
import net from "node:net";
import type { Cleanups } from "./stores.ts";

type Pair = { near: net.Socket; far: net.Socket };

/** Between a client and the server of `url`; ends with the test. */
export class TcpProxy {
  readonly #target: URL;
  readonly #pairs = new Set<Pair>();
  readonly #lost = new Set<Pair>();
  #server: net.Server | null = null;
  #port = 0;
  #isFrozen = false;

  private constructor(url: string) {
    this.#target = new URL(url);
  }

  static async start(t: Cleanups, url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(url);
    await proxy.mend();
    t.after(() => proxy.refuse());
    return proxy;
  }

  /** The server's address by way of the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${this.#port}`;
    return url.toString();
  }

  /** Cuts every connection; new ones are refused. */
  async refuse(): Promise<void> {
    for (const pair of [...this.#pairs, ...this.#lost]) end(pair);
    this.#server?.close();
    if (this.#server !== null) await once(this.#server, "close");
    this.#server = null;
  }

  /** Everything stays open, new connections too, and no byte moves. */
  freeze(): void {
    this.#isFrozen = true;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.pause();
  }

  /** The connections of now never move again and nobody is told, as behind a router that forgot them; new ones work. */
  lose(): void {
    for (const pair of this.#pairs) {
      for (const socket of [pair.near, pair.far]) socket.pause();
      this.#lost.add(pair);
    }
    this.#pairs.clear();
  }

  /** After `refuse` or `freeze`: what waits goes on. */
  async mend(): Promise<void> {
    this.#isFrozen = false;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.resume();
    if (this.#server !== null) return;
    this.#server = net.createServer((near) => this.#join(near));
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as net.AddressInfo).port; // Safe: it listens on TCP.
  }

  #join(near: net.Socket): void {
    const { hostname, port, protocol } = this.#target;
    const far = net.connect(Number(port === "" ? (protocol.startsWith("redis") ? 6379 : 5432) : port), hostname);
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => {});
      from.on("close", () => {
        // A line that was lost tells nobody that its end went.
        if (this.#lost.has(pair)) return;
        this.#pairs.delete(pair);
        end(pair);
      });
      if (this.#isFrozen) from.pause();
    }
  }
}

function end({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}

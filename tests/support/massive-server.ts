/** How does the vendor answer? A server that speaks its protocol, WebSocket and REST, with faults on demand. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { answerRest, type RestData } from "./massive-server-rest.ts";

export type ServerOptions = {
  key: string;
  data: RestData;
  /** Does the plan have trades and quotes? */
  hasTrades?: boolean;
  /** Rows of a REST page at most, whatever `limit` asks for. */
  pageRows?: number;
  /** Bytes that may wait for a reader; then it is cut with 1011. */
  slowBytesMax?: number;
};

type Client = { socket: WebSocket; isLoggedIn: boolean; channels: Set<string> };
type Message = { ev: string; sym?: string };

export class MassiveServer {
  /** Whoever says another is refused. */
  key: string;
  hasTrades: boolean;
  /** Refuses connections as if the host were away. */
  isDown = false;
  /** Sends nothing while sockets stay open and answer pings. */
  isFrozen = false;
  logins = 0;
  /** Paths asked over REST, with their query. */
  readonly asked: URL[] = [];
  /** Statuses that the next REST requests are answered with; 200: truly. */
  readonly restFaults: number[] = [];
  readonly #options: ServerOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #clients = new Set<Client>();
  #port = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.key = options.key;
    this.hasTrades = options.hasTrades ?? true;
    this.#http = createServer((request, response) => this.#rest(request, response));
    this.#sockets = new WebSocketServer({ noServer: true });
    this.#http.on("upgrade", (request, socket, head) => {
      const isFutures = new URL(request.url ?? "/", "http://x").pathname === "/futures";
      if (this.isDown || !isFutures) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#welcome(accepted));
    });
  }

  static async start(options: ServerOptions): Promise<MassiveServer> {
    const server = new MassiveServer(options);
    server.#http.listen(0, "127.0.0.1");
    await once(server.#http, "listening");
    server.#port = (server.#http.address() as AddressInfo).port; // safe: it listens on TCP
    return server;
  }

  get wsBase(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  get wsUrl(): string {
    return `${this.wsBase}/futures`;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Channels that anybody logged in follows now. */
  get channels(): string[] {
    return [...this.#clients].flatMap((client) => [...client.channels]);
  }

  /** One frame: each client gets the messages of the channels that it follows. Returns how many frames went out. */
  send(messages: readonly Message[]): number {
    if (this.isFrozen || this.isDown) return 0;
    let frames = 0;
    for (const client of this.#clients) {
      const own = messages.filter(({ ev, sym }) => client.channels.has(`${ev}.${sym}`));
      if (own.length === 0) continue;
      frames += 1;
      this.#write(client, JSON.stringify(own));
    }
    return frames;
  }

  /** Text as it is, to everybody logged in. */
  sendRaw(text: string): void {
    for (const client of this.#clients) if (client.isLoggedIn) this.#write(client, text);
  }

  /** Cuts every socket without a word; with a code, closes it in form. */
  disconnect(code?: number, reason = ""): void {
    for (const { socket } of this.#clients) {
      if (code === undefined) socket.terminate();
      else socket.close(code, reason);
    }
  }

  #write(client: Client, text: string): void {
    const { slowBytesMax = Number.POSITIVE_INFINITY } = this.#options;
    if (client.socket.bufferedAmount > slowBytesMax) client.socket.close(1011, "slow consumer");
    else client.socket.send(text);
  }

  #welcome(socket: WebSocket): void {
    const client: Client = { socket, isLoggedIn: false, channels: new Set() };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("message", (data) => this.#obey(client, String(data)));
    say(client, "connected", "Connected Successfully");
  }

  #obey(client: Client, text: string): void {
    const { action, params } = JSON.parse(text) as { action?: string; params?: string }; // safe: checked below
    if (action === "auth") this.#login(client, params);
    else if (!client.isLoggedIn) say(client, "error", "not authenticated");
    else if (action === "subscribe") for (const name of (params ?? "").split(",")) this.#subscribe(client, name.trim());
    else if (action === "unsubscribe") {
      for (const name of (params ?? "").split(",")) {
        client.channels.delete(name.trim());
        say(client, "success", `unsubscribed to: ${name.trim()}`);
      }
    } else say(client, "error", `unknown action: ${action}`);
  }

  /** One connection an account: the older socket is told and closed. */
  #login(client: Client, key: string | undefined): void {
    this.logins += 1;
    if (key !== this.key) {
      say(client, "auth_failed", "authentication failed");
      client.socket.close(1008, "authentication failed");
      return;
    }
    for (const older of this.#clients) {
      if (older === client || !older.isLoggedIn) continue;
      say(older, "max_connections", "Maximum number of websocket connections exceeded.");
      older.isLoggedIn = false;
      older.socket.close(1008);
    }
    client.isLoggedIn = true;
    say(client, "auth_success", "authenticated");
  }

  #subscribe(client: Client, name: string): void {
    const [, channel, ticker] = /^(T|Q|A|AM)\.([A-Z0-9]+)$/.exec(name) ?? [];
    if (ticker === undefined) say(client, "error", `invalid subscription: ${name}`);
    else if (!this.hasTrades && (channel === "T" || channel === "Q")) {
      say(client, "error", `not authorized to subscribe to: ${name}`);
    } else {
      client.channels.add(name);
      say(client, "success", `subscribed to: ${name}`);
    }
  }

  #rest(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.restUrl);
    this.asked.push(url);
    const isKnown =
      request.headers.authorization === `Bearer ${this.key}` || url.searchParams.get("apiKey") === this.key;
    const fault = this.isDown ? 503 : this.restFaults.shift();
    const { data, pageRows = 50_000 } = this.#options;
    const answer =
      fault !== undefined && fault !== 200
        ? { status: fault, body: { status: "ERROR", message: `made to answer ${fault}` } }
        : !isKnown
          ? { status: 401, body: { status: "ERROR", error: "Unknown API Key" } }
          : answerRest(url, { data, pageRows, hasTrades: this.hasTrades });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }
}

function say(client: Client, status: string, message: string): void {
  client.socket.send(JSON.stringify([{ ev: "status", status, message }]));
}

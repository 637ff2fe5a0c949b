/** How does a browser connect to the stream? Upgrade, hello, subscribe; bad requests get a coded answer. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { STREAM_CLIENTS_MAX, STREAM_REQUEST_BYTES_MAX, STREAM_TOPICS_MAX } from "#lib/limits.ts";
import type { Hello, StreamError } from "#lib/wire/stream.ts";
import { Outbox } from "./outbox.ts";
import type { TopicHub } from "./topic-hub.ts";

const requestSchema = z.strictObject({
  subscribe: z.array(z.string().max(64)).max(STREAM_TOPICS_MAX),
  cursor: z.strictObject({ epoch: z.number().int(), seq: z.number().int() }).optional(),
});

export type StreamOptions = {
  server: Server;
  hub: TopicHub;
  hello: () => Hello;
  /** Null: welcome; else the refusal of a hostile or keyless upgrade. */
  guard: (request: IncomingMessage) => { status: number; body: object } | null;
  onCut: () => void;
};

/** Serves /stream on the HTTP server; dispose closes every socket. */
export function serveStream({ server, hub, hello, guard, onCut }: StreamOptions): Disposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: STREAM_REQUEST_BYTES_MAX });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const { pathname } = new URL(request.url ?? "/", "http://local");
    const refusal = guard(request) ?? (pathname === "/stream" ? null : notFound(pathname)) ?? full(hub);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => attend(client));
  };
  const attend = (socket: WebSocket): void => {
    const outbox = new Outbox(socket, onCut);
    hub.join(outbox);
    outbox.send(JSON.stringify(hello()));
    socket.on("message", (data) => onRequest(outbox, hub, data));
    socket.on("close", () => hub.leave(outbox));
    socket.on("error", () => socket.terminate());
  };
  server.on("upgrade", onUpgrade);
  return {
    [Symbol.dispose]() {
      server.off("upgrade", onUpgrade);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function notFound(pathname: string): { status: number; body: object } {
  const message = `${pathname} is no socket address, expected /stream`;
  return { status: 404, body: { error: { code: "NOT_FOUND", message, action: "Connect to /stream." } } };
}

function full(hub: TopicHub): { status: number; body: object } | null {
  if (hub.clients < STREAM_CLIENTS_MAX) return null;
  const message = `${hub.clients} browsers are connected, at most ${STREAM_CLIENTS_MAX}`;
  return { status: 503, body: { error: { code: "TOO_MANY_CLIENTS", message, action: "Close another tab first." } } };
}

function refuse(socket: Duplex, { status, body }: { status: number; body: object }): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function onRequest(outbox: Outbox, hub: TopicHub, data: RawData): void {
  const request = parseRequest(String(data));
  if (typeof request === "string") {
    outbox.send(JSON.stringify(streamError("BAD_SHAPE", request)));
    return;
  }
  for (const { topic, message } of hub.subscribe(outbox, request.subscribe, request.cursor ?? null)) {
    outbox.send(JSON.stringify({ ...streamError("UNKNOWN_TOPIC", message), topic }));
  }
}

function streamError(code: string, message: string): StreamError {
  return { kind: "error", code, message, action: "Send {subscribe: [topics], cursor?: {epoch, seq}}." };
}

function parseRequest(text: string): z.infer<typeof requestSchema> | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return `was no JSON: ${text.slice(0, 80)}`;
  }
  const parsed = requestSchema.safeParse(json);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error);
}

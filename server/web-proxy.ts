/** How does the browser reach the data-service? `/api/*` and its socket are piped there, with headers we vouch for. */

import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { isAllowedHost } from "#server/allowed-host.ts";
import { ERRORS, type ErrorCode, errorBody } from "#server/errors.ts";

/** A data-service that is silent for so long counts as down. */
const SILENCE_MS_MAX = 30_000;

export type WebProxyOptions = {
  /** Where the data-service listens, `http://127.0.0.1:8000`. */
  dataServiceUrl: string;
  /** Proves to the data-service that X-Forwarded-* come from us. */
  webSecret: string;
  publicOrigin: string | null;
};

/** The two entries of the web process; each says whether it took the request. What it leaves is a page of ours. */
export type WebProxy = {
  handleRequest: (request: IncomingMessage, response: ServerResponse) => boolean;
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Ends every open socket of `/api/stream`. */
  [Symbol.dispose]: () => void;
};

/** What to do with a request: pipe it to that path of the data-service, refuse it, or leave it to the pages. */
type Route = { kind: "pipe"; path: string } | { kind: "refuse"; code: ErrorCode } | { kind: "page" };

/** Creates the proxy. Bodies are streamed in both directions, never gathered; a caller that leaves ends its request. */
export function createWebProxy(options: WebProxyOptions): WebProxy {
  const openSockets = new Set<Duplex>();
  return {
    handleRequest(request, response) {
      const route = routeOf(request, options.publicOrigin);
      if (route.kind === "page") return false;
      if (route.kind === "refuse") refuse(request, response, route.code);
      else pipeRequest(startUpstream(request, route.path, options), request, response);
      return true;
    },
    handleUpgrade(request, socket, head) {
      const route = routeOf(request, options.publicOrigin);
      if (route.kind === "page") return false;
      socket.on("error", () => socket.destroy());
      if (route.kind === "refuse") {
        refuseUpgrade(socket, route.code);
        return true;
      }
      openSockets.add(socket);
      socket.once("close", () => openSockets.delete(socket));
      pipeUpgrade(startUpstream(request, route.path, options), socket, head);
      return true;
    },
    [Symbol.dispose]() {
      for (const socket of openSockets) socket.destroy();
    },
  };
}

function routeOf(request: IncomingMessage, publicOrigin: string | null): Route {
  if (!isAllowedHost(request.headers.host, publicOrigin)) return { kind: "refuse", code: "HOST_REFUSED" };
  const target = request.url ?? "/";
  if (!target.startsWith("/")) return { kind: "refuse", code: "BAD_REQUEST" };
  if (!/^\/api(?=[/?]|$)/.test(target)) return { kind: "page" };
  const rest = target.slice("/api".length);
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  const parts = segmentsOf(path);
  if (parts === null) return { kind: "refuse", code: "BAD_REQUEST" };
  if (isForPrograms(parts)) return { kind: "refuse", code: "NOT_FOUND" };
  return { kind: "pipe", path };
}

/** Webhooks and a bridge's posts come straight to the data-service, never from a page. */
function isForPrograms([first, second]: readonly string[]): boolean {
  if (first === "positions") return second === "update";
  return first === "webhook" || first === "bridge" || first === "update_positions";
}

/** The named parts of a path however they are spelled (`//%77ebhook/x` → webhook, x); null where it is no path. */
function segmentsOf(path: string): string[] | null {
  try {
    const decoded = decodeURIComponent((path.split(/[?#]/)[0] ?? "").replaceAll("\\", "/"));
    const { pathname } = new URL(decoded.replace(/^[/\\]+/, "/"), "http://web");
    return pathname
      .toLowerCase()
      .split("/")
      .filter((part) => part !== "");
  } catch {
    return null; // NOTE: both calls throw on malformed escapes alone, and the caller answers 400.
  }
}

function startUpstream(request: IncomingMessage, path: string, options: WebProxyOptions): ClientRequest {
  const upstream = requestHttp(new URL(options.dataServiceUrl), {
    path,
    method: request.method ?? "GET",
    headers: headersFor(request, options),
    agent: false,
  });
  upstream.setTimeout(SILENCE_MS_MAX, () => upstream.destroy(new Error("the data-service is silent")));
  return upstream;
}

const HOP_BY_HOP = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
]);

/** The caller's headers without hop-by-hop ones and without any that claim who the caller is; then ours. */
function headersFor(request: IncomingMessage, options: WebProxyOptions): OutgoingHttpHeaders {
  const headers = passedOn(request.headers);
  for (const name of Object.keys(headers)) {
    if (name.startsWith("x-forwarded-") || name === "forwarded" || name === "x-rightseat-web") delete headers[name];
  }
  headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
  headers["x-forwarded-host"] = request.headers.host;
  headers["x-rightseat-web"] = options.webSecret;
  headers.host = new URL(options.dataServiceUrl).host;
  if (request.headers.upgrade !== undefined) {
    headers.connection = "Upgrade";
    headers.upgrade = request.headers.upgrade;
  }
  return headers;
}

function passedOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const isPassed = (name: string) => !HOP_BY_HOP.has(name) && !named.includes(name);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isPassed(name)));
}

function pipeRequest(upstream: ClientRequest, request: IncomingMessage, response: ServerResponse): void {
  upstream.on("response", (answer) => {
    const headers = passedOn(answer.headers);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  upstream.on("error", () => {
    if (response.destroyed) return;
    if (response.headersSent) response.destroy();
    else refuse(request, response, "DATA_SERVICE_DOWN");
  });
  response.on("close", () => upstream.destroy());
  request.on("error", () => upstream.destroy());
  request.pipe(upstream);
}

function refuse(request: IncomingMessage, response: ServerResponse, code: ErrorCode): void {
  const body = JSON.stringify(errorBody(code));
  request.resume();
  response.writeHead(ERRORS[code].status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(body);
}

function pipeUpgrade(upstream: ClientRequest, socket: Duplex, head: Buffer): void {
  upstream.on("upgrade", (answer, upstreamSocket, upstreamHead) => {
    upstreamSocket.on("error", () => socket.destroy());
    upstreamSocket.once("close", () => socket.destroy());
    socket.once("close", () => upstreamSocket.destroy());
    upstreamSocket.setTimeout(0);
    socket.write(rawHead(answer));
    if (upstreamHead.length > 0) socket.write(upstreamHead);
    if (head.length > 0) upstreamSocket.write(head);
    upstreamSocket.pipe(socket).pipe(upstreamSocket);
  });
  upstream.on("response", (answer) => {
    socket.write(rawHead(answer));
    answer.pipe(socket);
  });
  upstream.on("error", () => refuseUpgrade(socket, "DATA_SERVICE_DOWN"));
  socket.once("close", () => upstream.destroy());
  upstream.end();
}

/** The head of an answer as it came: a 101 must reach the browser word for word; other answers close the socket. */
function rawHead(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  const isSwitch = answer.statusCode === 101;
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const name = answer.rawHeaders[i] ?? "";
    const isFraming = name.toLowerCase() === "transfer-encoding" || name.toLowerCase() === "connection";
    if (isSwitch || !isFraming) lines.push(`${name}: ${answer.rawHeaders[i + 1]}`);
  }
  if (!isSwitch) lines.push("Connection: close");
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function refuseUpgrade(socket: Duplex, code: ErrorCode): void {
  if (socket.destroyed) return;
  const body = JSON.stringify(errorBody(code));
  const { status } = ERRORS[code];
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

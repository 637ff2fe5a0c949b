/** Does the browser's road to the data-service carry bodies and sockets whole, and nothing that a caller forged? */

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { isAllowedHost } from "#server/allowed-host.ts";
import { createWebProxy, type WebProxy } from "#server/web-proxy.ts";

const WEB_SECRET = "s".repeat(64);

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

let upstream: Server;
let web: Server;
let proxy: WebProxy;
let socketServer: WebSocketServer;
let webPort = 0;
/** What the upstream saw last. */
let seen: { url: string; headers: IncomingHttpHeaders } = { url: "", headers: {} };
let abortedCount = 0;

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
}

function answerUpstream(message: IncomingMessage, respond: (status: number, body: string) => void): void {
  if (message.url === "/hang") {
    message.socket.once("close", () => {
      abortedCount++;
    });
    return;
  }
  const hash = createHash("sha256");
  message.on("data", (chunk: Buffer) => hash.update(chunk));
  message.on("end", () => respond(message.url === "/teapot" ? 418 : 200, hash.digest("hex")));
}

before(async () => {
  upstream = createServer((message, response) => {
    seen = { url: message.url ?? "", headers: message.headers };
    answerUpstream(message, (status, body) => response.writeHead(status, { "X-From": "upstream" }).end(body));
  });
  socketServer = new WebSocketServer({ noServer: true });
  upstream.on("upgrade", (message, socket, head) => {
    seen = { url: message.url ?? "", headers: message.headers };
    if (message.url === "/refused") return void socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    socketServer.handleUpgrade(message, socket, head, (client) => {
      client.on("message", (data) => client.send(`echo ${data}`));
      client.send("hello");
    });
  });
  const dataServiceUrl = `http://127.0.0.1:${await listen(upstream)}`;
  proxy = createWebProxy({ dataServiceUrl, webSecret: WEB_SECRET, publicOrigin: "https://desk.example" });
  web = createServer((message, response) => {
    if (!proxy.handleRequest(message, response)) response.end("page");
  });
  web.on("upgrade", (message, socket, head) => {
    if (!proxy.handleUpgrade(message, socket, head)) socket.destroy();
  });
  webPort = await listen(web);
});

after(() => {
  proxy[Symbol.dispose]();
  for (const server of [web, upstream]) {
    server.close();
    server.closeAllConnections();
  }
});

async function send(
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
  port = webPort,
): Promise<Answer> {
  const method = body ? "POST" : "GET";
  const call = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
  call.end(body);
  const [response] = (await once(call, "response")) as [IncomingMessage]; // http's own event signature
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

test("the prefix is stripped, the query stays, status and headers come back", async () => {
  const answer = await send("/api/teapot");
  assert.equal(answer.status, 418);
  assert.equal(answer.headers["x-from"], "upstream");
  assert.equal(seen.url, "/teapot");
  await send("/api/bars/ESZ6?interval=5m&to=1");
  assert.equal(seen.url, "/bars/ESZ6?interval=5m&to=1");
  await send("/api?x=1");
  assert.equal(seen.url, "/?x=1");
});

test("what is not below /api is a page", async () => {
  assert.equal((await send("/")).body, "page");
  assert.equal((await send("/apiary")).body, "page");
});

test("forged headers are dropped and ours are set", async () => {
  await send("/api/status", {
    Host: "localhost:3000",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    Forwarded: "for=6.6.6.6",
    "X-Rightseat-Web": "guess",
    "X-API-Key": "key",
    Connection: "close, X-Private",
    "X-Private": "hop",
  });
  assert.equal(seen.headers["x-forwarded-for"], "127.0.0.1");
  assert.equal(seen.headers["x-forwarded-host"], "localhost:3000");
  assert.equal(seen.headers["x-forwarded-proto"], undefined);
  assert.equal(seen.headers.forwarded, undefined);
  assert.equal(seen.headers["x-rightseat-web"], WEB_SECRET);
  assert.equal(seen.headers["x-api-key"], "key");
  assert.equal(seen.headers["x-private"], undefined);
});

test("a foreign Host gets 421, for pages too; the public origin's host does not", async () => {
  for (const path of ["/", "/api/status"]) {
    const answer = await send(path, { Host: "evil.example" });
    assert.equal(answer.status, 421);
    assert.equal(JSON.parse(answer.body).error.code, "HOST_REFUSED");
  }
  assert.equal((await send("/", { Host: "desk.example" })).status, 200);
});

test("allowed hosts are loopback's names and the public origin, on any port", () => {
  const names = ["localhost", "localhost:9", "127.0.0.1:3000", "[::1]:3000", "desk.example:8443", "LOCALHOST"];
  for (const name of names) assert.equal(isAllowedHost(name, "https://desk.example"), true, name);
  const foreign = ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil", "a@localhost", "desk.example.x"];
  for (const name of foreign) assert.equal(isAllowedHost(name, "https://desk.example"), false, name);
  assert.equal(isAllowedHost(undefined, null), false);
  assert.equal(isAllowedHost("desk.example", null), false);
});

test("webhooks and the bridge are not served here, however they are spelled", async () => {
  seen = { url: "untouched", headers: {} };
  const paths = [
    "/webhook/tv",
    "/bridge/market",
    "/webhook",
    "/%77ebhook/tv",
    "//webhook/tv",
    "/WebHook/tv",
    "/positions//Update",
    "/update_positions",
  ];
  for (const path of [...paths, "/x/../bridge/market", "/x/%2e%2e/bridge", "/x%2f..%2fbridge", "/./bridge"]) {
    const answer = await send(`/api${path}`);
    assert.equal(answer.status, 404, path);
    assert.equal(JSON.parse(answer.body).error.code, "NOT_FOUND");
  }
  assert.equal((await send("/api/%zz")).status, 400);
  assert.equal(seen.url, "untouched");
});

test("a body of 24 MB streams through whole, with a length and without", async () => {
  const body = randomBytes(24 * 1024 * 1024);
  const digest = createHash("sha256").update(body).digest("hex");
  assert.equal((await send("/api/import", { "Content-Length": String(body.length) }, body)).body, digest);
  assert.equal((await send("/api/import", { "Transfer-Encoding": "chunked" }, body)).body, digest);
});

test("a caller that leaves ends its request upstream", async () => {
  const call = request({ host: "127.0.0.1", port: webPort, path: "/api/hang", agent: false });
  call.on("error", () => undefined);
  call.end();
  for (let i = 0; seen.url !== "/hang" && i < 200; i++) await sleep(10);
  assert.equal(abortedCount, 0);
  call.destroy();
  for (let i = 0; abortedCount === 0 && i < 200; i++) await sleep(10);
  assert.equal(abortedCount, 1);
});

test("the socket is piped both ways, with our headers", async () => {
  const client = new WebSocket(`ws://127.0.0.1:${webPort}/api/stream?x=1`, {
    headers: { "X-Forwarded-For": "6.6.6.6" },
  });
  const [hello] = await once(client, "message");
  assert.equal(String(hello), "hello");
  assert.equal(seen.url, "/stream?x=1");
  assert.equal(seen.headers["x-rightseat-web"], WEB_SECRET);
  assert.equal(seen.headers["x-forwarded-for"], "127.0.0.1");
  const long = "x".repeat(300_000);
  client.send(long);
  const [echo] = await once(client, "message");
  assert.equal(String(echo), `echo ${long}`);
  client.terminate();
  for (let i = 0; socketServer.clients.size > 0 && i < 200; i++) await sleep(10);
  assert.equal(socketServer.clients.size, 0);
});

test("a frame that arrives together with the upgrade request is not lost", async () => {
  const socket = connect(webPort, "127.0.0.1");
  const mask = Buffer.alloc(4);
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | 5]), mask, Buffer.from("early")]);
  const head =
    "GET /api/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  socket.write(Buffer.concat([Buffer.from(head), frame]));
  let got = "";
  socket.on("data", (data) => {
    got += data.toString("latin1");
  });
  for (let i = 0; !got.includes("echo early") && i < 200; i++) await sleep(10);
  socket.destroy();
  assert.match(got, /^HTTP\/1\.1 101 .*hello.*echo early/s);
});

async function refusedStatus(path: string, headers: Record<string, string> = {}, port = webPort): Promise<number> {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  client.on("error", () => undefined);
  const [, response] = (await once(client, "unexpected-response")) as [unknown, IncomingMessage]; // ws's signature
  return response.statusCode ?? 0;
}

test("a refused socket says why: the data-service's answer, a foreign Host, a closed road", async () => {
  assert.equal(await refusedStatus("/api/refused"), 403);
  assert.equal(await refusedStatus("/api/stream", { Host: "evil.example" }), 421);
  assert.equal(await refusedStatus("/api/bridge/stream"), 404);
});

test("a data-service that is down is a 503 that says what to do, also for sockets", async () => {
  const vacant = createServer();
  const dataServiceUrl = `http://127.0.0.1:${await listen(vacant)}`;
  vacant.close();
  await once(vacant, "close");
  const lone = createWebProxy({ dataServiceUrl, webSecret: WEB_SECRET, publicOrigin: null });
  const front = createServer((message, response) => void lone.handleRequest(message, response));
  front.on("upgrade", (message, socket, head) => void lone.handleUpgrade(message, socket, head));
  const port = await listen(front);
  const answer = await send("/api/status", {}, undefined, port);
  assert.equal(answer.status, 503);
  const { error } = JSON.parse(answer.body);
  assert.equal(error.code, "DATA_SERVICE_DOWN");
  assert.ok(error.message.length > 0 && error.action.length > 0);
  assert.equal(await refusedStatus("/api/stream", {}, port), 503);
  front.close();
  front.closeAllConnections();
});

test("a request without a Host and one for another site's address are refused", async () => {
  for (const [head, status] of [
    ["GET /api/status HTTP/1.0\r\n\r\n", "421"],
    ["GET http://evil.example/api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400"],
  ] as const) {
    const socket = connect(webPort, "127.0.0.1");
    socket.write(head);
    const [data] = await once(socket, "data");
    assert.match(String(data), new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  }
});

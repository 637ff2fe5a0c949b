/** How does a test reach the data-service by both of its roads? Through a web process's proxy, and directly. */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { createHttpServer } from "#server/http/server.ts";
import { createWebProxy, type WebProxy } from "#server/web-proxy.ts";
import { createFakeHouse, type FakeHouse, WEB_SECRET } from "./fake-house.ts";

export type Road = "web" | "direct";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

export type Call = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Address that the caller comes from; 127.0.0.1 unless given. */
  from?: string;
};

export type TwoRoads = AsyncDisposable & {
  house: FakeHouse;
  webPort: number;
  servicePort: number;
  /** Sends a request down a road; paths are the data-service's, the web road adds /api itself. */
  send(road: Road, path: string, call?: Call): Promise<Answer>;
  /** Tries to open the stream: 101, or the status of the refusal. */
  upgrade(road: Road, headers: Record<string, string>): Promise<number>;
};

/** Starts both processes' HTTP sides on free ports, as they are in the product; `env` are settings. */
export async function openTwoRoads(env: Record<string, string> = {}): Promise<TwoRoads> {
  let proxy: WebProxy | null = null;
  const web = createServer((message, response) => {
    if (!proxy?.handleRequest(message, response)) response.end("page");
  });
  web.on("upgrade", (message, socket, head) => {
    if (!proxy?.handleUpgrade(message, socket, head)) socket.destroy();
  });
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  const webPort = (web.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo

  const house = createFakeHouse({ WEB_PORT: String(webPort), ...env });
  const service = await createHttpServer(house.deps);
  const sockets = new WebSocketServer({ noServer: true });
  service.server.on("upgrade", (message, socket, head) => {
    const refusal = service.guard.checkUpgrade(message);
    if (refusal === null) sockets.handleUpgrade(message, socket, head, (client) => client.close());
    else socket.end(`HTTP/1.1 ${refusal.status} No\r\nConnection: close\r\n\r\n${JSON.stringify(refusal.body)}`);
  });
  const { port: servicePort } = await service.listen(0, "127.0.0.1");
  const { publicOrigin } = house.deps.config;
  proxy = createWebProxy({ dataServiceUrl: `http://127.0.0.1:${servicePort}`, webSecret: WEB_SECRET, publicOrigin });

  const portOf = (road: Road) => (road === "web" ? webPort : servicePort);
  const pathOf = (road: Road, path: string) => (road === "web" ? `/api${path}` : path);
  return {
    house,
    webPort,
    servicePort,
    send: (road, path, call = {}) => sendTo(portOf(road), pathOf(road, path), call),
    upgrade: (road, headers) => upgradeAt(`ws://127.0.0.1:${portOf(road)}${pathOf(road, "/stream")}`, headers),
    async [Symbol.asyncDispose]() {
      proxy?.[Symbol.dispose]();
      web.close();
      web.closeAllConnections();
      sockets.close();
      await service.close();
    },
  };
}

async function sendTo(port: number, path: string, call: Call): Promise<Answer> {
  const { method = "GET", headers = {}, body, from = "127.0.0.1" } = call;
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers, localAddress: from, agent: false });
  outgoing.end(body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage]; // http's own event signature
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

async function upgradeAt(address: string, headers: Record<string, string>): Promise<number> {
  const client = new WebSocket(address, { headers });
  client.on("error", () => undefined);
  return new Promise((resolve) => {
    client.once("upgrade", () => resolve(101));
    client.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
  });
}

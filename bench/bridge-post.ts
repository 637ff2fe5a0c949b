/** How fast is a bridge's post answered from disk at 200 a second? Beside a bare server that writes and flushes. */
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BridgePost, postsOf } from "#tests/support/bridge-day.ts";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { quantile, report } from "./measure.ts";

const POSTS_PER_SECOND = 200;
const SECONDS = 20;
/** The first seconds warm both up and are not counted. */
const WARM_SECONDS = 3;
const MS_MAX = 10;
const KEPT_ALIVE = new http.Agent({ keepAlive: true, maxSockets: 8 });

/** From the request's beginning to the whole answer, ms; throws for any answer but 200. */
async function postTimed(port: number, { path: address, body }: BridgePost): Promise<number> {
  const startMs = performance.now();
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const request = http.request({ host: "127.0.0.1", port, path: address, method: "POST", headers, agent: KEPT_ALIVE });
  request.end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage]; // safe: node's own event
  for await (const _chunk of response);
  if (response.statusCode !== 200) throw new Error(`${address} was answered ${response.statusCode}`);
  return performance.now() - startMs;
}

/** Posts at their times whatever is not answered yet, as a bridge's clock would; latencies behind the warm-up. */
async function latencies(port: number): Promise<number[]> {
  const posts = postsOf({ accounts: 50 });
  const waiting: Promise<number>[] = [];
  const beginMs = performance.now();
  for (let count = 0; count < POSTS_PER_SECOND * SECONDS; count += 1) {
    const waitMs = beginMs + (count * 1_000) / POSTS_PER_SECOND - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    waiting.push(postTimed(port, posts(count)));
  }
  return (await Promise.all(waiting)).slice(POSTS_PER_SECOND * WARM_SECONDS);
}

/** Answers a post when its bytes are on disk: nothing is read, judged or kept. */
async function bareServer(folder: string): Promise<http.Server> {
  const file = fs.openSync(path.join(folder, "bare.log"), "a");
  const server = http.createServer(async (request, response) => {
    for await (const chunk of request) fs.writeSync(file, chunk as Buffer);
    fs.fdatasync(file, () => response.end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const { dataDir, remove } = temporaryDataDir();
const env = { FEED: "simulator:9", FEED_SPEED: "1", INSTRUMENTS: "ES,NQ,GC,CL" };
const service = await startDataService({ dataDir, env });
try {
  const ours = await latencies(service.port);
  const server = await bareServer(dataDir);
  const bare = await latencies((server.address() as AddressInfo).port); // safe: it listens on a port
  server.close();
  server.closeAllConnections();
  const [p50, p99] = [quantile(ours, 0.5), quantile(ours, 0.99)];
  report({
    name: "bridge-post",
    unit: "ms",
    ours: p99,
    peer: quantile(bare, 0.99),
    peerName: "a bare node:http server that writes and fdatasyncs, p99",
    peerVersion: process.version,
    goal: `p99 <= ${MS_MAX} ms at ${POSTS_PER_SECOND} posts/s`,
    isMet: p99 <= MS_MAX,
    notes:
      `${ours.length} posts of 50 accounts (positions, orders, values, heartbeats) at fixed times over loopback, ` +
      `answered behind fdatasync while the simulator runs four roots; median ${p50.toFixed(2)} ms`,
  });
} finally {
  KEPT_ALIVE.destroy();
  await service.stop();
  remove();
}

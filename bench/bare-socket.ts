/** What is the floor of a tick's way into a browser? A bare ws server, and a page that parses and notes the time. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { WebSocketServer } from "ws";
import type { Applied } from "./tick-latency.ts";

const FRAME_MS = 50;
const FEED_MS = 1;

/** As many topics as the cockpit follows that change with a tick, each message about as long as a quote of ours. */
export type BareLoad = { topics: number; messageBytes: number; ticksPerSecond: number; seconds: number };

declare global {
  var __applied: Applied[] | undefined;
}

/** Runs it and gives what the page applied, and when each topic's ticks were made. */
export async function runBareSocket(
  page: Page,
  load: BareLoad,
): Promise<{ applied: Applied[]; ticks: Map<string, number[]> }> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>floor</title>");
  });
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's
  const feeder = startFeeder(sockets, load);
  try {
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.evaluate(followBare, `ws://127.0.0.1:${port}/`);
    await new Promise((resolve) => setTimeout(resolve, load.seconds * 1_000));
    const applied = await page.evaluate(() => globalThis.__applied ?? []);
    return { applied, ticks: feeder.ticks };
  } finally {
    feeder.stop();
    for (const client of sockets.clients) client.terminate();
    sockets.close();
    server.closeAllConnections();
    server.close();
  }
}

/** Ticks every millisecond to all topics in turn, one frame in 50 ms with every topic's newest time. */
function startFeeder(sockets: WebSocketServer, { topics, messageBytes, ticksPerSecond }: BareLoad) {
  const ticks = new Map<string, number[]>();
  const names = Array.from({ length: topics }, (_, index) => `quote:${index}`);
  for (const name of names) ticks.set(name, []);
  const filler = "x".repeat(messageBytes);
  const startMs = performance.now();
  let made = 0;
  const feed = setInterval(() => {
    const due = ((performance.now() - startMs) / 1_000) * ticksPerSecond;
    const nowMs = Date.now();
    for (; made < due; made += 1) ticks.get(names[made % topics])?.push(nowMs);
  }, FEED_MS);
  const beat = setInterval(() => {
    const messages = names.map((topic) => ({ topic, receivedMs: ticks.get(topic)?.at(-1) ?? 0, filler }));
    const frame = JSON.stringify(messages);
    for (const client of sockets.clients) client.send(frame);
  }, FRAME_MS);
  return {
    ticks,
    stop() {
      clearInterval(feed);
      clearInterval(beat);
    },
  };
}

/** In the page: parse, wait for the frame, note the time. */
function followBare(url: string): void {
  const applied: Applied[] = [];
  globalThis.__applied = applied;
  const socket = new WebSocket(url);
  let pending: { topic: string; receivedMs: number }[] = [];
  socket.onmessage = ({ data }) => {
    if (pending.length === 0) {
      requestAnimationFrame(() => {
        const appliedMs = Date.now();
        for (const { topic, receivedMs } of pending) applied.push({ topic, receivedMs, appliedMs });
        pending = [];
      });
    }
    pending.push(...JSON.parse(data));
  };
}

/** Two animation frames of a page that does nothing: the time below which no frame can be told. */
export async function emptyFramesMs(page: Page, count: number): Promise<number[]> {
  await page.goto("about:blank");
  return page.evaluate(async (wanted) => {
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
    const spans: number[] = [];
    while (spans.length < wanted) {
      const fromMs = performance.now();
      await nextFrame();
      spans.push((await nextFrame()) - fromMs);
    }
    return spans;
  }, count);
}

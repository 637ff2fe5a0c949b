/** How many trades a second does the engine take with every analysis of twenty instruments on? Beside a bare parser. */

import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { WebSocket } from "ws";
import { busyTrades, marketPast, openMarket } from "./analysed-market.ts";
import { type FromSender, KEY, SAY_EVERY_FRAMES, type ToSender, TRADES } from "./live-path-words.ts";
import { median, report } from "./measure.ts";

/** The busiest minutes of a day, for all twenty at once: 5,000 trades each; the first warms up. */
const BUSY = { minutes: 11, perMinute: 5_000 };
const FRAMES = 20_000;
const ROUNDS = 2;
const RATE_MIN = 300_000;
const SHARE_MIN = 0.15;

const child = fork(path.join(import.meta.dirname, "live-path-sender.ts"), { stdio: "inherit" });

function say(word: ToSender): void {
  child.send(word);
}

async function heard(): Promise<FromSender> {
  const [word] = await once(child, "message");
  return word as FromSender; // safe: our own sender's words
}

/** Trades a second of processor time that a bare client reads and parses. */
async function bareRate(wsUrl: string): Promise<number> {
  say({ word: "prepare", frames: FRAMES });
  await heard();
  const socket = new WebSocket(wsUrl);
  const { promise: isLoggedIn, resolve: loggedIn } = Promise.withResolvers<void>();
  const { promise: isDone, resolve: done } = Promise.withResolvers<void>();
  let frames = 0;
  socket.on("message", (bytes) => {
    const list = JSON.parse(String(bytes));
    if (list[0].ev === "status") {
      if (list[0].status === "connected") socket.send(JSON.stringify({ action: "auth", params: KEY }));
      if (list[0].status === "auth_success") loggedIn();
      return;
    }
    frames += 1;
    if (frames % SAY_EVERY_FRAMES === 0) say({ word: "send", read: frames });
    if (frames === FRAMES) done();
  });
  await isLoggedIn;
  const from = process.threadCpuUsage();
  say({ word: "send", read: 0 });
  await isDone;
  const seconds = secondsSince(from);
  socket.close();
  await once(socket, "close");
  return (FRAMES * TRADES) / seconds;
}

function secondsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1e6;
}

/** Trades a second of processor time through the engine, minutes closing on the way. */
function ourRate(past: ReturnType<typeof marketPast>): number {
  const market = openMarket(past);
  market.build();
  const trades = busyTrades(market, BUSY);
  const warmUp = trades.length / BUSY.minutes;
  for (let at = 0; at < warmUp; at += 1) market.send(trades[at]);
  const from = process.threadCpuUsage();
  for (let at = warmUp; at < trades.length; at += 1) market.send(trades[at]);
  const seconds = secondsSince(from);
  const { analyses } = market.engine.state;
  if (market.fronts.some((front) => analyses[front]?.status !== "ready")) throw new Error("an analysis is not ready");
  return (trades.length - warmUp) / seconds;
}

try {
  const urls = await heard();
  if (urls.word !== "listening") throw new Error(`the sender said ${urls.word}`);
  const past = marketPast();
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await bareRate(urls.wsUrl));
    ours.push(ourRate(past));
  }
  const [rate, peer] = [median(ours), median(bare)];
  report({
    name: "analysis-live",
    unit: "trades/s",
    ours: rate,
    peer,
    peerName: "bare ws client, JSON.parse only",
    peerVersion: process.version,
    goal: `>= ${RATE_MIN.toLocaleString("en")} trades/s and ratio >= ${SHARE_MIN}`,
    isMet: rate >= RATE_MIN && rate >= SHARE_MIN * peer,
    notes:
      `20 instruments, every analysis ready, ${BUSY.perMinute} trades a minute each, minutes closed and published on ` +
      `the way; engine alone, both by processor time of their thread; median of ${ROUNDS}`,
  });
} finally {
  child.disconnect();
}

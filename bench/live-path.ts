/** How many trades a second go from the vendor's socket to the outputs? Beside a bare ws client that only parses. */

import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { createEngine } from "#lib/engine/engine.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { createMassiveFeed } from "#server/feeds/massive-feed.ts";
import { createLogger } from "#server/logger.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { type FromSender, KEY, SAY_EVERY_FRAMES, START_MS, type ToSender, TRADES } from "./live-path-words.ts";
import { median, report } from "./measure.ts";

const FRAMES = 20_000;
/** The first round warms both up and is not counted. */
const ROUNDS = 6;

const child = fork(path.join(import.meta.dirname, "live-path-sender.ts"), { stdio: "inherit" });

function say(word: ToSender): void {
  child.send(word);
}

async function heard(): Promise<FromSender> {
  const [word] = await once(child, "message");
  return word as FromSender; // safe: our own sender's words
}

async function prepare(): Promise<number> {
  say({ word: "prepare", frames: FRAMES });
  const word = await heard();
  if (word.word !== "prepared") throw new Error(`the sender said ${word.word}`);
  return word.bytes;
}

/** Frames a second, from the first word to the sender until the last frame is parsed. */
async function bareRate(wsUrl: string): Promise<number> {
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
    if (list.length !== TRADES) throw new Error(`a frame of ${list.length} trades`);
    frames += 1;
    if (frames % SAY_EVERY_FRAMES === 0) say({ word: "send", read: frames });
    if (frames === FRAMES) done();
  });
  await isLoggedIn;
  const startMs = performance.now();
  say({ word: "send", read: 0 });
  await isDone;
  const seconds = (performance.now() - startMs) / 1_000;
  socket.close();
  await once(socket, "close");
  return FRAMES / seconds;
}

/** The product's feed, sequencer with its log on disk, and engine; done when the last trade's outputs are given out. */
async function ourRate(urls: { wsUrl: string; restUrl: string }, folder: string): Promise<number> {
  const bornMs = performance.now();
  const wallMs = (): number => START_MS + (performance.now() - bornMs);
  const engine = createEngine();
  const { promise: isDone, resolve: done } = Promise.withResolvers<void>();
  let trades = 0;
  let saidFrames = 0;
  let outputs = 0;
  await using sequencer = new Sequencer({
    engine: {
      ...engine,
      process(event, into) {
        if (event.type === "TradePrinted") trades += 1;
        return engine.process(event, into);
      },
    },
    writer: new LogWriter({ folder, runId: "bench", tail: EMPTY_TAIL }),
    wallMs,
    feedNowMs: wallMs,
    onBatch({ list }) {
      outputs += list.length;
      const frames = Math.floor(trades / TRADES);
      if (frames >= saidFrames + SAY_EVERY_FRAMES) {
        saidFrames = frames;
        say({ word: "send", read: frames });
      }
      if (frames === FRAMES) done();
    },
    onFlushed() {},
    onGap() {},
    crash(error) {
      throw error;
    },
    logger: createLogger("bench", { logLevel: "error", logFormat: "json" }),
    recovered: { nowMs: 0, receivedMs: 0, contracts: [] },
  });
  const start = {
    type: "RunStarted",
    runId: "bench",
    mode: "LIVE",
    feed: "massive",
    seed: null,
    ...emptyLedger(),
  } as const;
  await sequencer.publishDurable({ ...UNSTAMPED, ...start });
  await using feed = createMassiveFeed({ key: KEY, ...urls, roots: ["ES"], mode: "LIVE", wallMs });
  const sink: Parameters<typeof feed.connect>[0] = {
    contractNumber: (contract) => sequencer.contractNumber(contract),
    publish: (event) => void sequencer.publish(event),
    drained: () => sequencer.drained(),
    reject(reason, detail) {
      throw new Error(`${reason}: ${detail}`);
    },
  };
  await feed.connect(sink, null);
  while (engine.state.feedState !== "connected") await sleep(5);
  const startMs = performance.now();
  say({ word: "send", read: 0 });
  await isDone;
  const seconds = (performance.now() - startMs) / 1_000;
  if (outputs === 0 || engine.state.contracts[0].lastTicks === null) throw new Error("the engine said nothing");
  return FRAMES / seconds;
}

async function main(): Promise<void> {
  const urls = await heard();
  if (urls.word !== "listening") throw new Error(`the sender said ${urls.word}`);
  const { wsUrl: wsBase, restUrl } = urls;
  const ours: number[] = [];
  const bare: number[] = [];
  let frameBytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
    try {
      frameBytes = await prepare();
      bare.push(await bareRate(wsBase));
      await prepare();
      ours.push(await ourRate({ wsUrl: wsBase, restUrl }, folder));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  const [rate, peer] = [median(ours.slice(1)), median(bare.slice(1))];
  report({
    name: "live-path",
    unit: "frames/s",
    ours: rate,
    peer,
    peerName: "bare ws client, JSON.parse only",
    peerVersion: process.version,
    goal: "ratio >= 0.5",
    isMet: rate >= 0.5 * peer,
    notes:
      `frames of ${TRADES} trades, ${frameBytes} bytes, from a second process over loopback: ` +
      `${Math.round(rate * TRADES)} trades/s through feed, checks, log ` +
      `(written, flushed in the background), engine and outputs; the peer parses ` +
      `${Math.round(peer * TRADES)} trades/s; median of ${ROUNDS - 1} behind one to warm up`,
  });
}

try {
  await main();
} finally {
  child.disconnect();
}

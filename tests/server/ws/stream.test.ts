/** Does the stream say snapshot, then deltas; coalesce; resume; and cut who cannot keep up? On the real process. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { BarMessage, BarTuple, QuoteMessage, TopicMessage } from "#lib/wire/stream.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { readStream } from "#tests/support/stream-reader.ts";

const ENV = { FEED: "simulator:3", FEED_START: "2026-11-17T14:29:30Z", INSTRUMENTS: "ES,MES" };
const folder = temporaryDataDir();
let service: DataService;

before(async () => {
  service = await startDataService({ dataDir: folder.dataDir, env: ENV });
});

after(async () => {
  await service.stop();
  folder.remove();
});

const isQuote = (message: TopicMessage): message is QuoteMessage => message.topic === "quote:ESZ6";
const isBars =
  (topic: string) =>
  (message: TopicMessage): message is BarMessage =>
    message.topic === topic;

function upsert(bars: Map<number, BarTuple>, message: TopicMessage): void {
  if (!("bars" in message)) return;
  if (message.kind === "snapshot") bars.clear();
  for (const bar of message.bars) bars.set(bar[0], bar);
}

test("hello first, then a snapshot, then deltas whose seq only rises, at most one frame in 50 ms", async () => {
  const reader = await readStream(service.port);
  assert.equal(reader.hello.mode, "SIM");
  assert.equal(reader.hello.epoch, 1);
  assert.equal(reader.hello.speed, 1);
  const arrivals: number[] = [];
  reader.socket.on("message", () => arrivals.push(performance.now()));
  reader.subscribe({ subscribe: ["quote:ESZ6"] });
  const first = await reader.next(isQuote);
  assert.equal(first.kind, "snapshot");
  await reader.next((message) => isQuote(message) && message.kind === "delta" && message.seq > first.seq + 50);
  const seqs = reader.messages.filter(isQuote).map((message) => message.seq);
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
  const seconds = (arrivals[arrivals.length - 1] - arrivals[0]) / 1_000;
  assert.ok(arrivals.length <= 2 + seconds * 20, `${arrivals.length} frames in ${seconds} s`);
  reader.socket.close();
});

test("a chart that only adds the deltas has the bars that REST gives, closed ones to the last digit", async () => {
  const reader = await readStream(service.port);
  const bars = new Map<number, BarTuple>();
  reader.subscribe({ subscribe: ["bar:ESZ6:5s", "bar:ESZ6:1m"] });
  await reader.next((message) => isBars("bar:ESZ6:5s")(message) && message.kind === "snapshot");
  const { nowMs } = reader.hello;
  await reader.next((message) => message.nowMs > nowMs + 7_000);
  for (const message of reader.messages.filter(isBars("bar:ESZ6:5s"))) upsert(bars, message);
  const closed = [...bars.values()].filter((bar) => bar[11] === 1).slice(-50);
  const to = closed[closed.length - 1][0] + 1;
  const rest = await service.get<BarsAnswer>(`/bars/ESZ6?interval=5s&limit=50&to=${to}`);
  assert.equal(rest.bars.length, 50);
  assert.deepEqual(
    rest.bars.map((bar) => [bar.openMs, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades]),
    closed.map(([openMs, open, high, low, close, volume, , , trades]) => [
      openMs,
      open,
      high,
      low,
      close,
      volume,
      trades,
    ]),
  );
  reader.socket.close();
});

test("a cursor of this epoch gets only what is new; one of another epoch or from the future a snapshot", async () => {
  const first = await readStream(service.port);
  first.subscribe({ subscribe: ["bar:ESZ6:1s"] });
  const snapshot = (await first.next(isBars("bar:ESZ6:1s"))) as BarMessage;
  assert.ok(snapshot.bars.length > 500);
  first.socket.close();
  const cursor = { epoch: first.hello.epoch, seq: snapshot.seq };
  for (const [given, kind] of [
    [cursor, "delta"],
    [{ ...cursor, epoch: cursor.epoch + 1 }, "snapshot"],
    [{ ...cursor, seq: cursor.seq + 1_000_000 }, "snapshot"],
  ] as const) {
    const reader = await readStream(service.port);
    reader.subscribe({ subscribe: ["bar:ESZ6:1s"], cursor: given });
    const message = (await reader.next(isBars("bar:ESZ6:1s"))) as BarMessage;
    assert.equal(message.kind, kind);
    if (kind === "delta") {
      assert.ok(message.bars.length < 60, `${message.bars.length} bars`);
      const newestKnown = snapshot.bars[snapshot.bars.length - 1][0];
      assert.ok(message.bars[0][0] <= newestKnown, "reaches back to the bar that was forming");
    }
    reader.socket.close();
  }
});

test("trade bars are built from the session's logged trades, and grow", async () => {
  const reader = await readStream(service.port);
  reader.subscribe({ subscribe: ["bar:ESZ6:20t"] });
  const first = (await reader.next(isBars("bar:ESZ6:20t"))) as BarMessage;
  assert.equal(first.kind, "snapshot");
  assert.ok(first.bars.length > 20);
  for (const bar of first.bars.slice(0, -1)) assert.equal(bar[8], 20, "twenty trades a bar");
  const grown = (await reader.next(
    (message) => isBars("bar:ESZ6:20t")(message) && message.kind === "delta",
  )) as BarMessage;
  assert.ok(grown.bars.length >= 1 && grown.bars.length < 50);
  reader.socket.close();
});

test("what is no topic, contract or JSON is answered in words, and the socket lives on", async () => {
  const reader = await readStream(service.port);
  reader.subscribe({ subscribe: ["quote:ESZ6", "quote:ZZZ9", "nonsense"] });
  await reader.next(isQuote);
  await reader.nextError();
  reader.socket.send("{not json");
  reader.socket.send(JSON.stringify({ subscribe: Array.from({ length: 200 }, () => "ops") }));
  await reader.next((message) => isQuote(message) && message.kind === "delta");
  const codes = reader.errors.map((error) => `${error.code} ${error.topic ?? ""}`.trim());
  assert.deepEqual(codes.slice(0, 2), ["UNKNOWN_TOPIC quote:ZZZ9", "UNKNOWN_TOPIC nonsense"]);
  assert.deepEqual([...new Set(codes.slice(2))], ["BAD_SHAPE"]);
  reader.socket.close();
});

test("a reader that does not read is cut; the others go on", async () => {
  const well = await readStream(service.port);
  well.subscribe({ subscribe: ["quote:ESZ6"] });
  const before = (await service.get<OpsReport>("/health")).clientsCut;
  const socket = connect(service.port, "127.0.0.1");
  const key = Buffer.from("0123456789abcdef").toString("base64");
  const head = `GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${service.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`;
  socket.write(head);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  // Each change of subscription asks for another snapshot of 1,500 bars: megabytes that nobody takes.
  for (let turn = 0; turn < 120; turn++) {
    const topics = turn % 2 === 0 ? ["bar:ESZ6:1s", "bar:MESZ6:1s", "bar:ESZ6:1m", "bar:MESZ6:1m"] : [];
    socket.write(maskedFrame(JSON.stringify({ subscribe: topics })));
  }
  for (let tries = 0; tries < 200; tries++) {
    const { clientsCut } = await service.get<OpsReport>("/health");
    if (clientsCut > before) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.equal((await service.get<OpsReport>("/health")).clientsCut, before + 1);
  socket.resume();
  await ended;
  const seq = well.messages[well.messages.length - 1].seq;
  await well.next((message) => message.seq > seq);
  well.socket.close();
});

/** A text frame as a browser masks it. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

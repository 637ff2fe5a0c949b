/** Does the browser stay on the stream through breaks, restarts and another run, asking for no more than it shows? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FeedClock } from "#components/live/feed-clock.ts";
import { LiveStore } from "#components/live/live-store.ts";
import { retryDelayMs, SILENCE_MS_MAX, StreamClient, type StreamSocket } from "#components/live/stream-client.ts";
import type { FeedsMessage, Hello, OpsMessage, TopicMessage } from "#lib/wire/stream.ts";

class FakeSocket implements StreamSocket {
  onmessage: StreamSocket["onmessage"] = null;
  onclose: StreamSocket["onclose"] = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  drop(reason = "going away"): void {
    this.onclose?.({ code: 1001, reason });
  }
}

type Timer = { delayMs: number; callback: () => void; isCancelled: boolean };

function rig() {
  const sockets: FakeSocket[] = [];
  const timers: Timer[] = [];
  const frames: (() => void)[] = [];
  const wall = { ms: 0 };
  const clock = new FeedClock(() => wall.ms);
  const store = new LiveStore({ schedule: (flush) => frames.push(flush), wallMs: () => 0, probe: () => undefined });
  const client = new StreamClient({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    store,
    clock,
    after: (delayMs, callback) => {
      const timer = { delayMs, callback, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
    random: () => 0.5,
  });
  const paint = (): void => {
    for (const flush of frames.splice(0)) flush();
  };
  const due = (): Timer[] => timers.filter((timer) => !timer.isCancelled);
  return { client, store, clock, wall, sockets, due, paint, socket: () => sockets[sockets.length - 1] };
}

const HELLO: Hello = { kind: "hello", epoch: 1, runId: "a", mode: "SIM", nowMs: 1_000_000, speed: 1 };

function ops(seq: number, kind: "snapshot" | "delta" = "snapshot"): TopicMessage {
  const message: OpsMessage = {
    topic: "ops",
    kind: "snapshot",
    seq,
    nowMs: 1_000_000,
    receivedMs: 0,
    ops: {} as never,
  };
  return { ...message, kind } as TopicMessage;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("subscribes after hello to all that is wanted, in one request", async () => {
  const { client, socket } = rig();
  client.start();
  client.want("ops");
  client.want("feeds");
  client.want("ops");
  await turn();
  assert.deepEqual(socket().sent, [], "nothing before hello");
  socket().say(HELLO);
  assert.deepEqual(socket().sent, [{ subscribe: ["feeds", "ops"] }]);
  assert.equal(client.connection().status, "open");
});

test("a topic goes with its last reader, and changes of one turn make one request", async () => {
  const { client, store, socket, paint } = rig();
  client.start();
  const first = client.want("ops");
  const second = client.want("ops");
  await turn();
  socket().say(HELLO);
  socket().say([ops(5)]);
  paint();
  first();
  first();
  await turn();
  assert.equal(store.get("ops")?.seq, 5, "one reader is left");
  second();
  client.want("feeds");
  await turn();
  assert.deepEqual(socket().sent, [{ subscribe: ["ops"] }, { subscribe: ["feeds"] }]);
  assert.equal(store.get("ops"), undefined, "dropped with its last reader");
});

test("a topic handed from one view to the next in one turn keeps its snapshot and takes deltas", async () => {
  const { client, store, socket, paint } = rig();
  client.start();
  const release = client.want("ops");
  socket().say(HELLO);
  socket().say([ops(5)]);
  paint();
  await turn();
  const { length } = socket().sent;
  release();
  client.want("ops");
  await turn();
  assert.equal(store.get("ops")?.seq, 5);
  socket().say([ops(6, "delta")]);
  paint();
  assert.deepEqual([store.get("ops")?.seq, client.outOfOrderCount()], [6, 0]);
  assert.deepEqual(socket().sent.slice(length), [{ subscribe: ["ops"] }]);
});

test("a message behind its topic's seq, or for nobody, is dropped and counted", () => {
  const { client, store, socket, paint } = rig();
  client.start();
  client.want("ops");
  socket().say(HELLO);
  socket().say([ops(7), ops(6), ops(8)]);
  socket().say([{ ...ops(9), topic: "feeds" }]);
  paint();
  assert.equal(store.get("ops")?.seq, 8);
  assert.equal(store.get("feeds"), undefined);
  assert.equal(client.outOfOrderCount(), 1);
});

test("a delta before its snapshot is not shown", () => {
  const { client, store, socket, paint } = rig();
  client.start();
  client.want("ops");
  socket().say(HELLO);
  socket().say([ops(7, "delta")]);
  paint();
  assert.equal(store.get("ops"), undefined);
});

test("after a break it comes back with its cursor and keeps what it shows", () => {
  const { client, store, sockets, socket, due, paint } = rig();
  client.start();
  client.want("ops");
  socket().say(HELLO);
  socket().say([ops(42)]);
  paint();
  socket().drop("server restarts");
  const { status } = client.connection();
  assert.equal(status, "waiting");
  assert.equal(store.get("ops")?.seq, 42);
  const [retry] = due().slice(-1);
  assert.equal(retry.delayMs, retryDelayMs(1, 0.5));
  retry.callback();
  assert.equal(sockets.length, 2);
  socket().say(HELLO);
  assert.deepEqual(socket().sent, [{ subscribe: ["ops"], cursor: { epoch: 1, seq: 42 } }]);
  assert.equal(client.connection().status, "open");
});

test("behind its cursor a topic goes on with a delta; with a topic that is new there is no cursor", () => {
  const { client, store, socket, due, paint } = rig();
  const comeBack = (): void => {
    socket().drop();
    due().slice(-1)[0].callback();
    socket().say(HELLO);
  };
  client.start();
  client.want("ops");
  socket().say(HELLO);
  socket().say([ops(42)]);
  comeBack();
  socket().say([ops(50, "delta")]);
  paint();
  assert.equal(store.get("ops")?.seq, 50);
  client.want("feeds");
  comeBack();
  assert.deepEqual(socket().sent, [{ subscribe: ["feeds", "ops"] }]);
});

test("what is let go and wanted again within a turn goes on: the server never knew", async () => {
  const { client, store, socket, paint } = rig();
  client.start();
  const release = client.want("ops");
  socket().say(HELLO);
  socket().say([ops(5)]);
  paint();
  await turn();
  release();
  client.want("ops");
  await turn();
  socket().say([ops(6, "delta")]);
  paint();
  assert.equal(store.get("ops")?.seq, 6);
});

for (const [what, change] of [
  ["another run", { runId: "b" }],
  ["another epoch", { epoch: 2 }],
] as const) {
  test(`${what} forgets everything: values, cursor, clock`, () => {
    const { client, store, clock, socket, due, paint } = rig();
    client.start();
    client.want("ops");
    socket().say(HELLO);
    socket().say([ops(42)]);
    paint();
    assert.equal(clock.nowMs(), 1_000_000);
    socket().drop();
    due().slice(-1)[0].callback();
    socket().say({ ...HELLO, ...change, nowMs: 500 });
    assert.equal(store.get("ops"), undefined);
    assert.equal(clock.nowMs(), 500);
    assert.deepEqual(socket().sent, [{ subscribe: ["ops"] }]);
    socket().say([ops(1)]);
    paint();
    assert.equal(store.get("ops")?.seq, 1, "a smaller seq of the new life is taken");
  });
}

test("waits longer from try to try, up to a bound, with jitter", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => retryDelayMs(attempt, 0.5));
  assert.deepEqual(waits, [188, 375, 750, 1_500, 3_000, 6_000, 6_000, 6_000]);
  assert.equal(retryDelayMs(3, 0), 500);
  assert.ok(retryDelayMs(3, 0.999) <= 1_000);
});

test("a road that says nothing is given up", () => {
  const { client, socket, due } = rig();
  client.start();
  const first = socket();
  first.say(HELLO);
  const silence = due().find((timer) => timer.delayMs === SILENCE_MS_MAX);
  assert.ok(silence !== undefined);
  silence.callback();
  assert.equal(first.isClosed, true);
  assert.equal(client.connection().status, "waiting");
});

test("closing for good opens no socket again", () => {
  const { client, sockets, socket, due } = rig();
  client.start();
  socket().say(HELLO);
  client.close();
  assert.equal(socket().isClosed, true);
  assert.deepEqual(due(), []);
  assert.equal(sockets.length, 1);
});

test("refresh asks for nothing and then for everything, and takes the new snapshots", () => {
  const { client, store, socket, paint } = rig();
  client.start();
  assert.equal(client.refresh(), false, "nothing to ask on");
  client.want("ops");
  socket().say(HELLO);
  socket().say([ops(9)]);
  assert.equal(client.refresh(), true);
  assert.deepEqual(socket().sent.slice(-2), [{ subscribe: [] }, { subscribe: ["ops"] }]);
  socket().say([ops(9)]);
  paint();
  assert.equal(store.get("ops")?.seq, 9);
});

test("a paused feed stops the clock", () => {
  const { client, clock, wall, socket } = rig();
  client.start();
  client.want("feeds");
  socket().say(HELLO);
  const feeds = { state: "paused", speed: 1 } as FeedsMessage["feeds"];
  socket().say([{ topic: "feeds", kind: "snapshot", seq: 1, nowMs: 1_000_000, receivedMs: 0, feeds }]);
  wall.ms = 2_000;
  assert.equal(clock.nowMs(), 1_000_000);
});

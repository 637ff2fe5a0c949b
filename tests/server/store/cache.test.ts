/** Do both kinds of cache keep one contract, and does a Redis that vanishes or talks nonsense harm nobody? */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import net from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CACHE_COMMAND_MS_MAX, CACHE_ENTRIES_MAX } from "#lib/limits.ts";
import { type Cache, createCache } from "#server/store/cache.ts";
import { CacheAwayError } from "#server/store/cache-away-error.ts";
import { MemoryCache } from "#server/store/memory-cache.ts";
import { machineRedis, ownRedis, QUIET, type RedisKind, redisKinds, removeKeys, until } from "#tests/support/stores.ts";
import { TcpProxy } from "#tests/support/tcp-proxy.ts";

async function opened(t: TestContext, redisUrl: string | null, prefix = ""): Promise<Cache> {
  const cache = createCache({ redisUrl, prefix, logger: QUIET, wallMs: Date.now });
  t.after(() => cache[Symbol.asyncDispose]());
  cache.start();
  return cache;
}

async function ready(t: TestContext, { redisUrl, prefix }: ReturnType<RedisKind["place"]>): Promise<Cache> {
  const cache = await opened(t, redisUrl, prefix);
  await until(() => cache.status.state === "ok", "connected");
  return cache;
}

for (const { name, place } of await redisKinds()) {
  test(`${name}: keeps values by key until their time is over`, async (t) => {
    const cache = await ready(t, place(t));
    await cache.setAll(
      [
        { key: "rs:last:ESZ6", value: '{"last":6800.25}' },
        { key: "rs:last:NQZ6", value: "Grüße 𝕏\u0000\n" },
      ],
      60_000,
    );
    await cache.setAll([{ key: "rs:last:YMZ6", value: "short" }], 40);
    assert.equal(await cache.get("rs:last:ESZ6"), '{"last":6800.25}');
    assert.equal(await cache.get("rs:last:NQZ6"), "Grüße 𝕏\u0000\n");
    assert.equal(await cache.get("rs:last:RTYZ6"), null);
    await until(async () => (await cache.get("rs:last:YMZ6")) === null, "the short one is gone", 2_000);
    assert.notEqual(await cache.get("rs:last:ESZ6"), null);
    assert.equal(cache.status.state, "ok");
  });

  test(`${name}: a value written again has its new value and its new time`, async (t) => {
    const cache = await ready(t, place(t));
    await cache.setAll([{ key: "a", value: "1" }], 60);
    await cache.setAll([{ key: "a", value: "2" }], 60_000);
    await sleep(90);
    assert.equal(await cache.get("a"), "2");
    await cache.setAll([], 1_000);
  });

  test(`${name}: tells those who listen, in order, until they stop`, async (t) => {
    const cache = await ready(t, place(t));
    const heard: string[] = [];
    const others: string[] = [];
    const stop = await cache.subscribe("rs:changed", (message) => heard.push(message));
    await cache.subscribe("rs:other", (message) => others.push(message));
    await cache.publish("rs:changed", "one");
    await cache.publish("rs:changed", "two");
    await until(() => heard.length === 2, "both were heard");
    await stop();
    await cache.publish("rs:changed", "three");
    await cache.publish("rs:other", "last");
    await until(() => others.length === 1, "the other channel was heard");
    assert.deepEqual(heard, ["one", "two"]);
  });
}

test("the in-process cache stays within its bound, and a sweep forgets what is over", async () => {
  let nowMs = 1_000;
  const cache = new MemoryCache(() => nowMs);
  const entries = Array.from({ length: CACHE_ENTRIES_MAX + 5 }, (_, i) => ({ key: `k${i}`, value: "v" }));
  await cache.setAll(entries, 1_000);
  assert.equal(cache.size, CACHE_ENTRIES_MAX);
  assert.equal(await cache.get("k4"), null);
  assert.equal(await cache.get("k5"), "v");
  nowMs = 2_000;
  cache.sweep();
  assert.equal(cache.size, 0);
});

const machine = await machineRedis();

type Outage = { url: string; begin(): Promise<void> | void; end(): Promise<void> };

const OUTAGES: { name: string; of(t: TestContext): Promise<Outage | null> }[] = [
  {
    name: "is killed and started again, empty",
    async of(t) {
      const server = await ownRedis(t);
      return server === null ? null : { url: server.url, begin: server.stop, end: server.start };
    },
  },
  ...(["refuse", "freeze", "lose"] as const).map((fault) => ({
    name: `is behind a line that ${{ refuse: "is cut", freeze: "hangs", lose: "loses what it carries" }[fault]}`,
    async of(t: TestContext) {
      const url = machine ?? (await ownRedis(t))?.url;
      if (url === undefined) return null;
      const proxy = await TcpProxy.start(t, url);
      return { url: proxy.url, begin: () => proxy[fault](), end: () => proxy.mend() };
    },
  })),
];

for (const { name, of } of OUTAGES) {
  test(`a Redis that ${name} is said to be away, refuses soon, and comes back with those who listen`, async (t) => {
    const outage = await of(t);
    if (outage === null) return t.skip("ABSENT redis-server");
    const prefix = `rightseat-test-${randomBytes(6).toString("hex")}:`;
    if (machine !== null) t.after(() => removeKeys(machine, prefix));
    const cache = await opened(t, outage.url, prefix);
    await until(() => cache.status.state === "ok", "connected");
    const { sinceMs } = cache.status;
    const heard: string[] = [];
    await cache.subscribe("rs:changed", (message) => heard.push(message));
    await outage.begin();
    const startMs = performance.now();
    await assert.rejects(cache.setAll([{ key: "a", value: "1" }], 1_000), CacheAwayError);
    assert.ok(performance.now() - startMs < 2 * CACHE_COMMAND_MS_MAX, "it refuses soon");
    assert.equal(cache.status.state, "away");
    assert.match(cache.status.reason, /127\.0\.0\.1:\d+: /);
    assert.ok(cache.status.sinceMs > sinceMs);
    await outage.end();
    await until(() => cache.status.state === "ok", "connected again", 30_000);
    await cache.setAll([{ key: "a", value: "2" }], 10_000);
    assert.equal(await cache.get("a"), "2");
    const again = async (): Promise<boolean> => {
      await cache.publish("rs:changed", "again");
      return heard.includes("again");
    };
    await until(again, "the listener hears again");
  });
}

const STRANGERS: { name: string; says: string | null; words: RegExp }[] = [
  { name: "talks HTTP", says: "HTTP/1.1 400 Bad Request\r\n\r\n", words: /protocol|nonsense|closed|H/i },
  { name: "answers every command with a number", says: ":7\r\n", words: /nonsense|closed|protocol/i },
  { name: "says nothing", says: null, words: /timed out|connecting|timeout/i },
  { name: "wants a password", says: "-NOAUTH Authentication required.\r\n", words: /NOAUTH/ },
];

for (const { name, says, words } of STRANGERS) {
  test(`a server that ${name} is never green`, async (t) => {
    const states = new Set<string>();
    const server = net.createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (bytes) => {
        const commands = bytes.toString("latin1").match(/^\*\d+\r$/gm)?.length ?? 1;
        if (says !== null) socket.write(says.repeat(commands));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address() as net.AddressInfo;
    const cache = await opened(t, `redis://:secret@127.0.0.1:${port}`);
    await until(() => {
      states.add(cache.status.state);
      return cache.status.state === "away";
    }, "it is said to be away");
    for (let i = 0; i < 20; i++) {
      await assert.rejects(cache.setAll([{ key: "a", value: "1" }], 1_000), CacheAwayError);
      states.add(cache.status.state);
    }
    assert.ok(!states.has("ok"), [...states].join());
    assert.match(cache.status.reason, words);
    assert.doesNotMatch(cache.status.reason, /secret/);
    await cache[Symbol.asyncDispose]();
  });
}

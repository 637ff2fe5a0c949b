/** Do other programs find the newest quote of each contract, never ahead of the log, and again after an outage? */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createOutputs, type Outputs } from "#lib/outputs/output.ts";
import type { Quote } from "#lib/wire/stream.ts";
import { CHANGED_CHANNEL, lastQuoteKey, RedisMirror } from "#server/handlers/mirror-redis.ts";
import { type Cache, createCache } from "#server/store/cache.ts";
import { ownRedis, QUIET, type RedisKind, redisKinds, until } from "#tests/support/stores.ts";

const SYMBOLS = ["ESZ6", "NQZ6", "GCZ6"];

/** A quote with the last price that the test holds; everything else is of no matter here. */
function quoteOf(symbol: string, last: number): Quote {
  // Safe: the mirror reads nothing but `contract` of it.
  return { contract: symbol, mode: "SIM", last } as Quote;
}

type Rig = { cache: Cache; mirror: RedisMirror; lasts: number[]; touch(contract: number, seq: number): void };

function rig(t: TestContext, { redisUrl, prefix }: ReturnType<RedisKind["place"]>): Rig {
  const cache = createCache({ redisUrl, prefix, logger: QUIET, wallMs: Date.now });
  const lasts = [0, 0, 0];
  const mirror = new RedisMirror({
    cache,
    contracts: () => SYMBOLS.length,
    quote: (contract) => quoteOf(SYMBOLS[contract], lasts[contract]),
  });
  t.after(async () => {
    mirror[Symbol.dispose]();
    await cache[Symbol.asyncDispose]();
  });
  cache.start();
  return {
    cache,
    mirror,
    lasts,
    touch(contract, seq) {
      const outputs: Outputs = createOutputs(SYMBOLS.length);
      outputs.touched[contract] = 1;
      outputs.anyTouched = true;
      mirror.note(outputs, seq);
    },
  };
}

async function lastIn(cache: Cache, symbol: string): Promise<{ seq: number; last: number } | null> {
  const text = await cache.get(lastQuoteKey(symbol)).catch(() => null);
  return text === null ? null : JSON.parse(text);
}

for (const { name, place } of await redisKinds()) {
  test(`${name}: a quote is written under its readable key only when its seq is flushed, and told once`, async (t) => {
    const { cache, mirror, lasts, touch } = rig(t, place(t));
    await until(() => cache.status.state === "ok", "connected");
    const told: string[] = [];
    await cache.subscribe(CHANGED_CHANNEL, (message) => told.push(message));
    lasts[0] = 6_800.25;
    touch(0, 10);
    mirror.flushed(9);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(await lastIn(cache, "ESZ6"), null);
    assert.deepEqual(mirror.place, { seq: 0, lagEvents: 9 });
    mirror.flushed(10);
    await until(async () => (await lastIn(cache, "ESZ6")) !== null, "written");
    const { seq, last } = (await lastIn(cache, "ESZ6")) ?? {};
    assert.deepEqual([seq, last], [10, 6_800.25]);
    assert.equal(await lastIn(cache, "NQZ6"), null);
    await until(() => told.length === 1, "told");
    assert.deepEqual(JSON.parse(told[0] ?? ""), { seq: 10, keys: ["rs:last:ESZ6"] });
    mirror.flushed(12);
    assert.deepEqual(mirror.place, { seq: 12, lagEvents: 0 }, "nothing changed since");
  });

  test(`${name}: many changes of a moment are one write, of the newest`, async (t) => {
    const { cache, mirror, lasts, touch } = rig(t, place(t));
    await until(() => cache.status.state === "ok", "connected");
    const told: string[] = [];
    await cache.subscribe(CHANGED_CHANNEL, (message) => told.push(message));
    for (let seq = 1; seq <= 500; seq++) {
      lasts[seq % 2] = seq;
      touch(seq % 2, seq);
      mirror.flushed(seq);
    }
    await until(() => told.length === 1, "told");
    assert.deepEqual(JSON.parse(told[0] ?? "").keys.toSorted(), ["rs:last:ESZ6", "rs:last:NQZ6"]);
    assert.equal((await lastIn(cache, "ESZ6"))?.last, 500);
    assert.equal((await lastIn(cache, "NQZ6"))?.last, 499);
  });
}

test("Redis gone under load and back empty: what changed meanwhile is there, nothing waited", async (t) => {
  const server = await ownRedis(t);
  if (server === null) return t.skip("ABSENT redis-server");
  const { cache, mirror, lasts, touch } = rig(t, { redisUrl: server.url, prefix: "" });
  await until(() => cache.status.state === "ok", "connected");
  let seq = 0;
  const change = (contract: number, last: number): void => {
    seq += 1;
    lasts[contract] = last;
    const startMs = performance.now();
    touch(contract, seq);
    mirror.flushed(seq);
    assert.ok(performance.now() - startMs < 50, "the engine's turn does not wait");
  };
  change(0, 1);
  await until(async () => (await lastIn(cache, "ESZ6"))?.last === 1, "written");
  await server.stop();
  for (let last = 2; last <= 40; last++) {
    change(0, last);
    change(1, last);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  assert.equal(cache.status.state, "away");
  await server.start();
  await until(async () => (await lastIn(cache, "ESZ6"))?.last === 40, "ES is there again");
  await until(async () => (await lastIn(cache, "NQZ6"))?.last === 40, "NQ too");
});

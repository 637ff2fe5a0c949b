/** Do other programs find quotes and analyses in the cache, never ahead of the log, and again after an outage? */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createOutputs, type Outputs } from "#lib/outputs/output.ts";
import type { InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { Quote } from "#lib/wire/stream.ts";
import {
  CHANGED_CHANNEL,
  insightKey,
  lastQuoteKey,
  levelsKey,
  RedisMirror,
  SCANNER_KEY,
} from "#server/handlers/mirror-redis.ts";
import { type Cache, createCache } from "#server/store/cache.ts";
import { CacheAwayError } from "#server/store/cache-away-error.ts";
import { ownRedis, QUIET, type RedisKind, redisKinds, until } from "#tests/support/stores.ts";

const SYMBOLS = ["ESZ6", "NQZ6", "GCZ6"];

/** A quote with the last price that the test holds; everything else is of no matter here. */
function quoteOf(symbol: string, last: number): Quote {
  // Safe: the mirror reads nothing but `contract` of it.
  return { contract: symbol, mode: "SIM", last } as Quote;
}

/** What closed bars say: the test holds the end of the newest; null before the first analysis. */
function insightOf(root: string, asOfMs: number): InsightView {
  const parts = { quality: { score: 60 }, levels: { levels: [] }, ict: { status: "ready" } };
  // Safe: the mirror splits the parts and reads nothing of them.
  return { instrument: root, asOfMs, parts: asOfMs === 0 ? null : parts, provisional: parts } as unknown as InsightView;
}

const ROOTS = ["ES", "NQ", "GC"].map((root, front) => ({ root, front }));

type Rig = {
  cache: Cache;
  mirror: RedisMirror;
  lasts: number[];
  /** By root's place: the end of the bar that its analysis stands on. */
  closed: number[];
  touch(contract: number, seq: number): void;
  analysed(contracts: number[], seq: number): void;
};

function rig(t: TestContext, { redisUrl, prefix }: ReturnType<RedisKind["place"]>): Rig {
  return rigOf(t, createCache({ redisUrl, prefix, logger: QUIET, wallMs: Date.now }));
}

function rigOf(t: TestContext, cache: Cache): Rig {
  const lasts = [0, 0, 0];
  const closed = [0, 0, 0];
  const mirror = new RedisMirror({
    cache,
    contracts: () => SYMBOLS.length,
    roots: () => ROOTS,
    quote: (contract) => quoteOf(SYMBOLS[contract], lasts[contract]),
    insight: (root) => insightOf(root, closed[ROOTS.findIndex((one) => one.root === root)]),
    scanner: () => ({ asOfMs: Math.max(...closed), rows: [] }) as unknown as ScannerView, // safe: it is only written
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
    closed,
    analysed(contracts, seq) {
      const outputs: Outputs = createOutputs(SYMBOLS.length);
      for (const contract of contracts) outputs.list.push({ type: "AnalysisChanged", contract });
      mirror.note(outputs, seq);
    },
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

async function valueIn(cache: Cache, key: string): Promise<Record<string, unknown> | null> {
  const text = await cache.get(key).catch(() => null);
  return text === null ? null : JSON.parse(text);
}

for (const { name, place } of await redisKinds()) {
  test(`${name}: what closed bars say is written by root, nothing that forms, when its seq is flushed`, async (t) => {
    const { cache, mirror, closed, analysed } = rig(t, place(t));
    await until(() => cache.status.state === "ok", "connected");
    const told: { seq: number; keys: string[] }[] = [];
    await cache.subscribe(CHANGED_CHANNEL, (message) => told.push(JSON.parse(message)));
    closed[0] = 60_000;
    analysed([0, 1], 10);
    mirror.flushed(9);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(await valueIn(cache, insightKey("ES")), null);
    assert.deepEqual(mirror.place, { seq: 0, lagEvents: 9 });
    mirror.flushed(10);
    await until(() => told.length === 1, "told");
    const head = { seq: 10, instrument: "ES", asOfMs: 60_000 };
    assert.deepEqual(await valueIn(cache, "rs:insight:ES"), { ...head, parts: { quality: { score: 60 } } });
    const parts = { levels: { levels: [] }, ict: { status: "ready" } };
    assert.deepEqual(await valueIn(cache, "rs:levels:ES"), { ...head, parts });
    assert.deepEqual(await valueIn(cache, "rs:scanner"), { seq: 10, asOfMs: 60_000, rows: [] });
    assert.equal(await valueIn(cache, insightKey("NQ")), null, "no analysis yet: no key");
    assert.deepEqual(told, [{ seq: 10, keys: [insightKey("ES"), levelsKey("ES"), SCANNER_KEY] }]);
    assert.deepEqual(mirror.place, { seq: 10, lagEvents: 0 });
  });

  test(`${name}: roots that close together go a few at a time, and none is forgotten`, async (t) => {
    const { cache, mirror, closed, analysed } = rig(t, place(t));
    await until(() => cache.status.state === "ok", "connected");
    const told: string[][] = [];
    await cache.subscribe(CHANGED_CHANNEL, (message) => told.push(JSON.parse(message).keys));
    closed.fill(60_000);
    analysed([0, 1, 2], 5);
    analysed([2], 6);
    mirror.flushed(6);
    await until(async () => (await valueIn(cache, insightKey("GC"))) !== null, "the last one");
    await until(() => told.length === 2, "told twice");
    assert.deepEqual(
      told.map((keys) => keys.filter((key) => key.startsWith("rs:insight:"))),
      [[insightKey("ES"), insightKey("NQ")], [insightKey("GC")]],
    );
    assert.equal((await valueIn(cache, insightKey("GC")))?.seq, 6);
  });

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

test("a write that breaks off is made again, of all that was in it", async (t) => {
  const cache = createCache({ redisUrl: null, logger: QUIET, wallMs: Date.now });
  const setAll = cache.setAll.bind(cache);
  let tries = 0;
  cache.setAll = (entries, ttlMs) => {
    tries += 1;
    return tries === 1 ? Promise.reject(new CacheAwayError("the line was cut")) : setAll(entries, ttlMs);
  };
  const { mirror, lasts, closed, touch, analysed } = rigOf(t, cache);
  lasts[0] = 5;
  closed[1] = 60_000;
  touch(0, 7);
  analysed([1], 7);
  mirror.flushed(7);
  await until(async () => (await lastIn(cache, "ESZ6"))?.last === 5, "the quote");
  await until(async () => (await valueIn(cache, insightKey("NQ"))) !== null, "the analysis");
  assert.equal((await valueIn(cache, SCANNER_KEY))?.seq, 7);
  assert.ok(tries > 2);
});

test("Redis gone under load and back empty: what changed meanwhile is there, nothing waited", async (t) => {
  const server = await ownRedis(t);
  if (server === null) return t.skip("ABSENT redis-server");
  const { cache, mirror, lasts, closed, touch, analysed } = rig(t, { redisUrl: server.url, prefix: "" });
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
  closed[0] = 60_000;
  analysed([0], seq);
  assert.equal(cache.status.state, "away");
  await server.start();
  await until(async () => (await lastIn(cache, "ESZ6"))?.last === 40, "ES is there again");
  await until(async () => (await lastIn(cache, "NQZ6"))?.last === 40, "NQ too");
  await until(async () => (await valueIn(cache, insightKey("ES"))) !== null, "and what has closed meanwhile");
});

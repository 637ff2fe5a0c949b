/** Does an anchor of VWAP and CVD outlive kill -9, and say what the bars of REST add up to? */
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { AnchorAnswer } from "#lib/wire/anchors.ts";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import type { InsightView } from "#lib/wire/insight.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";

const ENV = { FEED: "simulator:9", FEED_SPEED: "60", FEED_START: "2026-11-17T14:25:00Z", INSTRUMENTS: "ES,GC" };
/** 08:00 CT of the start's date. */
const ANCHOR_MS = Date.parse("2026-11-17T14:00:00Z");

async function post<Answer>(service: DataService, path: string, body: unknown): Promise<[number, Answer]> {
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [response.status, (await response.json()) as Answer]; // safe: the caller names the route's answer
}

type Refusal = { error: { code: string; message: string } };

/** The anchored reading behind its next closed minutes, and the minutes of REST that it stands on. */
async function readingAndBars(service: DataService) {
  let insight = await service.get<InsightView>("/analysis/latest/ES");
  const first = insight.asOfMs ?? 0;
  while (insight.parts === null || (insight.asOfMs ?? 0) <= first) {
    await sleep(50);
    insight = await service.get<InsightView>("/analysis/latest/ES");
  }
  const { asOfMs, parts, anchors } = insight;
  assert.deepEqual(anchors, [ANCHOR_MS]);
  const path = `/bars/ESZ6?interval=1m&limit=50000&from=${ANCHOR_MS}&to=${asOfMs}`;
  return { anchored: parts.anchored, bars: (await service.get<BarsAnswer>(path)).bars };
}

async function assertSaysTheBars(service: DataService): Promise<void> {
  const { anchored, bars } = await readingAndBars(service);
  assert.equal(anchored.length, 1);
  const [{ vwap, cvd }] = anchored;
  assert.ok(vwap.status === "ready" && cvd.status === "ready" && bars.length > 20);
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  const turnover = bars.reduce((sum, bar) => sum + (bar.vwap ?? Number.NaN) * bar.volume, 0);
  const delta = bars.reduce((sum, bar) => sum + bar.delta, 0);
  assert.deepEqual([vwap.n, cvd.volume, vwap.anchorMs], [volume, volume, ANCHOR_MS]);
  assert.ok(Math.abs((vwap.vwap ?? Number.NaN) - turnover / volume) < 1e-6, `${vwap.vwap} ${turnover / volume}`);
  assert.equal(Math.round(cvd.cvd ?? Number.NaN), Math.round(delta));
}

test("an anchor is durable, survives kill -9 and goes when it is removed; bad ones are refused by name", async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  const started: DataService[] = [];
  const start = async (): Promise<DataService> => {
    const service = await startDataService({ dataDir, env: ENV });
    started.push(service);
    return service;
  };
  t.after(async () => {
    for (const service of started) if (service.process.exitCode === null) service.process.kill("SIGKILL");
    await Promise.all(started.map((service) => service.ended));
    remove();
  });
  const first = await start();
  const set = (instrument: string, at_ms: unknown) =>
    post<AnchorAnswer & Refusal>(first, "/actions/set_anchor", { instrument, at_ms });
  const [code, placed] = await set("ES", ANCHOR_MS + 27_000);
  assert.deepEqual([code, placed.status, placed.contract, placed.anchors], [200, "placed", "ESZ6", [ANCHOR_MS]]);
  assert.equal((await set("ESZ26", ANCHOR_MS))[1].status, "no_change");
  for (const [instrument, at, status, pattern] of [
    ["ES", Date.parse("2027-01-01T00:00:00Z"), 422, /^2026-12-31 18:00 CT lies ahead/],
    ["ES", Date.parse("2026-01-02T15:00:00Z"), 422, /^2026-01-02 09:00 CT lies before the first bar of ESZ6/],
    ["NQ", ANCHOR_MS, 422, /NQ/],
    ["NQZ6", ANCHOR_MS, 404, /not followed/],
  ] as const) {
    const [answered, body] = await set(instrument, at);
    assert.equal(answered, status, JSON.stringify(body));
    assert.match(body.error.message, pattern);
  }
  await assertSaysTheBars(first);
  await first.stop("SIGKILL");
  const second = await start();
  await assertSaysTheBars(second);
  await second.stop();
  const third = await start();
  await assertSaysTheBars(third);
  const [, gone] = await post<AnchorAnswer>(third, "/actions/remove_anchor", { instrument: "ES", at_ms: null });
  assert.deepEqual([gone.status, gone.anchors], ["removed", []]);
  const { parts } = await third.get<InsightView>("/analysis/latest/ES");
  assert.deepEqual(parts?.anchored, []);
  await third.stop();
  assert.doesNotMatch(third.said(), /differs from the state/);
});

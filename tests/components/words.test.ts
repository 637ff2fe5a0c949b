/** Do the words on screen say the truth: mode, staleness, parts of a quote, trust? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { LagMeter } from "#components/live/lag-meter.ts";
import { modeWords } from "#components/live/mode-words.ts";
import { changePercentOf, quoteText, rangePositionOf } from "#components/live/quote-parts.ts";
import type { Connection } from "#components/live/stream-client.ts";
import { trustSummary } from "#components/ops/trust-summary.ts";
import type { FeedsReport, Quote } from "#lib/wire/stream.ts";
import { OPS } from "#tests/server/http/fake-house.ts";

const QUOTE: Quote = {
  contract: "ESZ6",
  mode: "SIM",
  last: 6012.5,
  lastSize: 2,
  lastMs: 1,
  bid: 6012.25,
  bidSize: 40,
  ask: 6012.5,
  askSize: 12,
  change: 21.75,
  changeSource: "settlement",
  previousSettlement: 5990.75,
  tradeDate: "2026-11-20",
  open: 5995,
  high: 6022,
  low: 5992,
  volume: 1_284_311,
  delta: -4_180,
  deltaSource: "aggressor",
  vwap: 6007.3125,
  eventMs: 1,
  staleSinceMs: null,
  marketOpen: true,
};

test("the parts of a quote are written by the instrument's tick", () => {
  const texts = (["last", "change", "changePercent", "volume", "delta", "low"] as const).map((part) =>
    quoteText(QUOTE, part, "ES"),
  );
  assert.deepEqual(texts, ["6012.50", "+21.75", "+0.36%", "1,284,311", "-4,180", "5992.00"]);
  assert.equal(quoteText({ ...QUOTE, last: 110.515625 }, "last", "ZN"), "110'165");
});

test("what is not known is a dash, never 0", () => {
  const unknown: Quote = {
    ...QUOTE,
    last: null,
    change: null,
    previousSettlement: null,
    deltaSource: "none",
    delta: 0,
  };
  for (const part of ["last", "change", "changePercent", "previousSettlement", "delta"] as const) {
    assert.equal(quoteText(unknown, part, "ES"), "–", part);
  }
  assert.equal(quoteText({ ...QUOTE, delta: 0 }, "delta", "ES"), "0");
});

test("a share of a settlement at or below zero means nothing", () => {
  assert.equal(changePercentOf({ ...QUOTE, previousSettlement: -37.63, change: 3 }), null);
  assert.equal(changePercentOf({ ...QUOTE, previousSettlement: 0 }), null);
});

test("last stands between low and high; a day of one price has no place", () => {
  assert.equal(rangePositionOf({ ...QUOTE, low: 6000, high: 6025 }), 0.5);
  assert.equal(rangePositionOf({ ...QUOTE, low: 6012.5, high: 6012.5 }), null);
});

test("the badge names mode, seed, speed and staleness", () => {
  const at = {
    mode: "SIM",
    state: "connected",
    feed: "simulator:7",
    message: "",
    speed: 1,
    staleMs: null,
  } as const;
  assert.equal(modeWords(at), "SIM · seed 7");
  assert.equal(modeWords({ ...at, feed: "simulator", message: "Simulated market of seed 7" }), "SIM · seed 7");
  assert.equal(modeWords({ ...at, feed: "simulator" }), "SIM");
  assert.equal(modeWords({ ...at, speed: 10 }), "SIM · seed 7 ×10");
  assert.equal(modeWords({ ...at, mode: "REPLAY", feed: "file", speed: 10 }), "REPLAY ×10");
  assert.equal(modeWords({ ...at, mode: "REPLAY", feed: "file", speed: null }), "REPLAY ×max");
  assert.equal(modeWords({ ...at, mode: "REPLAY", feed: "file", speed: 0 }), "REPLAY · paused");
  assert.equal(modeWords({ ...at, mode: "REPLAY", state: "ended", feed: "file", speed: 0 }), "REPLAY · ended");
  assert.equal(modeWords({ ...at, mode: "LIVE", feed: "massive", staleMs: 12_400 }), "LIVE · STALE 12 s");
});

const OPEN: Connection = {
  status: "open",
  hello: { kind: "hello", epoch: 1, runId: "a", mode: "SIM", nowMs: 0, speed: 1 },
};

function feeds(stale: readonly boolean[], change: Partial<FeedsReport> = {}): FeedsReport {
  const contracts = stale.map((isStale, index) => ({
    contract: `C${index}`,
    root: "ES",
    eventMs: 0,
    delayMs: 0,
    staleSinceMs: isStale ? 1 : null,
    marketOpen: true,
    lateTrades: 0,
    droppedLate: 0,
    duplicates: 0,
  }));
  return {
    feed: "simulator:7",
    mode: "SIM",
    state: "connected",
    message: "",
    speed: 1,
    jump: null,
    rejects: [],
    contracts,
    gaps: [],
    ...change,
  };
}

function trusted(report: FeedsReport) {
  return trustSummary({ connection: OPEN, feeds: report, ops: undefined });
}

test("data are alive only where each open contract is fresh, whatever the feed says", () => {
  assert.equal(trusted(feeds([false, false])).tone, "good");
  assert.deepEqual(trusted(feeds([true, false])), {
    words: "1 stale",
    tone: "caution",
    detail: "STALE: C0",
  });
  assert.equal(trusted(feeds([true, true])).words, "All data stale");
  assert.equal(trusted(feeds([])).words, "No data yet");
  const silent = feeds([false, true]);
  silent.contracts[1].eventMs = null;
  assert.equal(trusted(silent).tone, "good", "a contract that never spoke is not judged");
});

test("what the log refuses is not alive, however fresh the engine thinks it is", () => {
  const parts = [{ name: "log", state: "failed", message: "ENOSPC", progressMs: null, lagMs: null }] as const;
  const summary = trustSummary({ connection: OPEN, feeds: feeds([false]), ops: { ...OPS, parts: [...parts] } });
  assert.deepEqual(summary, { words: "Data not taken", tone: "bad", detail: "log: ENOSPC" });
  assert.equal(trustSummary({ connection: OPEN, feeds: feeds([false]), ops: OPS }).tone, "good");
});

test("a shut market is not stale, and a lost connection is never green", () => {
  const shut = feeds([true]);
  shut.contracts[0].marketOpen = false;
  assert.deepEqual(trusted(shut).words, "Market shut");
  const lost: Connection = { status: "waiting", attempt: 2, retryMs: 500, reason: "closed, code 1006" };
  assert.equal(trustSummary({ connection: lost, feeds: feeds([false]), ops: undefined }).tone, "bad");
  for (const state of ["connecting", "backing-off", "failed", "ended", "paused"] as const) {
    assert.notEqual(trusted(feeds([false], { state })).tone, "good", state);
  }
});

test("the lag meter gives quantiles of the newest samples", () => {
  const meter = new LagMeter();
  assert.equal(meter.quantileMs(0.5), null);
  for (let lagMs = 1; lagMs <= 100; lagMs += 1) meter.add(lagMs);
  assert.equal(meter.quantileMs(0.5), 51);
  assert.equal(meter.quantileMs(0.99), 100);
  for (let turn = 0; turn < 600; turn += 1) meter.add(5);
  assert.equal(meter.quantileMs(0.99), 5);
});

/** Does the simulator keep the feed's contract: start, history, live, jumps, restart, freeze? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { civilDayFrom } from "#lib/civil.ts";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { createRandom } from "#lib/prng.ts";
import { rthOf } from "#lib/session.ts";
import { createMarketModel } from "#lib/simulator/market-model.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND, tradeDate } from "#lib/units.ts";
import type { FeedEvent, FeedResume, FeedSink } from "#server/feeds/feed.ts";
import { createSimulatorFeed } from "#server/feeds/simulator-feed.ts";

const SEED = 7;
const FRESH_SEED = Math.floor(Math.random() * 0xffff_ffff);
const FRIDAY = civilDayFrom(2026, 11, 20);

function newYork(day: number, hour: number, minute: number): number {
  return utcMsFromLocal("America/New_York", day, hour * MS_PER_HOUR + minute * MS_PER_MINUTE);
}

type TestSink = FeedSink & { events: FeedEvent[]; symbols: string[]; ended: Promise<void> };

/** A sink that keeps everything up to the first event that is the end, then is full for good. */
function createSink(isEnd: (event: FeedEvent) => boolean = () => false): TestSink {
  const events: FeedEvent[] = [];
  const symbols: string[] = [];
  const never = new Promise<void>(() => undefined);
  const end = Promise.withResolvers<void>();
  let isFull = false;
  return {
    events,
    symbols,
    ended: end.promise,
    contractNumber(contract: Contract) {
      symbols.push(contractLongSymbol(contract));
      return symbols.length - 1;
    },
    publish(event) {
      if (isFull) return;
      events.push(event);
      isFull = isEnd(event);
      if (isFull) end.resolve();
    },
    drained: () => (isFull ? never : null),
    reject: () => assert.fail("the simulator rejects nothing"),
  };
}

type Options = { roots?: readonly string[]; startMs?: number | null; speed?: number; wallMs?: () => number };

function createFeed({ roots = ["ES"], startMs = null, speed = 0, wallMs = () => newYork(FRIDAY, 15, 0) }: Options) {
  return createSimulatorFeed({ seed: SEED, roots, speed, startMs, wallMs });
}

/** Runs as fast as possible up to the end, and gives the sink. */
async function runUntil(options: Options, isEnd: (event: FeedEvent) => boolean, resume: FeedResume | null = null) {
  await using feed = createFeed({ ...options, speed: Number.POSITIVE_INFINITY });
  const sink = createSink(isEnd);
  // A feed that never comes to its end would wait for ever: the run of the tests ends it.
  void feed.connect(sink, resume);
  await sink.ended;
  await feed[Symbol.asyncDispose]();
  return sink;
}

/** What a log of these events knows. */
function resumeOf(events: readonly FeedEvent[], symbols: readonly string[]): FeedResume {
  const last = new Map<string, number>();
  for (const event of rowsOf(events)) last.set(symbols[event.contract], event.sourceSeq);
  return {
    nowMs: events[events.length - 1].nowMs,
    lastSourceSeq: (contract) => last.get(contractLongSymbol(contract)) ?? -1,
  };
}

function rowsOf(events: readonly FeedEvent[]) {
  return events.filter((event) => event.type === "TradePrinted" || event.type === "QuoteChanged");
}

test("a first start: 20 trade dates of bars, settlements, half an hour of trades and quotes, then live", async (t) => {
  await using feed = createFeed({ roots: DEFAULT_ROOTS });
  const sink = createSink();
  const beforeMs = performance.now();
  await feed.connect(sink, null);
  t.diagnostic(`first start of 16 products: ${(performance.now() - beforeMs).toFixed(0)} ms`);
  await feed[Symbol.asyncDispose]();
  const startMs = newYork(FRIDAY, 9, 25);
  const tapeMs = newYork(FRIDAY, 8, 55);
  assert.equal(feed.clock.nowMs(), startMs);

  const blocks = sink.events.filter((event) => event.type === "HistoryLoaded");
  const es = blocks.filter((event) => sink.symbols[event.contract] === "ESZ26");
  assert.equal(es.length, 21);
  for (const block of blocks) {
    assert.equal(block.nowMs, tapeMs);
    assert.ok(block.bars.openMs[block.bars.count - 1] < tapeMs);
    assert.ok(block.bars.volumeAtPrice.length > 0);
  }
  const firstDay = es[0].bars;
  assert.equal(firstDay.openMs[0], newYork(civilDayFrom(2026, 10, 22), 18, 0));
  assert.equal(es[20].bars.openMs[es[20].bars.count - 1], tapeMs - MS_PER_MINUTE);
  assert.ok(es.every((block, index) => index === 0 || block.bars.openMs[0] > es[index - 1].bars.openMs[0]));

  const settlements = sink.events.filter((event) => event.type === "SettlementPublished");
  const esSettlements = settlements.filter((event) => sink.symbols[event.contract] === "ESZ26");
  assert.equal(esSettlements.length, 20);
  assert.equal(new Set(esSettlements.map((event) => event.tradeDate)).size, 20);
  assert.equal(esSettlements[19].tradeDate, FRIDAY - 1);

  const rows = rowsOf(sink.events);
  assert.ok(rows.length > 10_000);
  for (const row of rows) {
    assert.equal(row.nowMs, row.exchangeMs);
    assert.ok(row.exchangeMs >= tapeMs && row.exchangeMs <= startMs);
  }
  assertOrdered(sink.events);
});

test("the bars of history and the trades behind them go on from each other, and bars need no megabytes", async () => {
  await using feed = createFeed({ roots: DEFAULT_ROOTS });
  const sink = createSink();
  await feed.connect(sink, null);
  await feed[Symbol.asyncDispose]();
  let bytes = 0;
  for (const event of sink.events) {
    if (event.type !== "HistoryLoaded") continue;
    const { bars } = event;
    for (const column of Object.values(bars)) if (typeof column !== "number") bytes += column.byteLength;
  }
  assert.ok(bytes <= 60e6, `${bytes} bytes`);
  const last = sink.events.findLast(
    (event) => event.type === "HistoryLoaded" && sink.symbols[event.contract] === "ESZ26",
  );
  const first = sink.events.find((event) => event.type === "TradePrinted" && sink.symbols[event.contract] === "ESZ26");
  assert.ok(last?.type === "HistoryLoaded" && first?.type === "TradePrinted");
  assert.ok(Math.abs(first.priceTicks - last.bars.closeTicks[last.bars.count - 1]) <= 1);
});

/** nowMs never runs back; sourceSeq of a contract rises strictly over trades and quotes. */
function assertOrdered(events: readonly FeedEvent[]): void {
  const last = new Map<number, number>();
  let nowMs = 0;
  for (const event of events) {
    assert.ok(event.nowMs >= nowMs, `${event.type}: nowMs ${event.nowMs} after ${nowMs}`);
    nowMs = event.nowMs;
    if (event.type !== "TradePrinted" && event.type !== "QuoteChanged") continue;
    assert.ok(event.sourceSeq > (last.get(event.contract) ?? -1), `sourceSeq ${event.sourceSeq}`);
    assert.ok(Number.isSafeInteger(event.sourceSeq));
    last.set(event.contract, event.sourceSeq);
  }
}

test("live it publishes what is due by the virtual clock, no sooner", async () => {
  let wallMs = newYork(FRIDAY, 15, 0);
  await using feed = createFeed({ roots: ["ES", "NQ"], speed: 1, wallMs: () => wallMs });
  const sink = createSink();
  await feed.connect(sink, null);
  const before = sink.events.length;
  wallMs += 2_000;
  await sleep(60);
  const startMs = newYork(FRIDAY, 9, 25);
  const live = rowsOf(sink.events.slice(before));
  assert.ok(live.length > 5);
  for (const row of live) assert.ok(row.exchangeMs > startMs && row.exchangeMs <= startMs + 2_000);
  const nowMs = feed.clock.nowMs();
  assert.ok(nowMs > startMs + 1_900 && nowMs <= startMs + 2_000);
  assert.ok(nowMs >= live[live.length - 1].exchangeMs);
  await feed[Symbol.asyncDispose]();
});

/** Events with the contract's name in place of its number, without the feed's words about itself. */
function marketOf(events: readonly FeedEvent[], symbols: readonly string[]): unknown[] {
  return events
    .filter((event) => event.type !== "FeedStatusChanged" && event.type !== "HistoryLoaded")
    .map((event) =>
      "contract" in event && event.contract !== null ? { ...event, contract: symbols[event.contract] } : event,
    );
}

test("killed anywhere, it goes on with exactly the rest: nothing lost, nothing twice, no history again", async (t) => {
  const random = createRandom(FRESH_SEED);
  t.diagnostic(`seed ${FRESH_SEED}`);
  const options = { roots: ["ES", "MES"], startMs: newYork(FRIDAY, 16, 0) };
  const isEnd = (event: FeedEvent) => event.nowMs > newYork(FRIDAY, 16, 0) + 20 * MS_PER_SECOND;
  const whole = await runUntil(options, isEnd);
  const first = whole.events.findIndex((event) => event.type === "TradePrinted");
  const settlement = whole.events.findIndex(
    (event) => event.type === "SettlementPublished" && event.nowMs > options.startMs,
  );
  assert.ok(settlement > first, "a settlement comes within the run");
  const kills = [first + 1, settlement, settlement + 1, settlement + 2, whole.events.length - 2];
  for (let draw = 0; draw < 4; draw += 1)
    kills.push(first + 1 + Math.floor(random() * (whole.events.length - first - 2)));
  for (const kill of kills) {
    const resume = resumeOf(whole.events.slice(0, kill), whole.symbols);
    const rest = await runUntil(options, isEnd, resume);
    assert.ok(!rest.events.some((event) => event.type === "HistoryLoaded"));
    const expected = marketOf(whole.events.slice(kill), whole.symbols);
    assert.deepEqual(marketOf(rest.events, rest.symbols), expected, `killed after ${kill} of ${whole.events.length}`);
  }
});

test("a root that is new to the run brings its history at the restart, the others do not again", async () => {
  const startMs = newYork(FRIDAY, 9, 25);
  const former = await runUntil({ roots: ["ES"], startMs }, (event) => event.nowMs > startMs + 1_000);
  await using feed = createFeed({ roots: ["ES", "NQ"], startMs });
  const sink = createSink();
  await feed.connect(sink, resumeOf(former.events, former.symbols));
  await feed[Symbol.asyncDispose]();
  const loaded = sink.events
    .filter((event) => event.type === "HistoryLoaded")
    .map((event) => sink.symbols[event.contract]);
  assert.deepEqual(new Set(loaded), new Set(["NQZ26"]));
  assert.equal(loaded.length, 21);
  assertOrdered(sink.events);
});

test("killed before its history was whole, it begins the history again at the same start", async () => {
  const options = { roots: ["ES"] };
  const cut = await runUntil(options, (event) => event.type === "SettlementPublished");
  await using feed = createFeed({ roots: ["ES"], wallMs: () => newYork(FRIDAY + 3, 15, 0) });
  const sink = createSink();
  await feed.connect(sink, resumeOf(cut.events, cut.symbols));
  await feed[Symbol.asyncDispose]();
  assert.equal(sink.events.filter((event) => event.type === "HistoryLoaded").length, 21);
  assert.equal(feed.clock.nowMs(), newYork(FRIDAY, 9, 25));
});

const CLOSED: readonly [title: string, start: number, from: number, to: number, words: RegExp][] = [
  [
    "the daily break",
    newYork(FRIDAY - 1, 16, 58),
    newYork(FRIDAY - 1, 17, 0),
    newYork(FRIDAY - 1, 17, 59),
    /Daily break/,
  ],
  ["the weekend", newYork(FRIDAY, 16, 58), newYork(FRIDAY, 17, 0), newYork(FRIDAY + 2, 17, 59), /Weekend/],
  ["Christmas", newYork(FRIDAY + 34, 13, 40), newYork(FRIDAY + 34, 13, 45), newYork(FRIDAY + 37, 17, 59), /holiday/],
];

for (const [title, startMs, fromMs, toMs, words] of CLOSED) {
  test(`over ${title} the clock jumps to 60 s before the next open, and says so`, async () => {
    const options = { roots: ["ES", "GC", "CL"], startMs };
    const { events } = await runUntil(options, (event) => event.type === "TradePrinted" && event.nowMs > toMs);
    const jumps = events.filter((event) => event.type === "FeedClockJumped");
    assert.equal(jumps.length, 1);
    assert.ok(
      jumps[0].fromMs >= fromMs && jumps[0].fromMs <= fromMs + 61 * MS_PER_SECOND,
      `${jumps[0].fromMs - fromMs}`,
    );
    assert.equal(jumps[0].toMs, toMs);
    assert.equal(jumps[0].nowMs, toMs);
    assert.match(jumps[0].reason, words);
    assert.equal(events[events.length - 1].nowMs, toMs + MS_PER_MINUTE, "the auction opens the session");
    assertOrdered(events);
  });
}

test("a start at night and one in the break load history and go on", async () => {
  for (const startMs of [newYork(FRIDAY, 2, 10), newYork(FRIDAY - 1, 17, 20)]) {
    const sink = await runUntil({ startMs }, (event) => event.type === "TradePrinted" && event.nowMs > startMs);
    assert.equal(sink.events.filter((event) => event.type === "HistoryLoaded").length, 21);
    assertOrdered(sink.events);
    const live = sink.events[sink.events.length - 1];
    assert.ok(live.nowMs < startMs + 2 * MS_PER_HOUR);
  }
});

test("a settlement is sent once a contract and trade date, after RTH, and equals the model's", async () => {
  const startMs = newYork(FRIDAY, 15, 50);
  const { events, symbols } = await runUntil(
    { roots: ["ES", "MES"], startMs },
    (event) => event.nowMs > newYork(FRIDAY, 16, 10),
  );
  const settlements = events.filter((event) => event.type === "SettlementPublished" && event.tradeDate === FRIDAY);
  assert.deepEqual(
    settlements.map((event) => event.type === "SettlementPublished" && symbols[event.contract]),
    ["ESZ26", "MESZ26"],
  );
  const closeMs = rthOf("ES", tradeDate(FRIDAY))?.closeMs ?? 0;
  const { contract } = createMarketModel({ seed: SEED, roots: ["ES"] }).contractsOn(tradeDate(FRIDAY))[0];
  for (const event of settlements) {
    assert.ok(event.type === "SettlementPublished");
    assert.ok(event.exchangeMs > closeMs && event.exchangeMs < closeMs + 10_000);
    assert.equal(
      event.settlementTicks,
      createMarketModel({ seed: SEED, roots: ["ES"] }).settlement(contract, tradeDate(FRIDAY)),
    );
  }
});

test("frozen it publishes nothing while the clock runs; thawed it names the gap and can fill it", async () => {
  let wallMs = newYork(FRIDAY, 15, 0);
  await using feed = createFeed({ speed: 1, wallMs: () => wallMs });
  const sink = createSink();
  await feed.connect(sink, null);
  feed.freeze();
  const before = sink.events.length;
  const frozenMs = feed.clock.nowMs();
  wallMs += 7_000;
  await sleep(40);
  assert.equal(sink.events.length, before);
  assert.ok(feed.clock.nowMs() >= frozenMs + 7_000);
  const states = sink.events.filter((event) => event.type === "FeedStatusChanged").map((event) => event.state);
  assert.equal(states[states.length - 1], "connected");

  feed.thaw();
  wallMs += 2_000;
  await sleep(40);
  const after = sink.events.slice(before);
  const gap = after[0];
  assert.ok(gap.type === "FeedGapFound" && gap.toMs !== null);
  assert.deepEqual([gap.fromMs, gap.toMs], [frozenMs, frozenMs + 7_000]);
  const rows = rowsOf(after);
  assert.ok(rows.length > 0 && rows.every((row) => row.exchangeMs > frozenMs + 7_000));

  const contract = { root: "ES", year: 2026, month: 12 };
  assert.equal(await feed.backfill({ contract, fromMs: gap.fromMs, toMs: gap.toMs }), true);
  const filled = sink.events[sink.events.length - 1];
  assert.ok(filled.type === "GapFilled");
  assert.ok(filled.trades.count > 0);
  for (let row = 0; row < filled.trades.count; row += 1) {
    assert.ok(filled.trades.exchangeMs[row] >= gap.fromMs && filled.trades.exchangeMs[row] < gap.toMs);
  }
  assert.equal(
    await feed.backfill({ contract: { ...contract, root: "NQ" }, fromMs: gap.fromMs, toMs: gap.toMs }),
    false,
  );
  await feed[Symbol.asyncDispose]();
});

test("more roots can be followed later; those that it does not know come back by name", async () => {
  const startMs = newYork(FRIDAY, 9, 25);
  let wallMs = newYork(FRIDAY, 15, 0);
  await using feed = createFeed({ startMs, speed: 1, wallMs: () => wallMs });
  const sink = createSink();
  await feed.connect(sink, null);
  assert.deepEqual(await feed.subscribe(["ES", "XX", "NQ"]), ["XX"]);
  wallMs += 3_000;
  await sleep(60);
  await feed[Symbol.asyncDispose]();
  const nq = sink.symbols.indexOf("NQZ26");
  const ofNq = sink.events.filter((event) => "contract" in event && event.contract === nq);
  assert.equal(ofNq.filter((event) => event.type === "HistoryLoaded").length, 21);
  assert.ok(ofNq.some((event) => event.type === "QuoteChanged"));
  assertOrdered(sink.events);
});

test("a full sink is waited for, and a feed that is disposed of stops", async () => {
  const sink = createSink((event) => event.type === "TradePrinted");
  await using feed = createFeed({ speed: Number.POSITIVE_INFINITY });
  void feed.connect(sink, null);
  await sink.ended;
  await sleep(20);
  await feed[Symbol.asyncDispose]();
  assert.equal(sink.events[sink.events.length - 1].type, "TradePrinted");
});

test("runs of another seed have another identity", () => {
  const [a, b] = [1, 2].map((seed) =>
    createSimulatorFeed({ seed, roots: ["ES"], speed: 1, startMs: null, wallMs: () => 0 }),
  );
  assert.notEqual(a.identity, b.identity);
  assert.deepEqual([a.mode, a.name, a.seed], ["SIM", "simulator", 1]);
});

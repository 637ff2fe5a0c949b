/** Does the real ES hour survive the vendor's way of sending it, with everything that goes wrong on the way? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BarSeries, DELTA_SOURCE, rowCount } from "#lib/bars/bar-series.ts";
import { quoteOf } from "#server/live-view.ts";
import { foldBars, type OracleTrade, readEsHour } from "#tests/support/es-oracle.ts";
import { HOUR_FILES, HOUR_OPEN_MS, hourData, hourFrames, type TimedFrame } from "#tests/support/massive-hour.ts";
import { KEY, type MassiveRig, massiveRig } from "#tests/support/massive-rig.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import { assertSameRows } from "#tests/support/same-rows.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const TICKS = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const NEEDS = needsSharedData(TICKS, ...HOUR_FILES);
const END_MS = HOUR_OPEN_MS + 3_600_000;

function oracleTrades(): OracleTrade[] {
  const file = sharedData(TICKS);
  if (file === null) throw new Error(`${TICKS} is missing`);
  return readEsHour(file);
}

/** Rows as text that the file's own bars are compared with. */
function rowsOf(series: BarSeries): string[] {
  return Array.from({ length: rowCount(series) }, (_, row) =>
    [
      new Date(series.openMs[row]).toISOString(),
      ...[series.openTicks, series.highTicks, series.lowTicks, series.closeTicks].map((column) => column[row] / 4),
      series.volume[row],
      series.trades[row],
    ].join(" "),
  );
}

function oracleRows(minutes: number): string[] {
  return foldBars(oracleTrades(), minutes).map((bar) =>
    [new Date(bar.openMs).toISOString(), bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades].join(" "),
  );
}

type Fault = { atMs: number; begin(): void };

/** Sends the frames second by second; time stands while a second's frames are read. */
async function play(rig: MassiveRig, server: MassiveServer, frames: readonly TimedFrame[], faults: readonly Fault[]) {
  const waiting = [...faults].sort((a, b) => a.atMs - b.atMs);
  for (let second = HOUR_OPEN_MS; second <= END_MS + 1_000; second += 1_000) {
    const own = frames.filter(({ ms }) => ms >= second - 1_000 && ms < second);
    rig.moveTo(second);
    while (waiting.length > 0 && waiting[0].atMs <= second) waiting.shift()?.begin();
    let due = rig.feed.controls.report().frames;
    for (const frame of own) due += server.send(frame.messages);
    // A socket that was just cut loses what was sent: then a few turns are enough.
    await rig.settle(() => rig.feed.controls.report().frames >= due, 20);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function started(server: MassiveServer): Promise<MassiveRig> {
  const rig = massiveRig(server, { startMs: HOUR_OPEN_MS - 30_000 });
  await rig.connect();
  assert.ok(await rig.settle(() => rig.states().includes("connected")), rig.states().join());
  return rig;
}

/** The crossed book in which the opening auction printed, as the file's first row has it. */
function auctionQuote(): { ev: string; sym: string } & Record<string, unknown> {
  const [{ bid, bidSize, ask, askSize }] = oracleTrades();
  assert.ok(bid >= ask);
  return { ev: "Q", sym: "ESH4", bp: bid, bs: bidSize, ap: ask, as: askSize, t: HOUR_OPEN_MS - 20_000 };
}

test("the undisturbed hour makes the file's bars, and the quote rule its CVD of +796", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData() });
  const rig = await started(server);
  await using _ = rig.feed;
  server.send([auctionQuote()]);
  await play(rig, server, hourFrames(), []);
  const contract = rig.run.engine.state.contracts[0];
  assertSameRows(rowsOf(contract.series[1]), oracleRows(1));
  assertSameRows(rowsOf(contract.series[2]), oracleRows(5));
  const day = contract.series[5];
  const today = rowCount(day) - 1;
  assert.deepEqual([day.volume[today], day.buyVolume[today], day.sellVolume[today]], [9_892, 5_322, 4_526]);
  const { delta, deltaSource } = quoteOf(rig.run.engine.state, contract);
  assert.deepEqual([delta, deltaSource], [796, "quote"]);
  assert.deepEqual(rig.rejects, []);
  assert.equal(contract.superseded, 0, "vendor bars over own trades are left out");
});

test(
  "on a plan of bars alone the hour makes the same bars; the volume has no side, the delta is an estimate",
  NEEDS,
  async () => {
    await using server = await MassiveServer.start({ key: KEY, data: hourData(), hasTrades: false });
    const rig = await started(server);
    await using _ = rig.feed;
    await play(rig, server, hourFrames(), []);
    assert.ok(await rig.until(() => rig.run.engine.state.gaps.length === 0, 20), "no gap is left");
    const contract = rig.run.engine.state.contracts[0];
    assertSameRows(rowsOf(contract.series[1]), oracleRows(1));
    assertSameRows(rowsOf(contract.series[2]), oracleRows(5));
    const day = contract.series[5];
    const today = rowCount(day) - 1;
    assert.deepEqual([day.volume[today], day.buyVolume[today], day.sellVolume[today]], [9_892, 0, 0]);
    const { delta, deltaSource } = quoteOf(rig.run.engine.state, contract);
    assert.deepEqual([delta, deltaSource], [estimateOfMinutes(), "estimate"]);
    assert.deepEqual(rig.rejects, []);
  },
);

/** The measured rule over the file's own minutes, added up, in whole contracts: 638 where the truth is 796. */
function estimateOfMinutes(): number {
  let [former, sum] = [Number.NaN, 0];
  for (const { open, high, low, close, volume } of foldBars(oracleTrades(), 1)) {
    const from = Number.isNaN(former) ? open : former;
    const range = Math.max(high, from) - Math.min(low, from);
    sum += range === 0 ? 0 : (volume * (close - from) * Math.min(1, 1.5 / volume ** 0.25)) / range;
    former = close;
  }
  return Math.round(sum);
}

test("disconnects, duplicates, reordering and a frozen stretch leave no mark on the bars", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData(), pageRows: 37 });
  const rig = await started(server);
  await using _ = rig.feed;
  const minute = (count: number): number => HOUR_OPEN_MS + count * 60_000;
  const frames = disorder(hourFrames());
  const frozenMs = minute(30) + 15_300;
  const set = (state: { isDown?: boolean; isFrozen?: boolean }): void => void Object.assign(server, state);
  await play(rig, server, frames, [
    { atMs: minute(5) + 20_000, begin: () => server.disconnect() },
    { atMs: minute(5) + 20_000, begin: () => set({ isDown: true }) },
    { atMs: minute(7) + 5_000, begin: () => set({ isDown: false }) },
    { atMs: minute(15) + 40_000, begin: () => server.disconnect(1011, "slow consumer") },
    { atMs: frozenMs, begin: () => set({ isFrozen: true }) },
    { atMs: frozenMs + 110_000, begin: () => set({ isFrozen: false }) },
  ]);
  assert.ok(await rig.until(() => rig.run.engine.state.gaps.length === 0, 20), "no gap is left");
  const contract = rig.run.engine.state.contracts[0];
  assertSameRows(rowsOf(contract.series[1]), oracleRows(1));
  assertSameRows(rowsOf(contract.series[2]), oracleRows(5));
  assertStale(rig, frozenMs);
  assertSides(rig, minute(5) + 20_000);
  assert.ok(contract.duplicates > 300, `${contract.duplicates} came twice`);
  assert.ok(rig.events.filter(({ type }) => type === "GapFilled").length >= 3);
  assert.ok(rig.states().filter((state) => state === "backing-off").length >= 3, rig.states().join());
});

/** Every 5th frame comes twice; in every 3rd quotes come before trades; of every 7th they come with the next frame. */
function disorder(frames: readonly TimedFrame[]): TimedFrame[] {
  let late: TimedFrame["messages"] = [];
  return frames.flatMap((frame, at) => {
    const isLate = at % 7 === 0;
    const own = isLate ? frame.messages.filter(({ ev }) => ev !== "Q") : frame.messages;
    const sorted = at % 3 === 0 ? own.toSorted((a, b) => a.ev.localeCompare(b.ev)) : own;
    const disordered = { ms: frame.ms, messages: [...late, ...sorted] };
    late = isLate ? frame.messages.filter(({ ev }) => ev === "Q") : [];
    return at % 5 === 0 ? [disordered, disordered] : [disordered];
  });
}

/** Frozen while the status says connected: STALE within its bound of 60 s (outside RTH, no baseline), then alive. */
function assertStale(rig: MassiveRig, frozenMs: number): void {
  const changes = rig.outputs.filter((output) => output.type === "StaleChanged");
  const stale = changes.find(({ sinceMs, atMs }) => sinceMs !== null && atMs >= frozenMs);
  assert.ok(stale !== undefined, "it was said");
  assert.ok(stale.atMs <= frozenMs + 60_000, `at ${stale.atMs - frozenMs} ms`);
  assert.ok(
    changes.some(({ sinceMs, atMs }) => sinceMs === null && atMs > stale.atMs),
    "and taken back",
  );
}

/** By the prices alone, over the file's trades from a moment on: what is bought and sold in one minute. */
function tickRuleMinute(fromMs: number, minuteMs: number): { bought: number; sold: number } {
  const sums = { bought: 0, sold: 0 };
  let last: number | null = null;
  let side: "bought" | "sold" | null = null;
  for (const { ms, price, size } of oracleTrades()) {
    if (ms < fromMs) continue;
    if (last !== null && price !== last) side = price > last ? "bought" : "sold";
    last = price;
    if (side !== null && ms >= minuteMs && ms < minuteMs + 60_000) sums[side] += size;
  }
  return sums;
}

/** Live trades by the quote rule; the quotes of a gap are lost, its trades go by the tick rule, and it is said. */
function assertSides(rig: MassiveRig, lostFromMs: number): void {
  const { state } = rig.run.engine;
  const [contract] = state.contracts;
  const [, minutes, , , , day] = contract.series;
  const rowOf = (minute: number) => minutes.openMs.indexOf(HOUR_OPEN_MS + minute * 60_000);
  const row = rowCount(day) - 1;
  const unsigned = day.volume[row] - day.buyVolume[row] - day.sellVolume[row];
  assert.equal(day.volume[row], 9_892);
  assert.ok(unsigned < 100, `${unsigned} unsigned: what began each gap, before its first change of price`);
  const whole = rowOf(3);
  assert.equal(minutes.buyVolume[whole] + minutes.sellVolume[whole], minutes.volume[whole], "a minute that came live");
  const lost = rowOf(6);
  assert.equal(minutes.deltaSource[lost], DELTA_SOURCE.tick, "a minute that came over REST alone");
  const { bought, sold } = tickRuleMinute(lostFromMs, minutes.openMs[lost]);
  assert.deepEqual([minutes.buyVolume[lost], minutes.sellVolume[lost]], [bought, sold]);
  assert.ok(bought + sold > 0);
  const { delta, deltaSource } = quoteOf(state, contract);
  assert.deepEqual([delta, deltaSource], [day.buyVolume[row] - day.sellVolume[row], "tick"], "the worst names the day");
}

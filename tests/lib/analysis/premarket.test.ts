/** Does the pre-market score compare like with like, use the calendar, and leave out what it does not know? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addPremarketBar,
  createPremarket,
  type Premarket,
  type PremarketInput,
  type PremarketState,
  premarketOf,
} from "#lib/analysis/premarket.ts";
import { focusListOf, type PartId, type ScorePart, scaled, scoreOf } from "#lib/analysis/premarket-score.ts";
import {
  addRelativeVolumeBar,
  createRelativeVolume,
  type RelativeVolumeState,
  relativeVolumeOf,
} from "#lib/analysis/relative-volume.ts";
import { addVolatilityBar, createVolatility, type VolatilityState, volatilityOf } from "#lib/analysis/volatility.ts";
import { parseEventCalendar } from "#lib/event-calendar.ts";
import { walkBars } from "#tests/support/placed-bars.ts";
import { assertNoLookAhead, assertRestores, type Driven, published, snapshotBytes } from "#tests/support/publishing.ts";

const FIVE = 300_000;
const HALF_HOUR = 1_800_000;

type State = { premarket: PremarketState; volume: RelativeVolumeState; volatility: VolatilityState };

function module(given: Partial<PremarketInput> = {}): Driven<State, AnalysisBar, Premarket> {
  return {
    create: () => ({
      premarket: createPremarket({ root: "ES" }),
      volume: createRelativeVolume(FIVE),
      volatility: createVolatility({ intervalMs: FIVE }),
    }),
    add: ({ premarket, volume, volatility }, bar) => {
      addPremarketBar(premarket, bar);
      addRelativeVolumeBar(volume, bar);
      addVolatilityBar(volatility, bar);
    },
    read: ({ premarket, volume, volatility }) => {
      const others = { relativeVolume: relativeVolumeOf(volume), volatility: volatilityOf(volatility) };
      return premarketOf(premarket, { ...others, settlementTicks: null, events: null, ...given });
    },
  };
}

function after(bars: readonly AnalysisBar[], given: Partial<PremarketInput> = {}): Premarket {
  const { create, add, read } = module(given);
  const state = create();
  for (const bar of bars) add(state, bar);
  return read(state);
}

/** A market whose every bar at a clock time has the same range and volume: wild and busy from 08:30 to 15:00 CT. */
function regularDates(
  from: string,
  dates: number,
  shape: (bar: AnalysisBar) => { range: number; volume: number },
): AnalysisBar[] {
  return walkBars(1, { from, dates, intervalMs: FIVE }).map((bar) => {
    const { range, volume } = shape(bar);
    const prices = {
      openTicks: 20_000,
      highTicks: 20_000 + range / 2,
      lowTicks: 20_000 - range / 2,
      closeTicks: 20_000,
    };
    return { ...bar, ...prices, volume };
  });
}

const isRth = (bar: AnalysisBar): boolean => bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs;
const usual = (bar: AnalysisBar) => ({ range: isRth(bar) ? 40 : 8, volume: isRth(bar) ? 5_000 : 300 });

function known(part: ScorePart): Extract<ScorePart, { status: "known" }> {
  assert.ok(part.status === "known", JSON.stringify(part));
  return part;
}

test("I-18 NATR and RVOL are compared with the same clock time, so a usual day scores 50 at any hour", () => {
  const bars = regularDates("2026-10-05", 12, usual);
  const last = bars.at(-1)?.tradeDate;
  for (const minutes of [2 * 60, 9 * 60, 15 * 60 + 35, 15 * 60 + 45, 20 * 60]) {
    const until = bars.filter((bar) => bar.tradeDate !== last || bar.endMs <= bar.sessionOpenMs + minutes * 60_000);
    const { parts, n } = after(until);
    assert.equal(n, 11);
    assert.ok(Math.abs(known(parts.natr).value - 1) < 0.02, `${minutes}: NATR ${known(parts.natr).value}`);
    assert.equal(known(parts.rvol).value, 1, `${minutes} minutes in`);
    assert.equal(known(parts.rvol).points, 50);
  }
});

test("I-18 a date of twice the usual range and volume reads 2", () => {
  const bars = regularDates("2026-10-05", 12, usual);
  const last = bars.at(-1)?.tradeDate;
  const doubled = bars.map((bar) => {
    if (bar.tradeDate !== last) return bar;
    const range = 2 * (bar.highTicks - bar.lowTicks);
    return { ...bar, volume: 2 * bar.volume, highTicks: 20_000 + range / 2, lowTicks: 20_000 - range / 2 };
  });
  const { parts } = after(doubled.filter((bar) => bar.endMs <= bar.sessionOpenMs + 20 * 60 * 60_000));
  assert.ok(Math.abs(known(parts.natr).value - 2) < 0.02);
  assert.equal(known(parts.rvol).value, 2);
});

test("I-18 the gap is RTH open less prior RTH close, and beside it less settlement", () => {
  const bars = regularDates("2026-11-16", 2, usual);
  const last = bars.at(-1)?.tradeDate;
  const shifted = bars.map((bar) => {
    if (bar.tradeDate !== last) return bar;
    const closeTicks = bar.openMs > bar.rthOpenMs ? 20_200 : 20_160;
    return { ...bar, openTicks: 20_160, highTicks: 20_210, lowTicks: 20_150, closeTicks };
  });
  const at = (clock: string): Premarket =>
    after(
      shifted.filter(({ endMs }) => endMs <= Date.parse(`2026-11-17T${clock}:00Z`)),
      { settlementTicks: 19_990.5 },
    );
  const gap = { fromRthCloseTicks: 160, fromSettlementTicks: 169.5, percent: 0.8 };
  assert.deepEqual(at("14:30").gap, { status: "indicated", ...gap });
  assert.deepEqual(at("14:35").gap, { status: "open", ...gap });
  // Later prices do not move it.
  assert.deepEqual(at("20:00").gap, { status: "open", ...gap });
  assert.match(at("20:00").reasons.join("; "), /gap 0\.80 % from RTH close/);
  // Before any RTH was seen there is none.
  assert.equal(after(shifted.slice(0, 50)).gap.status, "unknown");
});

test("I-19 events of the calendar make the catalyst; without a file its weight is shared out", () => {
  const bars = regularDates("2026-10-05", 12, usual);
  const date = new Date((bars.at(-1)?.tradeDate ?? 0) * 86_400_000).toISOString().slice(0, 10);
  const events = parseEventCalendar({
    events: [
      { name: "CPI", date, time: "08:30" },
      { name: "Claims", date, time: "08:30" },
      { name: "EIA Crude", date, time: "10:30" },
      { name: "FOMC", date: "2026-01-28", time: "14:00" },
    ],
  });
  assert.ok(Array.isArray(events));
  const { parts, events: todays } = after(bars, { events });
  assert.deepEqual(
    todays.map(({ name }) => name),
    ["CPI", "Claims"],
  );
  assert.equal(known(parts.catalyst).points, 100);
  const claims = after(bars, { events: events.filter(({ name }) => name === "Claims") });
  assert.equal(known(claims.parts.catalyst).points, 66);
  assert.equal(known(after(bars, { events: [] }).parts.catalyst).points, 0);
  const none = after(bars);
  assert.equal(none.parts.catalyst.status, "unknown");
  assert.match(none.reasons.join("; "), /left out: no event calendar/);
  assert.ok(none.status === "ready");
});

test("all parts at their best make 100: no weight is lost", () => {
  const best: ScorePart = { status: "known", value: 9, points: 100, words: "" };
  const parts = { natr: best, rvol: best, gap: best, catalyst: best, momentum: best };
  assert.equal(scoreOf(parts).score, 100);
  const unknown: ScorePart = { status: "unknown", reason: "no event calendar" };
  assert.equal(scoreOf({ ...parts, catalyst: unknown }).score, 100);
});

test("worked by hand: 75, 50, 0, unknown and 100 make 56.25", () => {
  const part = (points: number): ScorePart => ({ status: "known", value: 0, points, words: "" });
  const parts: Record<PartId, ScorePart> = {
    natr: part(75),
    rvol: part(50),
    gap: part(0),
    catalyst: { status: "unknown", reason: "" },
    momentum: part(100),
  };
  assert.deepEqual([scoreOf(parts).score, scoreOf(parts).knownWeight], [56.25, 80]);
  assert.deepEqual(
    [scaled("natr", 1.5), scaled("natr", 0.4), scaled("rvol", 9), scaled("gap", 0.15)],
    [75, 0, 100, 25],
  );
});

test("the focus list is the three best of 40 or more, and says why it is empty", () => {
  const scores = [
    { symbol: "ES", score: 55 },
    { symbol: "NQ", score: 71 },
    { symbol: "GC", score: 40 },
    { symbol: "CL", score: 55 },
    { symbol: "SI", score: null },
  ];
  assert.deepEqual(focusListOf(scores).symbols, ["NQ", "CL", "ES"]);
  assert.deepEqual(focusListOf([{ symbol: "GC", score: 39.9 }]), {
    symbols: [],
    reason: "best is GC with 39; focus needs 40",
  });
});

test("a micro and its mini are one market of the focus list: the better stands for it, the mini at equal scores", () => {
  const scores = [
    { symbol: "MNQ", score: 60 },
    { symbol: "NQ", score: 60 },
    { symbol: "MCL", score: 81 },
    { symbol: "CL", score: 80 },
    { symbol: "ES", score: 30 },
    { symbol: "MES", score: 41 },
    { symbol: "GC", score: 40 },
  ];
  assert.deepEqual(focusListOf(scores).symbols, ["MCL", "NQ", "MES"]);
});

test("a price of zero or less gives no NATR and no gap in %, not nonsense", () => {
  const bars = regularDates("2026-11-16", 3, usual).map((bar) => ({
    ...bar,
    openTicks: bar.openTicks - 23_763,
    highTicks: bar.highTicks - 23_763,
    lowTicks: bar.lowTicks - 23_763,
    closeTicks: bar.closeTicks - 23_763,
  }));
  const { parts, gap, status } = after(bars);
  assert.deepEqual([parts.natr.status, parts.gap.status, status], ["unknown", "unknown", "warming"]);
  assert.ok(gap.status !== "unknown" && gap.percent === null);
});

const WALK = walkBars(41, { from: "2026-11-02", dates: 8, intervalMs: HALF_HOUR });

test("cutting the bars at any point gives the same score up to there", () => {
  assertNoLookAhead((bars) => published(module(), bars), WALK);
});

test("a restored state goes on alike, and is small", () => {
  assertRestores(module(), WALK, 53);
  const state = createPremarket({ root: "ES" });
  for (const bar of WALK) addPremarketBar(state, bar);
  assert.ok(snapshotBytes(state) < 1_500, `${snapshotBytes(state)} bytes`);
});

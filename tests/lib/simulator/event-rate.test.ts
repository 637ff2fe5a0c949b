/** How many trades and quotes does the simulated market make in one second? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayFrom } from "#lib/civil.ts";
import { rthOf } from "#lib/session.ts";
import { tradesPerMinuteMax } from "#lib/simulator/contract-day.ts";
import { createMarketModel, type MarketModel } from "#lib/simulator/market-model.ts";
import { DEFAULT_ROOTS, flowProfile } from "#lib/simulator/product-profile.ts";
import { MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";
import { FIXED_SEED, FRESH_SEED, fullDates, mean, SAMPLE_DATE } from "./sample.ts";

const EVENTS_PER_SECOND_MAX = 2_000;

/** Events of all contracts in each second of the minutes [from, to) of a date. */
function perSecond(model: MarketModel, date: TradeDate, from: number, to: number): number[] {
  const counts = new Array<number>((to - from) * 60).fill(0);
  for (const { contract } of model.contractsOn(date)) {
    const { openMs } = model.grid(contract.root, date);
    for (let minute = from; minute < to; minute += 1) {
      const tape = model.minuteTape(contract, date, minute);
      for (let row = 0; row < tape.count; row += 1)
        counts[Math.floor((tape.exchangeMs[row] - openMs[from]) / 1000)] += 1;
    }
  }
  return counts;
}

/** The three busiest minutes of ES by trades over 20 sessions: the open, a news spike. */
function busiestMinutes(model: MarketModel): { date: TradeDate; minute: number }[] {
  const minutes: { date: TradeDate; minute: number; trades: number }[] = [];
  for (const date of fullDates("ES", SAMPLE_DATE, 20)) {
    const { contract } = model.contractsOn(date, "ES")[0];
    const bars = model.sessionBars(contract, date, 0, 1380);
    const { openMs } = model.grid("ES", date);
    for (let row = 0; row < bars.count; row += 1) {
      minutes.push({
        date,
        minute: Math.round((bars.openMs[row] - openMs[0]) / MS_PER_MINUTE),
        trades: bars.trades[row],
      });
    }
  }
  return minutes.sort((a, b) => b.trades - a.trades).slice(0, 3);
}

for (const seed of [FIXED_SEED, FRESH_SEED]) {
  test(`at most 2,000 events a second, in the busiest minutes of 20 sessions too (seed ${seed})`, (t) => {
    const model = createMarketModel({ seed, roots: DEFAULT_ROOTS });
    const peaks = busiestMinutes(model).map(({ date, minute }) =>
      Math.max(...perSecond(model, date, minute, minute + 1)),
    );
    t.diagnostic(`peak ${Math.max(...peaks)} events/s`);
    assert.ok(Math.max(...peaks) <= EVENTS_PER_SECOND_MAX, `${peaks}`);
    assert.ok(Math.max(...peaks) > 200, `a busy second is busy: ${peaks}`);
  });

  test(`a hundred to a few hundred events a second in RTH, few overnight (seed ${seed})`, (t) => {
    const model = createMarketModel({ seed, roots: DEFAULT_ROOTS });
    const rth = rthOf("ES", SAMPLE_DATE);
    assert.ok(rth);
    const open = model.grid("ES", SAMPLE_DATE).openMs.indexOf(rth.openMs);
    const day = [0, 60, 120, 180, 240, 300, 360].map((after) =>
      perSecond(model, SAMPLE_DATE, open + after, open + after + 5),
    );
    const night = [300, 420, 480].map((minute) => perSecond(model, SAMPLE_DATE, minute, minute + 5));
    t.diagnostic(`RTH ${mean(day.flat()).toFixed(0)}/s, overnight ${mean(night.flat()).toFixed(0)}/s`);
    assert.ok(mean(day.flat()) > 50 && mean(day.flat()) < 800);
    assert.ok(mean(night.flat()) < mean(day.flat()) / 3);
    for (const second of [...day.flat(), ...night.flat()]) assert.ok(second <= EVENTS_PER_SECOND_MAX);
  });
}

test("two expiries around a roll share the bound", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: DEFAULT_ROOTS });
  const crossing = tradeDate(civilDayFrom(2026, 12, 11));
  assert.ok(model.contractsOn(crossing).length > DEFAULT_ROOTS.length);
  assert.ok(Math.max(...perSecond(model, crossing, 930, 932)) <= EVENTS_PER_SECOND_MAX);
});

test("the products' own bounds sum to 2,000, and a minute's trades leave room below them", () => {
  const bounds = DEFAULT_ROOTS.map((root) => flowProfile(root));
  assert.equal(
    bounds.reduce((sum, profile) => sum + profile.eventsPerSecondMax, 0),
    EVENTS_PER_SECOND_MAX,
  );
  // The pace of a minute is at most 1.6 ÷ (1.6 + 11 × 0.6) of its trades in 5 s.
  for (const profile of bounds) {
    const tradesPerSecond = (tradesPerMinuteMax(profile) * (1.6 / 8.2)) / 5;
    assert.ok(tradesPerSecond <= profile.eventsPerSecondMax * 0.36);
  }
});

test("a quiet minute still shows its book: no silence longer than 2.1 s in RTH, 8.1 s outside", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: DEFAULT_ROOTS });
  for (const root of DEFAULT_ROOTS) {
    const { contract } = model.contractsOn(SAMPLE_DATE, root)[0];
    const { openMs, count } = model.grid(root, SAMPLE_DATE);
    const rth = rthOf(root, SAMPLE_DATE);
    assert.ok(rth);
    let before = openMs[0];
    for (let minute = 0; minute < count; minute += 7) {
      const tape = model.minuteTape(contract, SAMPLE_DATE, minute);
      const boundMs = openMs[minute] >= rth.openMs && openMs[minute] < rth.closeMs ? 2_100 : 8_100;
      before = openMs[minute];
      for (let row = 0; row <= tape.count; row += 1) {
        const ms = row < tape.count ? tape.exchangeMs[row] : openMs[minute] + MS_PER_MINUTE;
        assert.ok(ms - before <= boundMs, `${root} minute ${minute}: silent for ${ms - before} ms`);
        before = ms;
      }
    }
  }
});

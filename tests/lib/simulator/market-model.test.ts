/** Is the simulated market a function of (seed, trade date, minute), and do its tape and bars agree? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { civilDayFrom } from "#lib/civil.ts";
import type { Contract } from "#lib/contract.ts";
import { AGGRESSOR } from "#lib/events/market.ts";
import { INSTRUMENTS, instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { previousTradeDate, rthOf } from "#lib/session.ts";
import { createMarketModel, type MarketModel } from "#lib/simulator/market-model.ts";
import type { MinuteBar } from "#lib/simulator/minute-fold.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import type { MinuteTape } from "#lib/simulator/tape-writer.ts";
import { MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";
import { FIXED_SEED, FRESH_SEED, frontBars, SAMPLE_DATE } from "./sample.ts";

const ALL_ROOTS = INSTRUMENTS.map((entry) => entry.root);
/** Ordinary dates, the MLK date with a holiday's segment, early closes, a roll, and years without an end in sight. */
const DATES = [
  [2026, 11, 20],
  [2026, 1, 20],
  [2026, 11, 27],
  [2026, 12, 11],
  [2020, 6, 12],
  [2015, 3, 10],
  [2034, 8, 16],
].map(([year, month, day]) => tradeDate(civilDayFrom(year, month, day)));

/** The bar that a tape's trades make, computed from the rows alone. */
function foldTape(tape: MinuteTape, openMs: number): MinuteBar | null {
  const rows = new Map<number, number>();
  const bar = { openTicks: 0, highTicks: -Infinity, lowTicks: Infinity, closeTicks: 0, trades: 0 };
  const volumes = [0, 0, 0];
  let priceVolume = 0;
  for (let row = 0; row < tape.count; row += 1) {
    if (tape.isTrade[row] === 0) continue;
    const price = tape.priceTicks[row];
    if (bar.trades === 0) bar.openTicks = price;
    bar.highTicks = Math.max(bar.highTicks, price);
    bar.lowTicks = Math.min(bar.lowTicks, price);
    bar.closeTicks = price;
    bar.trades += 1;
    volumes[tape.aggressor[row]] += tape.size[row];
    priceVolume += price * tape.size[row];
    rows.set(price, (rows.get(price) ?? 0) + tape.size[row]);
  }
  if (bar.trades === 0) return null;
  const volume = volumes[0] + volumes[1] + volumes[2];
  const volumeAtPrice = Array.from(
    { length: bar.highTicks - bar.lowTicks + 1 },
    (_, index) => rows.get(bar.lowTicks + index) ?? 0,
  );
  return {
    openMs,
    ...bar,
    volume,
    buyVolume: volumes[AGGRESSOR.buy],
    sellVolume: volumes[AGGRESSOR.sell],
    unsignedVolume: volumes[AGGRESSOR.none],
    vwapTicks: priceVolume / volume,
    volumeAtPrice,
  };
}

function assertSoundTape(tape: MinuteTape, openMs: number): void {
  let before = openMs;
  let bid = Number.NaN;
  let ask = Number.NaN;
  for (let row = 0; row < tape.count; row += 1) {
    const ms = tape.exchangeMs[row];
    assert.ok(ms >= before && ms < openMs + MS_PER_MINUTE && Number.isInteger(ms), `row ${row} at ${ms - openMs}`);
    before = ms;
    if (tape.isTrade[row] === 0) {
      bid = tape.bidTicks[row];
      ask = tape.askTicks[row];
      assert.ok(bid < ask, `row ${row}: bid ${bid}, ask ${ask}`);
      assert.ok(tape.bidSize[row] >= 1 && tape.askSize[row] >= 1, `row ${row}: an empty side`);
      continue;
    }
    assert.ok(tape.size[row] >= 1, `row ${row}: size ${tape.size[row]}`);
    if (tape.aggressor[row] === AGGRESSOR.buy) assert.equal(tape.priceTicks[row], ask, `row ${row}: buy at the ask`);
    else if (tape.aggressor[row] === AGGRESSOR.sell) assert.equal(tape.priceTicks[row], bid, `row ${row}: sell at bid`);
    else assert.equal(row, 0, "only the auction has no side, and it comes first");
  }
}

type Place = { model: MarketModel; contract: Contract; date: TradeDate; minute: number; openMs: number };

function placeOf(seed: number, draw: { root: string; date: TradeDate; next: boolean; part: number }): Place {
  const model = createMarketModel({ seed, roots: [draw.root] });
  const contracts = model.contractsOn(draw.date, draw.root);
  const { contract } = contracts[draw.next ? contracts.length - 1 : 0];
  const grid = model.grid(draw.root, draw.date);
  const minute = Math.floor(draw.part * grid.count);
  return { model, contract, date: draw.date, minute, openMs: grid.openMs[minute] };
}

const draws = fc.record({
  root: fc.constantFrom(...ALL_ROOTS),
  date: fc.constantFrom(...DATES),
  next: fc.boolean(),
  part: fc.double({ min: 0, max: 0.9999, noNaN: true }),
});

for (const seed of [FIXED_SEED, FRESH_SEED]) {
  test(`every tape folds to its minute bar exactly, of any contract, date and minute (seed ${seed})`, () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const { model, contract, date, minute, openMs } = placeOf(seed, draw);
        assert.deepEqual(
          foldTape(model.minuteTape(contract, date, minute), openMs),
          model.minuteBar(contract, date, minute),
        );
      }),
      { seed, numRuns: 300 },
    );
  });

  test(`every book has two sides and is not crossed; trades print at its touch, in time order (seed ${seed})`, () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const { model, contract, date, minute, openMs } = placeOf(seed, draw);
        assertSoundTape(model.minuteTape(contract, date, minute), openMs);
      }),
      { seed, numRuns: 300 },
    );
  });

  test(`asked in any order, and by two models, a minute is the same (seed ${seed})`, () => {
    const first = createMarketModel({ seed, roots: DEFAULT_ROOTS });
    const forward: unknown[] = [];
    const dates = [previousTradeDate("equity", SAMPLE_DATE), SAMPLE_DATE];
    const places = dates.flatMap((date) =>
      ["NQ", "MGC", "CL"].flatMap((root) => [0, 400, 812, 931].map((minute) => ({ date, root, minute }))),
    );
    const ask = (model: MarketModel, { date, root, minute }: (typeof places)[number]) => {
      const { contract } = model.contractsOn(date, root)[0];
      return [model.minuteBar(contract, date, minute), model.minuteTape(contract, date, minute)];
    };
    for (const place of places) forward.push(ask(first, place));
    const second = createMarketModel({ seed, roots: ["NQ"] });
    const backward: unknown[] = [];
    for (const place of places.toReversed()) backward.unshift(ask(second, place));
    assert.deepEqual(backward, forward);
  });
}

test("the bars of a session are its minutes, in any cut", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: ["MHG"] });
  const { contract } = model.contractsOn(SAMPLE_DATE, "MHG")[0];
  const { count, openMs } = model.grid("MHG", SAMPLE_DATE);
  const whole = frontBars(model, "MHG", SAMPLE_DATE);
  const parts = [
    model.sessionBars(contract, SAMPLE_DATE, 0, 700),
    model.sessionBars(contract, SAMPLE_DATE, 700, count),
  ];
  assert.deepEqual([...parts[0].closeTicks, ...parts[1].closeTicks], [...whole.closeTicks]);
  assert.deepEqual([...parts[0].volumeAtPrice, ...parts[1].volumeAtPrice], [...whole.volumeAtPrice]);
  let row = 0;
  let at = 0;
  for (let minute = 0; minute < count; minute += 1) {
    const bar = model.minuteBar(contract, SAMPLE_DATE, minute);
    if (bar === null) continue;
    assert.equal(whole.openMs[row], openMs[minute]);
    assert.equal(whole.volume[row], bar.volume);
    assert.equal(whole.buyVolume[row] + whole.sellVolume[row], bar.volume - bar.unsignedVolume);
    assert.equal(whole.vwapTicks[row], bar.vwapTicks);
    for (const total of bar.volumeAtPrice) {
      let read = 0;
      let shift = 0;
      for (let more = true; more; at += 1, shift += 7) {
        read |= (whole.volumeAtPrice[at] & 0x7f) << shift;
        more = whole.volumeAtPrice[at] >= 0x80;
      }
      assert.equal(read, total);
    }
    row += 1;
  }
  assert.equal(row, whole.count);
  assert.ok(whole.count < count, "a quiet product has minutes without a trade, and no bar for them");
});

test("minutes join: each opens within a few ticks of the former close, inside a segment", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: ["ES"] });
  const bars = frontBars(model, "ES", SAMPLE_DATE);
  for (let row = 1; row < bars.count; row += 1) {
    const step = Math.abs(bars.openTicks[row] - bars.closeTicks[row - 1]);
    assert.ok(step <= 1, `minute ${row} opens ${step} ticks from the former close`);
  }
});

test("another seed is another market", () => {
  const a = frontBars(createMarketModel({ seed: 1, roots: ["ES"] }), "ES", SAMPLE_DATE);
  const b = frontBars(createMarketModel({ seed: 2, roots: ["ES"] }), "ES", SAMPLE_DATE);
  assert.notDeepEqual(a.closeTicks, b.closeTicks);
});

test("a micro trades within one tick of its mini's book, minute by minute, with its own volume", () => {
  for (const seed of [FIXED_SEED, FRESH_SEED]) {
    const model = createMarketModel({ seed, roots: ALL_ROOTS });
    for (const micro of INSTRUMENTS.filter((entry) => entry.mini !== null)) {
      assertMicroFollows(model, micro.root, micro.mini ?? "");
    }
  }
});

function assertMicroFollows(model: MarketModel, micro: string, mini: string): void {
  const tickOf = (root: string) => {
    const instrument = instrumentOf(root);
    assert.ok(instrument);
    return tickSizeAt(instrument, SAMPLE_DATE);
  };
  const ratio = Math.round(tickOf(micro) / tickOf(mini));
  const contracts = [micro, mini].map((root) => model.contractsOn(SAMPLE_DATE, root)[0].contract);
  assert.equal(contracts[0].month, contracts[1].month);
  const volumes = [0, 0];
  for (let minute = 0; minute < model.grid(mini, SAMPLE_DATE).count; minute += 23) {
    const [small, large] = contracts.map((contract) => model.minuteTape(contract, SAMPLE_DATE, minute));
    let at = -1;
    for (let row = 0; row < small.count; row += 1) {
      if (small.isTrade[row] === 0) continue;
      volumes[0] += small.size[row];
      while (at + 1 < large.count && large.exchangeMs[at + 1] <= small.exchangeMs[row]) at += 1;
      const low = large.bidTicks[Math.max(0, at)] - ratio;
      const high = large.askTicks[Math.max(0, at)] + ratio;
      const price = small.priceTicks[row] * ratio;
      assert.ok(
        price >= low && price <= high,
        `${micro} minute ${minute} row ${row}: ${price}, expected ${low}–${high}`,
      );
    }
    const bars = contracts.map((contract) => model.minuteBar(contract, SAMPLE_DATE, minute));
    if (bars[0] === null || bars[1] === null) continue;
    assert.ok(Math.abs(bars[0].closeTicks * ratio - bars[1].closeTicks) <= ratio, `${micro} close of minute ${minute}`);
    volumes[1] += bars[1].volume;
  }
  assert.ok(volumes[0] > 0 && volumes[0] !== volumes[1], `${micro} has its own volume: ${volumes}`);
}

test("prices stand where late 2026 has them", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: ALL_ROOTS });
  const expected: Record<string, number> = { ES: 6800, NQ: 25_000, YM: 47_000, RTY: 2500, GC: 4100, HG: 5, CL: 60 };
  for (const [root, level] of Object.entries(expected)) {
    const instrument = instrumentOf(root);
    assert.ok(instrument);
    const bars = frontBars(model, root, SAMPLE_DATE);
    const price = bars.closeTicks[0] * tickSizeAt(instrument, SAMPLE_DATE);
    assert.ok(price > level * 0.6 && price < level * 1.7, `${root} at ${price}`);
  }
});

test("a settlement is the VWAP of the last RTH minute, between ticks, and a micro's is its mini's", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: ["ES", "MES"] });
  const { contract } = model.contractsOn(SAMPLE_DATE, "ES")[0];
  const rth = rthOf("ES", SAMPLE_DATE);
  assert.ok(rth);
  const bars = frontBars(model, "ES", SAMPLE_DATE);
  const row = bars.openMs.indexOf(rth.closeMs - MS_PER_MINUTE);
  const settlement = model.settlement(contract, SAMPLE_DATE);
  assert.equal(settlement, bars.vwapTicks[row]);
  assert.notEqual(settlement, Math.round(settlement));
  assert.equal(model.settlement({ ...contract, root: "MES" }, SAMPLE_DATE), settlement);
  assert.equal(model.settlementMs("ES", SAMPLE_DATE), rth.closeMs);
});

test("an unlisted root and a minute that is none are refused by name", () => {
  assert.throws(() => createMarketModel({ seed: 1, roots: ["XX"] }), /root was XX/);
  const model = createMarketModel({ seed: 1, roots: ["ES"] });
  const { contract } = model.contractsOn(SAMPLE_DATE, "ES")[0];
  assert.throws(() => model.minuteBar(contract, SAMPLE_DATE, 1380), /minute: was 1380, expected 0 to 1379/);
});

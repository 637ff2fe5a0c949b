/** Does the simulated market look like one, in each number that is promised, over 20 seeded sessions? */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rthOf } from "#lib/session.ts";
import { createMarketModel, type MarketModel } from "#lib/simulator/market-model.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import {
  correlation,
  FIXED_SEED,
  FRESH_SEED,
  frontBars,
  fullDates,
  kurtosis,
  mean,
  median,
  SAMPLE_DATE,
} from "./sample.ts";

const SESSIONS = 20;
const HALF_HOUR_MS = 30 * MS_PER_MINUTE;

type Measured = {
  returns: number[];
  /** |return| and the one ten minutes earlier, within a session. */
  absolute: number[];
  absoluteBefore: number[];
  buyShares: number[];
  barReturns: number[];
  /** For each session: volume of the half hour from RTH open ÷ the overnight median half hour. */
  openRatios: number[];
  closes: Map<number, number>;
};

function measure(model: MarketModel, root: string): Measured {
  const measured: Measured = {
    returns: [],
    absolute: [],
    absoluteBefore: [],
    buyShares: [],
    barReturns: [],
    openRatios: [],
    closes: new Map(),
  };
  for (const date of fullDates(root, SAMPLE_DATE, SESSIONS)) {
    const bars = frontBars(model, root, date);
    const session: number[] = [];
    const rth = rthOf(root, date);
    assert.ok(rth);
    const halfHours = new Map<number, number>();
    for (let row = 0; row < bars.count; row += 1) {
      const halfHour = Math.floor((bars.openMs[row] - rth.openMs) / HALF_HOUR_MS);
      halfHours.set(halfHour, (halfHours.get(halfHour) ?? 0) + bars.volume[row]);
      measured.closes.set(bars.openMs[row], bars.closeTicks[row]);
      if (row === 0) continue;
      session.push(Math.log(bars.closeTicks[row] / bars.closeTicks[row - 1]));
      measured.buyShares.push(bars.buyVolume[row] / (bars.buyVolume[row] + bars.sellVolume[row]));
      measured.barReturns.push(session[session.length - 1]);
    }
    measured.returns.push(...session);
    for (let row = 10; row < session.length; row += 1) {
      measured.absolute.push(Math.abs(session[row]));
      measured.absoluteBefore.push(Math.abs(session[row - 10]));
    }
    const overnight = [...halfHours].filter(([halfHour]) => halfHour < 0).map(([, volume]) => volume);
    measured.openRatios.push((halfHours.get(0) ?? 0) / median(overnight));
  }
  return measured;
}

/** Correlation of the one-minute returns of two roots over the minutes that follow each other in both. */
function returnCorrelation(a: Measured, b: Measured): number {
  const returnsA: number[] = [];
  const returnsB: number[] = [];
  for (const [openMs, close] of a.closes) {
    const before = [a.closes.get(openMs - MS_PER_MINUTE), b.closes.get(openMs - MS_PER_MINUTE), b.closes.get(openMs)];
    const [beforeA, beforeB, closeB] = before;
    if (beforeA === undefined || beforeB === undefined || closeB === undefined) continue;
    returnsA.push(Math.log(close / beforeA));
    returnsB.push(Math.log(closeB / beforeB));
  }
  return correlation(returnsA, returnsB);
}

function oneTickShareOfRth(model: MarketModel, root: string): number {
  const { contract } = model.contractsOn(SAMPLE_DATE, root)[0];
  const grid = model.grid(root, SAMPLE_DATE);
  const rth = rthOf(root, SAMPLE_DATE);
  assert.ok(rth);
  let narrowMs = 0;
  let allMs = 0;
  for (let minute = 0; minute < grid.count; minute += 1) {
    if (grid.openMs[minute] < rth.openMs || grid.openMs[minute] >= rth.closeMs) continue;
    const tape = model.minuteTape(contract, SAMPLE_DATE, minute);
    let spread = 0;
    let sinceMs = grid.openMs[minute];
    for (let row = 0; row < tape.count; row += 1) {
      if (tape.isTrade[row] === 1) continue;
      if (spread === 1) narrowMs += tape.exchangeMs[row] - sinceMs;
      spread = tape.askTicks[row] - tape.bidTicks[row];
      sinceMs = tape.exchangeMs[row];
    }
    if (spread === 1) narrowMs += grid.openMs[minute] + MS_PER_MINUTE - sinceMs;
    allMs += MS_PER_MINUTE;
  }
  return narrowMs / allMs;
}

for (const seed of [FIXED_SEED, FRESH_SEED]) {
  describe(`20 simulated sessions of seed ${seed}`, () => {
    const model = createMarketModel({ seed, roots: DEFAULT_ROOTS });
    const measured = new Map(DEFAULT_ROOTS.map((root) => [root, measure(model, root)]));
    const of = (root: string): Measured => {
      const found = measured.get(root);
      assert.ok(found);
      return found;
    };

    test("the half hour from RTH open has at least 4 times the overnight median volume", (t) => {
      const equities = ["ES", "NQ", "YM", "RTY", "MES", "MNQ", "MYM", "M2K"];
      for (const root of DEFAULT_ROOTS) {
        const { openRatios } = of(root);
        t.diagnostic(`${root} mean ${mean(openRatios).toFixed(1)}, smallest ${Math.min(...openRatios).toFixed(1)}`);
        assert.ok(mean(openRatios) >= 4, `${root}: ${mean(openRatios)}`);
        if (equities.includes(root)) assert.ok(Math.min(...openRatios) >= 4, `${root} on every date: ${openRatios}`);
      }
    });

    test("ES and NQ move together: correlation of 1-minute returns 0.80 to 0.95", (t) => {
      const value = returnCorrelation(of("ES"), of("NQ"));
      t.diagnostic(`ES–NQ ${value.toFixed(3)}`);
      assert.ok(value >= 0.8 && value <= 0.95, `${value}`);
    });

    test("the four equity indices move together", () => {
      for (const root of ["YM", "RTY"]) assert.ok(returnCorrelation(of("ES"), of(root)) > 0.75, root);
    });

    test("returns have fat tails: kurtosis of 1-minute returns above 5", () => {
      for (const root of DEFAULT_ROOTS)
        assert.ok(kurtosis(of(root).returns) > 5, `${root} ${kurtosis(of(root).returns)}`);
    });

    test("swings cluster: autocorrelation of |returns| at lag 10 above 0.1", () => {
      for (const root of DEFAULT_ROOTS) {
        const value = correlation(of(root).absolute, of(root).absoluteBefore);
        assert.ok(value > 0.1, `${root} ${value}`);
      }
    });

    test("buyers lead rises: buy share and return correlate above 0.3", () => {
      for (const root of DEFAULT_ROOTS) {
        const value = correlation(of(root).buyShares, of(root).barReturns);
        assert.ok(value > 0.3, `${root} ${value}`);
      }
    });

    test("the spread is one tick for at least 85 % of RTH", () => {
      for (const root of ["ES", "NQ", "GC", "SI", "CL", "MHG"]) {
        const value = oneTickShareOfRth(model, root);
        assert.ok(value >= 0.85, `${root} ${value}`);
      }
    });

    test("volume is U-shaped over RTH: the middle hour has less than half of the first and less than the last", () => {
      const minutes = [0, 0, 0];
      for (const date of fullDates("ES", SAMPLE_DATE, SESSIONS)) {
        const bars = frontBars(model, "ES", date);
        const rth = rthOf("ES", date);
        assert.ok(rth);
        for (let row = 0; row < bars.count; row += 1) {
          const minute = (bars.openMs[row] - rth.openMs) / MS_PER_MINUTE;
          const hour = minute >= 0 && minute < 60 ? 0 : minute >= 200 && minute < 260 ? 1 : minute >= 330 ? 2 : -1;
          if (hour >= 0 && minute < 390) minutes[hour] += bars.volume[row];
        }
      }
      assert.ok(minutes[1] < minutes[0] / 2 && minutes[1] < minutes[2], `${minutes}`);
    });

    test("sessions open with a gap, wider after a weekend than after the daily break", () => {
      const gaps: { weekend: number[]; weekday: number[] } = { weekend: [], weekday: [] };
      const dates = fullDates("ES", SAMPLE_DATE, 60);
      for (let index = 1; index < dates.length; index += 1) {
        const former = frontBars(model, "ES", dates[index - 1]);
        const bars = frontBars(model, "ES", dates[index]);
        const days = dates[index] - dates[index - 1];
        if (days > 3) continue;
        const gap = Math.abs(bars.openTicks[0] / former.closeTicks[former.count - 1] - 1);
        gaps[days === 1 ? "weekday" : "weekend"].push(gap);
      }
      assert.ok(median(gaps.weekend) > median(gaps.weekday), `${median(gaps.weekend)} ${median(gaps.weekday)}`);
    });
  });
}

/** How near does the estimated delta come to the true one? Measured on real bars beside the rules not taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type EstimateBar, estimateDelta } from "#lib/bars/estimate-delta.ts";
import { ES_FIVE_FILE, readEsFiveMinutes } from "#tests/support/es-five-minutes.ts";
import { type OracleTrade, readEsHour } from "#tests/support/es-oracle.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const HALF_HOUR = 1_800_000;

type Case = { bar: EstimateBar; former: number; delta: number };
type Rule = (bar: EstimateBar, former: number) => number;

function byTrueRange(bar: EstimateBar, former: number): number {
  const range = Math.max(bar.highTicks, former) - Math.min(bar.lowTicks, former);
  return range === 0 ? 0 : (bar.volume * (bar.closeTicks - former)) / range;
}

/** Every rule that was tried on the same bars. */
const RULES: Readonly<Record<string, Rule>> = {
  "ours: damped (close − former) ÷ true range": estimateDelta,
  "(close − former) ÷ true range": byTrueRange,
  "sign(close − former)": (bar, former) => bar.volume * Math.sign(bar.closeTicks - former),
  "sign(close − open)": (bar) => bar.volume * Math.sign(bar.closeTicks - bar.openTicks),
  "(2 close − high − low) ÷ range": (bar) => {
    const range = bar.highTicks - bar.lowTicks;
    return range === 0 ? 0 : (bar.volume * (2 * bar.closeTicks - bar.highTicks - bar.lowTicks)) / range;
  },
};

type Measured = { correlation: number; error: number; nothing: number; sameSign: number; total: number; truth: number };

function measure(cases: readonly Case[], rule: Rule): Measured {
  let [n, sx, sy, sxx, syy, sxy, off, size, volume, same, signed] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { bar, former, delta } of cases) {
    const guess = rule(bar, former);
    n += 1;
    sx += guess;
    sy += delta;
    sxx += guess * guess;
    syy += delta * delta;
    sxy += guess * delta;
    off += Math.abs(guess - delta);
    size += Math.abs(delta);
    volume += bar.volume;
    if (delta !== 0) signed += 1;
    if (delta !== 0 && Math.sign(guess) === Math.sign(delta)) same += 1;
  }
  const correlation = (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  const [error, nothing] = [off / volume, size / volume];
  return { correlation, error, nothing, sameSign: same / signed, total: sx, truth: sy };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

test("close 104, former close 100, high 105, low 97, 10,000 contracts: 750 bought more than sold", () => {
  const bar = { openTicks: 100, highTicks: 105, lowTicks: 97, closeTicks: 104, volume: 10_000 };
  assert.ok(Math.abs(estimateDelta(bar, 100) - 750) < 1e-9);
  assert.ok(Math.abs(estimateDelta({ ...bar, volume: 5 }, 100) - 2.5) < 1e-9, "five contracts are not damped");
  assert.equal(estimateDelta({ ...bar, openTicks: 104, closeTicks: 104 }, Number.NaN), 0, "the open stands in");
  const still = { ...bar, highTicks: 100, lowTicks: 100, closeTicks: 100 };
  assert.deepEqual([estimateDelta(still, 100), estimateDelta({ ...bar, volume: 0 }, 100)], [0, 0]);
});

test(
  "on every fifth day of ten years of ES 5-minute bars ours correlates best and errs least",
  needsSharedData(ES_FIVE_FILE),
  (t) => {
    const all = readEsFiveMinutes((day) => Number(day.slice(8)) % 5 === 0);
    const cases: Case[] = [];
    for (let row = 0; row < all.count; row++) {
      const isNew = row === 0 || all.contract[row] !== all.contract[row - 1];
      const isBreak = isNew || all.atCt[row] - all.atCt[row - 1] > HALF_HOUR;
      const bar = {
        openTicks: all.openTicks[row],
        highTicks: all.highTicks[row],
        lowTicks: all.lowTicks[row],
        closeTicks: all.closeTicks[row],
        volume: all.volume[row],
      };
      const delta = all.askVolume[row] - all.bidVolume[row];
      if (bar.volume > 0) cases.push({ bar, former: isBreak ? Number.NaN : all.closeTicks[row - 1], delta });
    }
    const measured = Object.entries(RULES).map(([name, rule]) => {
      const withOpen: Rule = (bar, former) => rule(bar, Number.isNaN(former) ? bar.openTicks : former);
      const found = measure(cases, withOpen);
      const { correlation, error, sameSign } = found;
      t.diagnostic(
        `${name}: correlation ${correlation.toFixed(3)}, error ${percent(error)} of volume, side ${percent(sameSign)}`,
      );
      return found;
    });
    const [ours, ...others] = measured;
    t.diagnostic(`${cases.length} bars; saying 0 errs by ${percent(ours.nothing)}`);
    for (const other of others) {
      assert.ok(ours.correlation > other.correlation);
      assert.ok(ours.error < other.error);
    }
    assert.ok(ours.correlation > 0.715 && ours.error < 0.06 && ours.nothing > 0.08, JSON.stringify(ours));
  },
);

function barsOfSeconds(trades: readonly OracleTrade[], seconds: number): Map<number, Case> {
  const bars = new Map<number, Case>();
  let former = Number.NaN;
  for (const [key, own] of Map.groupBy(trades, ({ ms }) => Math.floor(ms / (1_000 * seconds)))) {
    const prices = own.map(({ price }) => price / 0.25);
    const bar = {
      openTicks: prices[0],
      highTicks: Math.max(...prices),
      lowTicks: Math.min(...prices),
      closeTicks: prices[prices.length - 1],
      volume: own.reduce((sum, { size }) => sum + size, 0),
    };
    const delta = own.reduce((sum, { side, size }) => sum + (side === "B" ? size : side === "S" ? -size : 0), 0);
    bars.set(key, { bar, former: Number.isNaN(former) ? bar.openTicks : former, delta });
    former = bar.closeTicks;
  }
  return bars;
}

test(
  "the ES hour from bars only: the known figures of the plain rule, and ours at its scale",
  needsSharedData(ES_HOUR),
  (t) => {
    const trades = readEsHour(sharedData(ES_HOUR) ?? "");
    const seconds = [...barsOfSeconds(trades, 1)];
    const perMinute = (rule: Rule): Case[] =>
      [...Map.groupBy(seconds, ([second]) => Math.floor(second / 60)).values()].map((own) => ({
        bar: { ...own[0][1].bar, volume: own.reduce((sum, [, { bar }]) => sum + bar.volume, 0) },
        former: own.reduce((sum, [, { bar, former }]) => sum + rule(bar, former), 0),
        delta: own.reduce((sum, [, { delta }]) => sum + delta, 0),
      }));
    const plain = measure(perMinute(byTrueRange), (_, guess) => guess);
    assert.deepEqual([plain.correlation.toFixed(2), plain.total, plain.truth], ["0.72", 896, 796]);
    for (const length of [1, 15, 60, 300]) {
      const cases = [...barsOfSeconds(trades, length).values()];
      const [ours, raw] = [measure(cases, estimateDelta), measure(cases, byTrueRange)];
      t.diagnostic(
        `${length} s bars: ours ${ours.total.toFixed(0)} of 796, error ${percent(ours.error)} of volume, ` +
          `plain ${raw.total.toFixed(0)}, ${percent(raw.error)}; saying 0 errs by ${percent(ours.nothing)}`,
      );
      if (length >= 60) assert.ok(ours.error < ours.nothing && ours.error < raw.error, `${length} s`);
    }
  },
);

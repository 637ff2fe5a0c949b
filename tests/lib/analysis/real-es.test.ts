/** Do volatility, wave and regime say of four months of real ES what may be said of them? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addRegimeBar, createRegime } from "#lib/analysis/regime/regime.ts";
import { applyRegimeFit, fitRegimeModel } from "#lib/analysis/regime/regime-model.ts";
import { type Regime, regimeOf } from "#lib/analysis/regime/regime-reading.ts";
import { addVolatilityBar, createVolatility, type Volatility, volatilityOf } from "#lib/analysis/volatility.ts";
import { addWaveBar, createWave, type Wave, waveOf } from "#lib/analysis/wave.ts";
import { MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";
import { ES_FIVE_MINUTES, realEsFiveMinutes } from "#tests/support/placed-bars.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

type Reading = { hour: number; isFull: boolean; volatility: Volatility; wave: Wave; regime: Regime };

function readings(): Reading[] {
  const interval = { intervalMs: 5 * MS_PER_MINUTE };
  const [volatility, wave, regime] = [createVolatility(interval), createWave(), createRegime(interval)];
  return realEsFiveMinutes("2024-01-02", "2024-04-30").map((bar) => {
    if (bar.tradeDate !== regime.tradeDate) {
      const fit = fitRegimeModel(regime, bar.tradeDate);
      applyRegimeFit(regime, "refused" in fit ? null : fit);
    }
    addVolatilityBar(volatility, bar);
    addWaveBar(wave, bar);
    addRegimeBar(regime, bar, volatilityOf(volatility));
    const hour = Math.floor((bar.openMs - bar.sessionOpenMs) / MS_PER_HOUR);
    const published = { volatility: volatilityOf(volatility), wave: waveOf(wave), regime: regimeOf(regime) };
    return { hour, isFull: bar.isFullSession, ...published };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("real ES, January to April 2024", needsSharedData(ES_FIVE_MINUTES), async (t) => {
  const all = readings();

  await t.test(
    "each hour is as often wild for its clock time as any other, though the open ranges thrice the evening",
    () => {
      const hours = Array.from({ length: 23 }, (_, hour) =>
        all.flatMap(({ hour: own, isFull, volatility }) =>
          own === hour && isFull && volatility.status === "ready" && volatility.sameClock.status === "ready"
            ? [{ percentile: volatility.sameClock.percentile, atr: volatility.sessionAtrTicks }]
            : [],
        ),
      );
      const percentiles = hours.map((hour) => mean(hour.map((one) => one.percentile)));
      const ranges = hours.map((hour) => mean(hour.map((one) => one.atr)));
      assert.ok(Math.max(...ranges) > 3 * Math.min(...ranges));
      assert.ok(Math.min(...percentiles) > 0.4 && Math.max(...percentiles) < 0.65, percentiles.map(String).join(" "));
    },
  );

  await t.test("a day uses about its ATR: the median at the close is near one", () => {
    const closes = all.filter(({ hour, isFull }, at) => isFull && hour === 22 && all[at + 1]?.hour === 0);
    const used = closes.flatMap(({ volatility }) =>
      volatility.status === "ready" && volatility.day.status === "ready" ? [volatility.day.usedShare] : [],
    );
    const median = used.sort((a, b) => a - b)[Math.floor(used.length / 2)];
    assert.ok(used.length > 50 && median > 0.75 && median < 1.1, `median ${median} of ${used.length}`);
  });

  await t.test("five-minute ES is a trend about as often as a random walk, and no fit claims more", () => {
    const ready = all.flatMap(({ regime }) => (regime.status === "ready" ? [regime] : []));
    const trends = ready.filter(({ direction }) => direction.label === "up" || direction.label === "down").length;
    t.diagnostic(`trend on ${((100 * trends) / ready.length).toFixed(1)} % of ${ready.length} bars`);
    assert.ok(trends > 0.05 * ready.length && trends < 0.25 * ready.length);
    assert.ok(ready.every((one) => one.method === "rules" || one.contest.challenger > one.contest.rules));
  });

  await t.test("legs of both directions are found by the hundred, of one to five ATRs", () => {
    const last = all[all.length - 1].wave;
    assert.ok(last.status === "ready" && last.legs.status === "ready");
    assert.deepEqual([last.legs.up.n, last.legs.down.n], [100, 100]);
    for (const { medianAtr } of [last.legs.up, last.legs.down]) assert.ok(medianAtr > 0.5 && medianAtr < 5);
  });
});

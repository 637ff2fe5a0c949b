/** Does a batch over columns give what one bar at a time gives, to the last bit? Every indicator, on random bars. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runBatch } from "#lib/indicators/batch.ts";
import type { BarColumns } from "#lib/indicators/batch-kernels.ts";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { type AnyIndicator, INDICATORS } from "#lib/indicators/registry.ts";
import { outputsOf } from "#tests/lib/indicators/contract.ts";
import { randomBars } from "#tests/lib/indicators/random-inputs.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

/** Prices off the tick grid, so that a different order of additions would show. */
const columnsOf = (bars: readonly IndicatorBar[]): BarColumns => ({
  opens: Float64Array.from(bars, (bar) => bar.open / 3),
  highs: Float64Array.from(bars, (bar) => bar.high / 3),
  lows: Float64Array.from(bars, (bar) => bar.low / 3),
  closes: Float64Array.from(bars, (bar) => bar.close / 3),
  volumes: Float64Array.from(bars, (bar) => bar.volume),
});

function checkBatch(indicator: AnyIndicator, columns: BarColumns): void {
  const rows = columns.closes.length;
  const out = indicator.outputs.map(() => new Float64Array(rows).fill(7));
  runBatch(indicator, indicator.defaults, columns, out);
  const state = indicator.create(indicator.defaults);
  for (let i = 0; i < rows; i++) {
    const { opens, highs, lows, closes, volumes } = columns;
    const bar = { open: opens[i], high: highs[i], low: lows[i], close: closes[i], volume: volumes[i] };
    indicator.add(state, indicator.input === "value" ? bar.close : bar);
    assert.deepStrictEqual(
      out.map((column) => column[i]),
      outputsOf(indicator, state),
      `row ${i}`,
    );
  }
}

for (const indicator of INDICATORS) {
  test(`${indicator.name} over columns is ${indicator.name} bar by bar`, (t) => {
    const property = fc.property(fc.nat(), fc.nat(300), (seed, rows) => {
      checkBatch(indicator, columnsOf(randomBars(seed, rows)));
    });
    checkTwice(property, { runs: 15, print: (line) => t.diagnostic(line) });
  });
}

test("refuses columns that are too few or too short, and impossible params", () => {
  const columns = columnsOf(randomBars(1, 30));
  const [ema] = INDICATORS.filter(({ name }) => name === "ema");
  assert.throws(() => runBatch(ema, ema.defaults, columns, []), /0 columns for 1 outputs/);
  assert.throws(() => runBatch(ema, ema.defaults, columns, [new Float64Array(29)]), /a column of 29 for 30 bars/);
  assert.throws(() => runBatch(ema, { period: 0 }, columns, [new Float64Array(30)]), /period was 0/);
});

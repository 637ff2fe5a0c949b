/** Who was the aggressor in a bar, how is that known, and how often is that way right? */
import { DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { type EstimateBar, estimateDelta } from "#lib/bars/estimate-delta.ts";

export type DeltaSource = "none" | "aggressor" | "quote" | "tick" | "estimate";

/** In the order of DELTA_SOURCE, from best to worst. */
export const DELTA_SOURCES: readonly DeltaSource[] = ["none", "aggressor", "quote", "tick", "estimate"];

/** How right a source was where the truth is known; tests/lib/analysis/order-flow/accuracy.test.ts measures it. */
export type Accuracy = { value: number; of: string };

/**
 * Aggressor: the exchange's own word. Quote: share of trades right when the newest quote is a millisecond old; in the
 * exchange's order it would be 100 %. Tick: share of trades right. Estimate: correlation with the true delta. The
 * first two on one hour of ES of 2023-12-25, the estimate on 5-minute bars of ES from 2014 to 2024.
 */
export const SOURCE_ACCURACY: Readonly<Record<DeltaSource, Accuracy | null>> = {
  none: null,
  aggressor: { value: 1, of: "trades, named by the exchange" },
  quote: { value: 0.9, of: "trades on the right side" },
  tick: { value: 0.75, of: "trades on the right side" },
  estimate: { value: 0.72, of: "correlation with the true delta" },
};

/** What of a bar says who pressed. */
export type DeltaBar = EstimateBar & { buyVolume: number; sellVolume: number; deltaSource: number };

/** Bought − sold; `unsigned` are the contracts of no known side: all of them where the delta is an estimate. */
export type BarDelta = { delta: number; unsigned: number; source: number };

/**
 * Fills `out` with the delta of a bar. A bar that says who bought and sold is taken at its word; one that says nothing
 * of any contract (a vendor's bar without sides) is estimated. An auction alone has delta 0 and is all unsigned.
 */
export function readBarDelta(out: BarDelta, bar: DeltaBar, formerCloseTicks: number): void {
  const isKnown = bar.deltaSource !== DELTA_SOURCE.none || bar.volume === 0;
  out.delta = isKnown ? bar.buyVolume - bar.sellVolume : estimateDelta(bar, formerCloseTicks);
  out.unsigned = bar.volume - bar.buyVolume - bar.sellVolume;
  out.source = isKnown ? bar.deltaSource : DELTA_SOURCE.estimate;
}

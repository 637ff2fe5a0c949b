/** What do all analyses that advice reads publish, minute by minute? Driven as the engine drives them. */

import type { QualityInput } from "#lib/advice/quality.ts";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addConfluenceBar,
  type ConfluenceState,
  confluenceOf,
  createConfluence,
} from "#lib/analysis/confluence/confluence.ts";
import { addRegimeBar, createRegime, type RegimeState } from "#lib/analysis/regime/regime.ts";
import { regimeOf } from "#lib/analysis/regime/regime-reading.ts";
import { addVolatilityBar, createVolatility, type VolatilityState, volatilityOf } from "#lib/analysis/volatility.ts";
import { addWaveBar, createWave, type WaveState, waveOf } from "#lib/analysis/wave.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { folded } from "./folded-bars.ts";

export type Analyses = {
  volatility: VolatilityState;
  wave: WaveState;
  regime: RegimeState;
  confluence: ConfluenceState;
};
export type ClosedBar = { minutes: 1 | 5 | 15; bar: AnalysisBar };

export function createAnalyses(): Analyses {
  const interval = { intervalMs: 5 * MS_PER_MINUTE };
  return {
    volatility: createVolatility(interval),
    wave: createWave(),
    regime: createRegime(interval),
    confluence: createConfluence(),
  };
}

/** One closed bar: the 5-minute ones are the analysis interval, all three are the frames of the confluence. */
export function addClosedBar(analyses: Analyses, { minutes, bar }: ClosedBar): void {
  const { volatility, wave, regime, confluence } = analyses;
  addConfluenceBar(confluence, ({ 1: "entry", 5: "setup", 15: "bias" } as const)[minutes], bar);
  if (minutes !== 5) return;
  addVolatilityBar(volatility, bar);
  addWaveBar(wave, bar);
  addRegimeBar(regime, bar, volatilityOf(volatility));
}

export function qualityInputOf({ volatility, wave, regime, confluence }: Analyses): QualityInput {
  return {
    volatility: volatilityOf(volatility),
    wave: waveOf(wave),
    regime: regimeOf(regime),
    confluence: confluenceOf(confluence),
  };
}

/** Every bar of 1, 5 and 15 minutes that has closed by the end of the last minute, in order of the ends. */
export function closedBars(minuteBars: readonly AnalysisBar[]): ClosedBar[] {
  const last = minuteBars[minuteBars.length - 1]?.endMs ?? 0;
  return ([1, 5, 15] as const)
    .flatMap((minutes) => folded(minuteBars, minutes).map((bar) => ({ minutes, bar })))
    .filter(({ bar }) => bar.endMs <= last)
    .sort((a, b) => a.bar.endMs - b.bar.endMs);
}

/** Do legs up outrun legs down, how stretched is the running one, and with what speed in which phase? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { indicatorBarOf } from "#lib/analysis/indicator-bar.ts";
import {
  addToLegs,
  type CurrentLeg,
  createLegs,
  currentLegOf,
  type LegStatistics,
  type LegsState,
  legStatisticsOf,
} from "#lib/analysis/legs.ts";
import {
  addMarketPhaseBar,
  createMarketPhase,
  type MarketPhase,
  type MarketPhaseState,
  marketPhaseOf,
  PHASE_BARS,
} from "#lib/analysis/market-phase.ts";
import { addSessionPathBar, createSessionPath, moveInAtr, type SessionPath } from "#lib/analysis/session-path.ts";
import {
  addToTrendSpeed,
  createTrendSpeed,
  type TrendSpeed,
  type TrendSpeedState,
  trendSpeedOf,
} from "#lib/analysis/trend-speed.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { addEma, createEma, type EmaState } from "#lib/indicators/ema.ts";

export type WaveState = {
  path: SessionPath;
  /** Σ moves in session ATRs, gaps of session breaks left out: every length below is measured on it. */
  pathAtr: number;
  /** Whose crossings end a leg: a plain EMA of gap-free closes. */
  average: EmaState;
  legs: LegsState;
  speed: TrendSpeedState;
  phase: MarketPhaseState;
  atMs: number;
};

export type WaveParts = { leg: CurrentLeg; legs: LegStatistics; phase: MarketPhase } & TrendSpeed;

/** `n`: completed legs behind the medians. */
export type Wave = { atMs: number; n: number; reasons: string[] } & (Warming | ({ status: "ready" } & WaveParts));

const AVERAGE_BARS = 20;

export function createWave(): WaveState {
  return {
    path: createSessionPath(),
    pathAtr: 0,
    average: createEma({ period: AVERAGE_BARS }),
    legs: createLegs(),
    speed: createTrendSpeed(),
    phase: createMarketPhase(),
    atMs: 0,
  };
}

export function addWaveBar(state: WaveState, bar: AnalysisBar): void {
  const { path } = state;
  addSessionPathBar(path, bar);
  const gapFree = indicatorBarOf(bar, path.gapTicks);
  addEma(state.average, gapFree.close);
  addMarketPhaseBar(state.phase, gapFree);
  state.atMs = bar.endMs;
  if (Number.isNaN(path.atr.value)) return;
  const beforeAtr = state.pathAtr;
  state.pathAtr += moveInAtr(path);
  addToTrendSpeed(state.speed, state.pathAtr);
  const { value } = state.average;
  const side = Number.isNaN(value) ? 0 : Math.sign(gapFree.close - value);
  addToLegs(state.legs, { beforeAtr, afterAtr: state.pathAtr, side });
}

export function waveOf(state: WaveState): Wave {
  const { atMs, path } = state;
  if (path.count < PHASE_BARS) {
    return { atMs, n: 0, reasons: [`${path.count} of ${PHASE_BARS} bars seen`], ...warming(path.count, PHASE_BARS) };
  }
  const parts: WaveParts = {
    leg: currentLegOf(state.legs),
    legs: legStatisticsOf(state.legs),
    phase: marketPhaseOf(state.phase),
    ...trendSpeedOf(state.speed),
  };
  const n = parts.legs.status === "ready" ? parts.legs.up.n + parts.legs.down.n : parts.legs.up + parts.legs.down;
  return { atMs, n, reasons: waveReasons(parts), status: "ready", ...parts };
}

function waveReasons({ leg, legs, phase, direction, speed, momentum }: WaveParts): string[] {
  const size = `leg ${leg.direction} of ${leg.sizeAtr.toFixed(2)} ATR in ${leg.bars} bars`;
  const run = `${momentum} ${direction === "flat" ? "" : `${direction} `}at ${speed.toFixed(2)} ATR a bar, ${phase}`;
  if (legs.status === "not-enough-legs") {
    return [`not enough legs: ${legs.up} up, ${legs.down} down of ${legs.need} each`, size, run];
  }
  const { up, down, dominance, bias, currentPercentile, strength } = legs;
  const medians = `median leg ${up.medianAtr.toFixed(2)} ATR up (n ${up.n}), ${down.medianAtr.toFixed(2)} down (n ${down.n})`;
  return [
    `${bias}: ${medians}, dominance ${dominance.toFixed(2)}`,
    `${size}: ${strength}, longer than ${Math.round(currentPercentile * 100)} % of its kind`,
    run,
  ];
}

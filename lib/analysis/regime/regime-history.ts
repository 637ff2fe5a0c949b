/** Which regime held at each of the last bars? What a chart draws behind its candles. */
import type { Direction } from "#lib/analysis/regime/direction.ts";

/** Two sessions of 5-minute bars, nearly: 5 kB. */
const HISTORY_BARS = 512;

export type VolatilityRegime = "low" | "normal" | "high" | "unknown";

export type RegimeHistory = {
  openMs: Float64Array;
  /** Positions in DIRECTIONS and VOLATILITIES. */
  direction: Uint8Array;
  volatility: Uint8Array;
  count: number;
};

/** A run of bars of one regime: the opens of the first and of the last. */
export type RegimeRun = { fromMs: number; toMs: number; direction: Direction; volatility: VolatilityRegime };

const DIRECTIONS: readonly Direction[] = ["unknown", "up", "down", "range"];
const VOLATILITIES: readonly VolatilityRegime[] = ["unknown", "low", "normal", "high"];

export function createRegimeHistory(): RegimeHistory {
  const openMs = new Float64Array(HISTORY_BARS);
  return { openMs, direction: new Uint8Array(HISTORY_BARS), volatility: new Uint8Array(HISTORY_BARS), count: 0 };
}

export function addToHistory(
  history: RegimeHistory,
  bar: { openMs: number; direction: Direction; volatility: VolatilityRegime },
): void {
  const slot = history.count % HISTORY_BARS;
  history.openMs[slot] = bar.openMs;
  history.direction[slot] = DIRECTIONS.indexOf(bar.direction);
  history.volatility[slot] = VOLATILITIES.indexOf(bar.volatility);
  history.count += 1;
}

/** The runs of the kept bars, oldest first. */
export function regimeRunsOf(history: RegimeHistory): RegimeRun[] {
  const runs: RegimeRun[] = [];
  for (let at = Math.max(0, history.count - HISTORY_BARS); at < history.count; at += 1) {
    const slot = at % HISTORY_BARS;
    const toMs = history.openMs[slot];
    const direction = DIRECTIONS[history.direction[slot]];
    const volatility = VOLATILITIES[history.volatility[slot]];
    const last = runs[runs.length - 1];
    if (last !== undefined && last.direction === direction && last.volatility === volatility) last.toMs = toMs;
    else runs.push({ fromMs: toMs, toMs, direction, volatility });
  }
  return runs;
}

/** Do three timeframes say the same, each on its own closed bars? */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import {
  addBiasBar,
  type Bias,
  type BiasLayerState,
  biasOf,
  createBiasLayer,
} from "#lib/analysis/confluence/bias-layer.ts";
import {
  addEntryBar,
  createEntryLayer,
  type Entry,
  type EntryLayerState,
  entryOf,
} from "#lib/analysis/confluence/entry-layer.ts";
import { type Lean, leanOf, signOf } from "#lib/analysis/confluence/layer.ts";
import {
  addSetupBar,
  createSetupLayer,
  type Setup,
  type SetupLayerState,
  setupOf,
} from "#lib/analysis/confluence/setup-layer.ts";
import { type Warming, warming } from "#lib/analysis/warming.ts";
import { unreachable } from "#lib/assert.ts";
import type { CalendarId } from "#lib/session-hours.ts";

/** Intervals of bias (the higher timeframe), setup and entry. */
export type ConfluenceFrames = { bias: FrameInterval; setup: FrameInterval; entry: FrameInterval };
export type FrameInterval = "1m" | "5m" | "15m" | "1h";
export type Layer = keyof ConfluenceFrames;

export type ConfluenceState = {
  bias: BiasLayerState;
  setup: SetupLayerState;
  entry: EntryLayerState;
  atMs: number;
};

type Ready<Part> = Extract<Part, { status: "ready" }>;

export type ConfluenceParts = {
  /** What more layers say than the opposite; a tie is neutral. */
  direction: Lean;
  /** Layers that say the direction: 0 where it is neutral. */
  score: number;
  /** Some layer says the opposite of another. */
  isConflict: boolean;
  /** All three, with a trigger. */
  isTradeable: boolean;
  /** 0 to 1. */
  quality: number;
  bias: Ready<Bias>;
  setup: Ready<Setup>;
  entry: Ready<Entry>;
};

/** `atMs`: end of the newest entry bar; `n`: closed bars of the higher timeframe. */
export type Confluence = { atMs: number; n: number; reasons: string[] } & (
  | Warming
  | ({ status: "ready" } & ConfluenceParts)
);

/** Metals move slower: their frames are one step longer. */
export function confluenceFramesOf(calendar: CalendarId): ConfluenceFrames {
  if (calendar === "metals") return { bias: "1h", setup: "15m", entry: "5m" };
  return { bias: "15m", setup: "5m", entry: "1m" };
}

export function createConfluence(): ConfluenceState {
  return { bias: createBiasLayer(), setup: createSetupLayer(), entry: createEntryLayer(), atMs: 0 };
}

/** Takes a closed bar of one frame. Bars that end together may come in any order; read when all were taken. */
export function addConfluenceBar(state: ConfluenceState, layer: Layer, bar: AnalysisBar): void {
  switch (layer) {
    case "bias":
      addBiasBar(state.bias, bar);
      break;
    case "setup":
      addSetupBar(state.setup, bar);
      break;
    case "entry":
      addEntryBar(state.entry, bar);
      state.atMs = bar.endMs;
      break;
    default:
      unreachable(layer);
  }
}

/**
 * Quality = 0.4 × confidence of the bias + 0.35 × quality of the setup + 0.25 where the entry is triggered, each only
 * where it says the direction; 0 where that is neutral. Bias 0.65, setup 0.85, triggered, all bullish → 0.81.
 */
export function confluenceOf(state: ConfluenceState): Confluence {
  const { atMs } = state;
  const [bias, setup, entry] = [biasOf(state.bias), setupOf(state.setup), entryOf(state.entry)];
  if (bias.status === "warming" || setup.status === "warming" || entry.status === "warming") {
    return { atMs, ...warmingOf({ bias, setup, entry }) };
  }
  const votes = [bias, setup, entry].map(({ lean }) => signOf(lean));
  const side = Math.sign(votes.reduce((sum, vote) => sum + vote, 0));
  const score = side === 0 ? 0 : votes.filter((vote) => vote === side).length;
  const direction = leanOf(side);
  const shareOf = (lean: Lean, value: number): number => (lean === direction && side !== 0 ? value : 0);
  const parts: ConfluenceParts = {
    direction,
    score,
    isConflict: votes.includes(1) && votes.includes(-1),
    isTradeable: score === 3 && entry.isTriggered,
    quality:
      0.4 * shareOf(bias.lean, bias.confidence) +
      0.35 * shareOf(setup.lean, setup.quality) +
      0.25 * shareOf(entry.lean, Number(entry.isTriggered)),
    bias,
    setup,
    entry,
  };
  return { atMs, n: bias.n, reasons: confluenceReasons(parts), status: "ready", ...parts };
}

/** The layer that has furthest to go stands for all. */
function warmingOf(layers: { bias: Bias; setup: Setup; entry: Entry }): { n: number; reasons: string[] } & Warming {
  const missing = Object.entries(layers).flatMap(([name, layer]) =>
    layer.status === "warming" ? [{ name, have: layer.have, need: layer.need }] : [],
  );
  const { have, need } = missing.reduce((worst, one) => (one.need - one.have > worst.need - worst.have ? one : worst));
  return {
    n: 0,
    reasons: missing.map((one) => `${one.name}: ${one.have} of ${one.need} bars seen`),
    ...warming(have, need),
  };
}

function confluenceReasons({
  direction,
  score,
  isConflict,
  isTradeable,
  bias,
  setup,
  entry,
}: ConfluenceParts): string[] {
  const summary = direction === "neutral" ? "neutral" : `${score} of 3 ${direction}`;
  const trigger = entry.isTriggered ? "triggered" : "no trigger";
  return [
    `${summary}${isConflict ? ", in conflict" : ""}${isTradeable ? ", tradeable" : ""}`,
    `bias ${bias.lean}, confidence ${bias.confidence.toFixed(2)}`,
    `setup ${setup.lean}, quality ${setup.quality.toFixed(2)}${setup.isPulledBack ? ", pulled back" : ""}`,
    `entry ${entry.lean}, ${trigger}, volume × ${entry.volumeRatio.toFixed(1)}`,
  ];
}

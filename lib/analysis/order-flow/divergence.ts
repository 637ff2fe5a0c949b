/** Does the order flow confirm a new high or low? Divergence of price and CVD on confirmed swings of one session. */
import { formatQuantity } from "#lib/format.ts";
import type { AnalysisBar } from "../analysis-bar.ts";
import { addSwingBar, createSwings, type Swing, type SwingsState } from "../swings.ts";
import { type ExplainedWarming, explainedWarming } from "../warming.ts";
import type { CvdState } from "./cvd.ts";

export type Divergence = {
  /** Bearish: a higher high on lower CVD. Bullish: a lower low on higher CVD. */
  kind: "bearish" | "bullish";
  /** The two swings, and when the second was confirmed: nobody knew of the divergence before. */
  fromMs: number;
  toMs: number;
  atMs: number;
  fromTicks: number;
  toTicks: number;
  /** CVD at the close of the swings' bars, session anchored. */
  fromCvd: number;
  toCvd: number;
  /** |change of CVD| ÷ volume between: 0 to 1. */
  strength: number;
  reason: string;
};

/** A swing with what CVD and cumulative volume were at its bar's close. */
type FlowSwing = { priceTicks: number; atMs: number; cvd: number; volume: number };

export type DivergenceState = {
  barsEachSide: number;
  tradeDate: number;
  swings: SwingsState;
  /** Of the newest 2k + 1 bars, as in `swings`. */
  cvd: Float64Array;
  volume: Float64Array;
  formerHigh: FlowSwing | null;
  formerLow: FlowSwing | null;
  /** Pairs of swings compared in this session. */
  compared: number;
  atMs: number;
  /** Of this session, newest last. */
  found: Divergence[];
};

export type ReadyDivergences = {
  status: "ready";
  atMs: number;
  /** Pairs of swings compared in this session. */
  n: number;
  /** Newest first. */
  found: Divergence[];
  reasons: string[];
};

export type Divergences = ExplainedWarming | ReadyDivergences;

/** CVD must go the other way by this share of what was traded between the swings; less is noise. */
const STRENGTH_MIN = 0.02;
const FOUND_KEPT = 8;

export function createDivergence({ barsEachSide }: { barsEachSide: number }): DivergenceState {
  const span = 2 * barsEachSide + 1;
  return {
    barsEachSide,
    tradeDate: 0,
    swings: createSwings({ barsEachSide }),
    cvd: new Float64Array(span),
    volume: new Float64Array(span),
    formerHigh: null,
    formerLow: null,
    compared: 0,
    atMs: Number.NaN,
    found: [],
  };
}

/**
 * Takes the next closed bar, whose volume `cvd` has taken already. Of two swing highs of a session, one behind the
 * other, the second above the first while CVD stands lower by at least 2 % of the volume between them is a bearish
 * divergence; lows mirrored. A trade date begins without swings: none is compared across a reset of CVD.
 */
export function addDivergenceBar(state: DivergenceState, bar: AnalysisBar, cvd: CvdState): void {
  if (bar.tradeDate !== state.tradeDate) beginDate(state, bar.tradeDate);
  const span = state.cvd.length;
  const slot = state.swings.count % span;
  state.cvd[slot] = cvd.session.cvd;
  state.volume[slot] = cvd.session.volume;
  state.atMs = bar.endMs;
  addSwingBar(state.swings, bar);
  const { newHigh, newLow } = state.swings;
  if (newHigh !== null) state.formerHigh = compare(state, newHigh, state.formerHigh, "bearish");
  if (newLow !== null) state.formerLow = compare(state, newLow, state.formerLow, "bullish");
}

function beginDate(state: DivergenceState, tradeDate: number): void {
  state.tradeDate = tradeDate;
  state.swings = createSwings({ barsEachSide: state.barsEachSide });
  state.formerHigh = null;
  state.formerLow = null;
  state.compared = 0;
  state.found = [];
}

/** Returns the swing with its flow: the former one of the next comparison. */
function compare(state: DivergenceState, swing: Swing, former: FlowSwing | null, kind: Divergence["kind"]): FlowSwing {
  const slot = (state.swings.count - 1 - state.barsEachSide) % state.cvd.length;
  const here = { priceTicks: swing.priceTicks, atMs: swing.atMs, cvd: state.cvd[slot], volume: state.volume[slot] };
  if (former === null) return here;
  state.compared += 1;
  const sign = kind === "bearish" ? 1 : -1;
  const volume = here.volume - former.volume;
  const isFurther = sign * (here.priceTicks - former.priceTicks) > 0;
  const against = -sign * (here.cvd - former.cvd);
  if (!isFurther || volume <= 0 || against < STRENGTH_MIN * volume) return here;
  state.found.push({
    kind,
    fromMs: former.atMs,
    toMs: here.atMs,
    atMs: swing.confirmedMs,
    fromTicks: former.priceTicks,
    toTicks: here.priceTicks,
    fromCvd: former.cvd,
    toCvd: here.cvd,
    strength: against / volume,
    reason: reasonOf(kind, Math.abs(here.priceTicks - former.priceTicks), against, volume),
  });
  if (state.found.length > FOUND_KEPT) state.found.shift();
  return here;
}

function reasonOf(kind: Divergence["kind"], ticks: number, against: number, volume: number): string {
  const [extreme, way] = kind === "bearish" ? ["high", "lower"] : ["low", "higher"];
  const share = `${((100 * against) / volume).toFixed(1)} % of ${formatQuantity(volume)}`;
  return `${extreme} ${ticks} ticks beyond the last on CVD ${formatQuantity(against)} ${way} (${share} contracts)`;
}

/** The divergences of this session; warming until two swings of one kind were compared. */
export function divergencesOf(state: DivergenceState): Divergences {
  if (state.compared === 0) {
    return explainedWarming({ have: 0, need: 1 }, state.atMs, "no pair of swings of this session to compare yet");
  }
  const found = state.found.slice().reverse();
  const reasons = found.length > 0 ? [found[0].reason] : [`none in ${state.compared} pairs of swings`];
  return { status: "ready", atMs: state.atMs, n: state.compared, found, reasons };
}

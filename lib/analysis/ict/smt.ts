/** Do two markets that move together disagree at a turn? SMT divergence between two streams of confirmed swings. */
import type { Swing } from "#lib/analysis/swings.ts";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";
import type { IctSide } from "./zone.ts";

/** One turn of both markets. */
export type SwingPair = { first: Swing; second: Swing };

/**
 * Bearish: one market made a higher high, the other a lower one; bullish: lows mirrored. `leader` made the new extreme.
 * Touched: a later turn of the other market has passed its former extreme after all; then it is over.
 */
export type SmtDivergence = {
  kind: "smt";
  id: string;
  side: IctSide;
  leader: "first" | "second";
  from: SwingPair;
  to: SwingPair;
  bornMs: number;
  touched: boolean;
  state: "live" | "over";
};

export type SmtState = {
  /** Turns not matched yet, of highs and of lows, per market; newest last. */
  highs: { first: Swing[]; second: Swing[]; pair: SwingPair | null };
  lows: { first: Swing[]; second: Swing[]; pair: SwingPair | null };
  divergences: SmtDivergence[];
  /** Pairs of turns compared. */
  compared: number;
};

/** Prices in ticks. `needs`: the market to follow for it; null: this one has no sibling. */
export type Smt = { atMs: number; n: number; reasons: string[] } & (
  | { status: "none"; needs: string | null }
  | { status: "ready"; sibling: string; divergences: readonly Readonly<SmtDivergence>[] }
);

/** Turns of the two markets belong together within 15 minutes: three bars of 5 minutes. */
const MATCH_MS_MAX = 15 * MS_PER_MINUTE;
/** Turns further apart than a day are not compared. */
const PAIR_MS_MAX = MS_PER_DAY;
/** A divergence is news for so long. */
const RECENT_MS = 4 * MS_PER_HOUR;
/** Turns that wait for their counterpart; the oldest goes. */
const WAITING_MAX = 4;
const DIVERGENCES_MAX = 8;

export function createSmt(): SmtState {
  return {
    highs: { first: [], second: [], pair: null },
    lows: { first: [], second: [], pair: null },
    divergences: [],
    compared: 0,
  };
}

/**
 * Takes what one market confirmed, in order of confirmation; which market's comes first at one time does not matter.
 * ES highs 100 → 104 while NQ highs 300 → 298 at the same times: bearish, leader ES, known when both are confirmed.
 */
export function addSmtSwing(state: SmtState, market: "first" | "second", kind: "high" | "low", swing: Swing): void {
  const turns = kind === "high" ? state.highs : state.lows;
  const others = market === "first" ? turns.second : turns.first;
  const match = nearest(others, swing);
  if (match < 0) {
    const own = market === "first" ? turns.first : turns.second;
    if (own.length >= WAITING_MAX) own.shift();
    own.push(swing);
    return;
  }
  const [other] = others.splice(match, 1);
  const pair = market === "first" ? { first: swing, second: other } : { first: other, second: swing };
  const former = turns.pair;
  turns.pair = pair;
  const apartMs = former === null ? 0 : pair.first.atMs - former.first.atMs;
  if (former !== null && apartMs > 0 && apartMs <= PAIR_MS_MAX) compare(state, kind, former, pair);
}

/**
 * The divergences known at `atMs`, the end of the newest bar that both markets have; those older than four hours are
 * over. `n`: pairs of turns compared; `first` and `second` name the markets.
 */
export function smtOf(
  state: SmtState,
  { atMs, ...names }: { atMs: number; first: string; second: string },
): Extract<Smt, { status: "ready" }> {
  const divergences = state.divergences.map((entry): SmtDivergence => {
    const isOld = atMs - entry.bornMs > RECENT_MS;
    return { ...entry, state: isOld ? "over" : entry.state };
  });
  const live = divergences.filter((entry) => entry.state === "live");
  const reasons = live.map(({ side, leader }) => {
    const extreme = side === "bearish" ? "higher high" : "lower low";
    const laggard = leader === "first" ? "second" : "first";
    return `${side} SMT: ${names[leader]} made a ${extreme}, ${names[laggard]} did not`;
  });
  const none = `no SMT divergence now: ${state.compared} pairs of turns with ${names.second} compared today`;
  const n = state.compared;
  return { status: "ready", sibling: names.second, atMs, n, divergences, reasons: live.length > 0 ? reasons : [none] };
}

/** Nothing to compare with. */
export function noSmt(needs: string | null, atMs: number): Smt {
  const why = needs === null ? "SMT compares ES and NQ and their micros only" : `SMT needs ${needs}`;
  return { status: "none", needs, atMs, n: 0, reasons: [why] };
}

function nearest(swings: readonly Swing[], swing: Swing): number {
  let found = -1;
  let leastMs = MATCH_MS_MAX;
  for (let index = 0; index < swings.length; index += 1) {
    const apartMs = Math.abs(swings[index].atMs - swing.atMs);
    if (apartMs > leastMs) continue;
    found = index;
    leastMs = apartMs;
  }
  return found;
}

function compare(state: SmtState, kind: "high" | "low", from: SwingPair, to: SwingPair): void {
  const sign = kind === "high" ? 1 : -1;
  const side: IctSide = kind === "high" ? "bearish" : "bullish";
  const first = sign * (to.first.priceTicks - from.first.priceTicks);
  const second = sign * (to.second.priceTicks - from.second.priceTicks);
  state.compared += 1;
  for (const entry of state.divergences) {
    if (entry.side !== side || entry.state === "over") continue;
    const laggard = entry.leader === "first" ? "second" : "first";
    const passed = sign * (to[laggard].priceTicks - entry.from[laggard].priceTicks) > 0;
    if (passed) {
      entry.touched = true;
      entry.state = "over";
    }
  }
  if (!(first > 0 && second < 0) && !(first < 0 && second > 0)) return;
  const bornMs = Math.max(to.first.confirmedMs, to.second.confirmedMs);
  if (state.divergences.length >= DIVERGENCES_MAX) state.divergences.shift();
  state.divergences.push({
    kind: "smt",
    id: `smt:${side}:${bornMs}`,
    side,
    leader: first > 0 ? "first" : "second",
    from,
    to,
    bornMs,
    touched: false,
    state: "live",
  });
}

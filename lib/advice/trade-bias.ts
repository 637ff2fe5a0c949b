/** Which side would one take? Regime, wave and confluence have a vote each. */
import type { Side } from "./quality.ts";

/** What the voters say; null: it cannot say yet. */
export type Voters = {
  regime: "up" | "down" | "range" | "unknown" | null;
  /** Bias of the legs, and median leg up ÷ median leg down. */
  legs: { bias: "bullish" | "bearish" | "neutral"; ratio: number } | null;
  confluence: "bullish" | "bearish" | "neutral" | null;
};

/** 1: long, −1: short, 0: neither, null: cannot say yet. */
export type Votes = Record<"regime" | "wave" | "confluence", number | null>;

export type TradeBias = {
  side: Side | "none";
  /** Voters that could say something. */
  n: number;
  votes: Votes;
  /** The running leg's favour: median leg with the side ÷ median leg against it; null where unknown. */
  legRatio: number | null;
  why: string[];
  whyNot: string[];
};

const LEAN_VOTES = { bullish: 1, bearish: -1, neutral: 0 } as const;
const REGIME_VOTES = { up: 1, down: -1, range: 0, unknown: 0 } as const;

/** A side needs two votes and none against it. Up, bullish, neutral → long; up, bullish, bearish → none. */
export function tradeBiasOf({ regime, legs, confluence }: Voters): TradeBias {
  const votes: Votes = {
    regime: regime === null ? null : REGIME_VOTES[regime],
    wave: legs === null ? null : LEAN_VOTES[legs.bias],
    confluence: confluence === null ? null : LEAN_VOTES[confluence],
  };
  const cast = Object.values(votes).filter((vote) => vote !== null);
  const sum = cast.reduce((total, vote) => total + vote, 0);
  const isOpposed = cast.includes(1) && cast.includes(-1);
  const side = Math.abs(sum) < 2 ? "none" : sum > 0 ? "long" : "short";
  const wanted = side === "long" ? 1 : side === "short" ? -1 : null;
  const words = Object.entries(votes).map(([name, vote]) => ({ vote, text: `${name} ${wordOf(vote)}` }));
  const why = words.filter(({ vote }) => vote !== null && vote === wanted).map(({ text }) => text);
  const whyNot = words.filter(({ vote }) => vote === null || vote !== wanted).map(({ text }) => text);
  if (side === "none") whyNot.unshift(isOpposed ? "votes against each other" : "fewer than two votes for a side");
  const legRatio = legs === null || side === "none" ? null : side === "long" ? legs.ratio : 1 / legs.ratio;
  return { side, n: cast.length, votes, legRatio, why, whyNot };
}

function wordOf(vote: number | null): string {
  if (vote === null) return "cannot say yet";
  return vote > 0 ? "says long" : vote < 0 ? "says short" : "is neutral";
}

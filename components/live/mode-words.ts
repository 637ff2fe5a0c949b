/** What does the mode badge say? LIVE, DELAYED, REPLAY ×n, SIM · seed, and STALE beside it: a state, no mode. */

import { formatAge } from "#lib/format.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

export type ModeInput = {
  mode: FeedsReport["mode"];
  state: FeedsReport["state"];
  feed: string;
  /** The feed's own words; the simulator names its seed in them. */
  message: string;
  speed: number | null;
  /** For how long the linked contract has been stale, ms; null: it is not. */
  staleMs: number | null;
};

/** "SIM · seed 7", "SIM · seed 7 ×10", "REPLAY ×10", "REPLAY · ended", "LIVE", "DELAYED · STALE 12 s". */
export function modeWords({ mode, state, feed, message, speed, staleMs }: ModeInput): string {
  const seed = /^simulator:(\d+)$/.exec(feed)?.[1] ?? /\bseed (\d+)/.exec(message)?.[1];
  const seedWords = mode === "SIM" && seed !== undefined ? ` · seed ${seed}` : "";
  const stale = staleMs === null ? "" : ` · STALE ${formatAge(Math.floor(staleMs / 1_000) * 1_000)}`;
  return `${mode}${seedWords}${state === "ended" ? " · ended" : speedWords(mode, speed)}${stale}`;
}

function speedWords(mode: FeedsReport["mode"], speed: number | null): string {
  if (mode === "LIVE" || mode === "DELAYED") return "";
  if (speed === null) return " ×max";
  if (speed === 0) return " · paused";
  return mode === "SIM" && speed === 1 ? "" : ` ×${speed}`;
}

/** What may a person tell a running feed, and what does it say of itself? */

import type { FeedSink } from "./feed.ts";

export type LiveFeedAction = "start" | "stop" | "upgrade" | "downgrade";

/** trades: trades, quotes and bars. bars: the vendor's second and minute bars alone. */
export type LiveFeedLevel = "trades" | "bars";

/** `message` says in words what was done, or why not. */
export type LiveFeedAnswer = { status: "done" | "unchanged" | "refused"; message: string };

export type LiveFeedReport = {
  isRunning: boolean;
  /** What was asked for, and what is really received; null: nothing yet. */
  wanted: LiveFeedLevel;
  received: LiveFeedLevel | null;
  /** Smallest arrival − exchange time seen lately, ms; null: nothing measured. */
  delayMs: number | null;
  /** Messages' frames read since the start. */
  frames: number;
  contracts: readonly string[];
  /** Roots that the feed cannot deliver, each with the reason. */
  refusedRoots: readonly { root: string; reason: string }[];
  /** Where data come from: host names alone, never a key. */
  hosts: readonly string[];
};

/** The controls of one feed; a feed that has none answers each action with `refused` and the reason. */
export type LiveFeedControls = {
  act(action: LiveFeedAction): Promise<LiveFeedAnswer>;
  report(): LiveFeedReport;
  /** Where the controls may publish, for feeds that do not say by themselves that they stand. */
  bind?(sink: FeedSink): void;
};

/** Controls of a feed that has none: each action is refused with the reason. */
export function fixedFeed(reason: string): LiveFeedControls {
  return {
    act: async () => ({ status: "refused", message: reason }),
    report: () => ({
      isRunning: true,
      wanted: "trades",
      received: null,
      delayMs: null,
      frames: 0,
      contracts: [],
      refusedRoots: [],
      hosts: [],
    }),
  };
}

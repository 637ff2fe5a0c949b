/** What may a person tell a running feed, and what does it say of itself? */

export const LIVE_FEED_ACTIONS = ["start", "stop", "upgrade", "downgrade"] as const;
export type LiveFeedAction = (typeof LIVE_FEED_ACTIONS)[number];

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
};

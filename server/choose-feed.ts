/** Which feed do the settings ask for? */
import type { Contract } from "#lib/contract.ts";
import type { Mode } from "#lib/events/clock.ts";
import type { Config } from "#server/config.ts";
import type { Feed } from "#server/feeds/feed.ts";
import { createFileFeed, type FileFeedEnd } from "#server/feeds/file-feed.ts";
import { fixedFeed, type LiveFeedControls } from "#server/feeds/live-feed.ts";
import type { LiveMode } from "#server/feeds/massive/timeliness.ts";
import { createMassiveFeed } from "#server/feeds/massive-feed.ts";
import { createSimulatorControls } from "#server/feeds/simulator-controls.ts";
import { createSimulatorFeed } from "#server/feeds/simulator-feed.ts";

export type ChosenFeed = {
  feed: Feed;
  /** --replay always begins a new run. */
  alwaysNewRun: boolean;
  /** A file's end; null for feeds without one. */
  finished: Promise<FileFeedEnd> | null;
  controls: LiveFeedControls;
  /** What the data really are, when it is not the feed's mode: a new run has to begin; null for feeds that know. */
  modeChanged: Promise<LiveMode> | null;
  /** A root's front became this contract. */
  follow: ((contract: Contract) => void) | null;
};

/** What earlier data said of the vendor: the last run, or null; and what this process found out itself. */
export type FeedHints = { lastRun: { feed: string; mode: Mode } | null; found: LiveMode | null };

export function chooseFeed(config: Config, wallMs: () => number, hints: FeedHints): ChosenFeed {
  const speed = config.feedSpeed === "max" ? Number.POSITIVE_INFINITY : config.feedSpeed;
  const { feed: setting } = config;
  switch (setting.kind) {
    case "simulator": {
      const { instruments: roots, feedStartMs: startMs } = config;
      const feed = createSimulatorFeed({ seed: setting.seed, roots, speed, startMs, wallMs });
      const controls = createSimulatorControls(feed);
      return { feed, alwaysNewRun: false, finished: null, controls, modeChanged: null, follow: null };
    }
    case "massive": {
      const { massiveWsUrl: wsUrl, massiveRestUrl: restUrl, instruments: roots } = config;
      const mode = massiveMode(wsUrl, hints);
      const feed = createMassiveFeed({ key: setting.key, wsUrl, restUrl, roots, mode, wallMs });
      const { controls, modeChanged } = feed;
      const follow = (contract: Contract): void => feed.follow(contract);
      return { feed, alwaysNewRun: false, finished: null, controls, modeChanged, follow };
    }
    case "file": {
      const { path: paths, fromMs, contract: contractOverride, alwaysNewRun } = setting;
      const feed = createFileFeed({ paths, speed, fromMs, contractOverride, wallMs });
      const controls = fixedFeed("A file is replayed from beginning to end; start the product again for another.");
      return { feed, alwaysNewRun, finished: feed.finished, controls, modeChanged: null, follow: null };
    }
  }
}

/** What the data are expected to be: as found, as in the last run with this vendor, else as the host is called. */
function massiveMode(wsUrl: string, { lastRun, found }: FeedHints): LiveMode {
  if (found !== null) return found;
  const before = lastRun?.feed === "massive" ? lastRun.mode : null;
  if (before === "LIVE" || before === "DELAYED") return before;
  return new URL(wsUrl).hostname.startsWith("delayed.") ? "DELAYED" : "LIVE";
}

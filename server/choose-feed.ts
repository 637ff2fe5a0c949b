/** Which feed do the settings ask for? */
import type { Config } from "#server/config.ts";
import type { Feed } from "#server/feeds/feed.ts";
import { createFileFeed, type FileFeedEnd } from "#server/feeds/file-feed.ts";
import { createSimulatorFeed } from "#server/feeds/simulator-feed.ts";

export type ChosenFeed = {
  feed: Feed;
  /** --replay always begins a new run. */
  alwaysNewRun: boolean;
  /** A file's end; null for feeds without one. */
  finished: Promise<FileFeedEnd> | null;
};

export function chooseFeed(config: Config, wallMs: () => number): ChosenFeed {
  const speed = config.feedSpeed === "max" ? Number.POSITIVE_INFINITY : config.feedSpeed;
  const { feed: setting } = config;
  switch (setting.kind) {
    case "simulator": {
      const { instruments: roots, feedStartMs: startMs } = config;
      const feed = createSimulatorFeed({ seed: setting.seed, roots, speed, startMs, wallMs });
      return { feed, alwaysNewRun: false, finished: null };
    }
    case "file": {
      const { path: paths, fromMs, contract: contractOverride, alwaysNewRun } = setting;
      const feed = createFileFeed({ paths, speed, fromMs, contractOverride, wallMs });
      return { feed, alwaysNewRun, finished: feed.finished };
    }
  }
}

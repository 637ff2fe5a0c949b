/** What does the feed say of itself: running, connected, what it wants, what it gets? */
import { liveFeedReportSchema } from "#lib/wire/live-feed.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/live_feed. */
export function getAnalysisLiveFeed(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "State of the live feed", response: { 200: liveFeedReportSchema } };
  app.get("/analysis/live_feed", { schema }, async () => {
    const { feed, mode } = deps.status();
    const { isRunning, frames, contracts, refusedRoots, wanted, received, delayMs } = deps.liveFeed.report();
    const { trades, bars, uptimeSeconds, errors, errorCount } = deps.feedTraffic();
    return {
      status: feed.state,
      message: feed.message,
      connected: feed.state === "connected",
      running: isRunning,
      mode,
      tickers: [...contracts],
      msgs: frames,
      trades,
      bars,
      uptime: uptimeSeconds,
      errors: [...errors],
      errorCount,
      wanted,
      received,
      delayMs,
      refusedRoots: [...refusedRoots],
      data_source: feed.name,
    };
  });
}

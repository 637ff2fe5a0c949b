/** Where do the prices come from, and are they real? */
import type { Mode } from "#lib/events/clock.ts";
import { dataSourceSchema } from "#lib/wire/live-feed.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const WORDS: Readonly<Record<Mode, string>> = {
  LIVE: "Real prices as they happen.",
  DELAYED: "Real prices, about 10 minutes late.",
  REPLAY: "Prices of the past, replayed from a file.",
  SIM: "Simulated prices of no market.",
};

/** GET /analysis/data_source: what really delivers now, never what a key would allow. */
export function getAnalysisDataSource(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "The data source and whether it is real", response: { 200: dataSourceSchema } };
  app.get("/analysis/data_source", { schema }, async () => {
    const { feed, mode } = deps.status();
    const hosts = [...deps.liveFeed.report().hosts];
    return { data_source: feed.name, mode, real: mode !== "SIM", hosts, message: WORDS[mode] };
  });
}

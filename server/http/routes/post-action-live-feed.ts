/** May a person stop, start, upgrade or downgrade the feed? Done, unchanged, or refused with the feed's reason. */
import { z } from "zod";
import { liveFeedActionSchema, liveFeedAnswerSchema } from "#lib/wire/live-feed.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const DONE = { start: "started", stop: "stopped", upgrade: "upgraded", downgrade: "downgraded" } as const;

/** POST /actions/live_feed/{start,stop,upgrade,downgrade}; upgrade: trades and quotes, downgrade: bars alone. */
export function postActionLiveFeed(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Start or stop the feed; upgrade to trades and quotes, downgrade to bars",
    params: z.object({ action: liveFeedActionSchema }),
    response: { 200: liveFeedAnswerSchema },
  };
  app.post("/actions/live_feed/:action", { schema }, async (request) => {
    const { action } = request.params;
    const ready = deps.isReady();
    if (!ready.ready) throw new CodedError("NOT_READY", { message: ready.reason });
    const { status, message } = await deps.liveFeed.act(action);
    if (status === "refused") throw new CodedError("FEED_REFUSED", { message, field: "action", received: action });
    const timestamp = new Date().toISOString();
    return { status: status === "done" ? DONE[action] : status, message, timestamp };
  });
}

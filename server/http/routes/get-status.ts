/** Which run is this, in which mode, with which feed, and what is not real or not there? */

import { statusAnswerSchema } from "#lib/wire/status.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /status. */
export function getStatus(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Mode, run, feed, session state of each calendar, versions, and what is simulated or absent",
    response: { 200: statusAnswerSchema },
  };
  app.get("/status", { schema }, async () => deps.status());
}

/** Is start-up over: has the log been recovered and the first history loaded? */

import { readyAnswerSchema } from "#lib/wire/status.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /ready: 503 NOT_READY until then, afterwards 200. */
export function getReady(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "503 until recovery and first history are done, then 200",
    response: { 200: readyAnswerSchema },
  };
  app.get("/ready", { schema }, async () => {
    const state = deps.isReady();
    if (!state.ready) throw new CodedError("NOT_READY", { message: state.reason });
    return { ready: true as const };
  });
}

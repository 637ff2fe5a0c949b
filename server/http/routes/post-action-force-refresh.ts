/** Shall the live analyses be held against the log? Starts the replay; GET /analysis/status says what came of it. */
import { forceRefreshSchema } from "#lib/wire/refresh.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** POST /actions/force_refresh {from?}, also /analysis/force_refresh: 202; one under way is not begun again. */
export function postActionForceRefresh(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "Replay the log beside the live analyses, compare and mend", body: forceRefreshSchema };
  for (const address of ["/actions/force_refresh", "/analysis/force_refresh"]) {
    app.post(address, { schema }, async (request, reply) => {
      const ready = deps.isReady();
      if (!ready.ready) throw new CodedError("NOT_READY", { message: ready.reason });
      const refresh = deps.forceRefresh(request.body?.from ?? "snapshot");
      const message = "GET /analysis/status tells the progress and what was found, under refresh";
      return reply
        .code(202)
        .send({ status: "refresh_triggered", message, timestamp: new Date().toISOString(), refresh });
    });
  }
}

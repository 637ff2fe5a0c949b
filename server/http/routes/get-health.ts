/** Can the data-service do its job, and how is each of its parts? */

import { healthAnswerSchema } from "#lib/wire/status.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /health: 200 or 503 with the same report; a degraded part alone is no 503. */
export function getHealth(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Each part's state, last progress and lag; 503 only when the service cannot do its job",
    response: { 200: healthAnswerSchema, 503: healthAnswerSchema },
  };
  app.get("/health", { schema }, async (_request, reply) => {
    const work = deps.canWork();
    const reason = work.ok ? null : work.reason;
    reply.code(work.ok ? 200 : 503);
    return { ...deps.ops(), canWork: work.ok, reason };
  });
}

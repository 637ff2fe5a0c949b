/** What does Prometheus scrape? */

import { z } from "zod";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /metrics in Prometheus's text format. */
export function getMetrics(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Prometheus text format",
    produces: ["text/plain"],
    response: { 200: z.string() },
  };
  // NOTE: the schema is for /docs; the text leaves as it is.
  app.get("/metrics", { schema, serializerCompiler: () => String }, async (_request, reply) => {
    const text = await deps.metricsText();
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(text);
  });
}

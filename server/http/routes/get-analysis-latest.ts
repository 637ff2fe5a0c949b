/** What do all analyses say of one instrument, of all, and beside one another? */
import { z } from "zod";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/latest, /analysis/latest/:instrument ("ES"), /analysis/scanner: what was published, and what forms. */
export function getAnalysisLatest(app: HttpApp, deps: HttpDeps): void {
  const one = { summary: "All analyses of one instrument", params: z.object({ instrument: z.string() }) };
  app.get("/analysis/latest/:instrument", { schema: one }, async (request) => {
    const root = request.params.instrument.toUpperCase();
    const view = deps.insight(root);
    if (view !== null) return view;
    throw new CodedError("UNKNOWN_CONTRACT", { field: "instrument", received: request.params.instrument });
  });
  app.get("/analysis/scanner", { schema: { summary: "Scanner rows, no-trade findings, focus list" } }, async () =>
    deps.scanner(),
  );
  app.get("/analysis/latest", { schema: { summary: "All analyses of every instrument" } }, async () =>
    Object.fromEntries(deps.instruments().map(({ root }) => [root, deps.insight(root)])),
  );
}

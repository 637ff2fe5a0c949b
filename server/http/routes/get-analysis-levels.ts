/** Which levels lie around an instrument's price? */
import { z } from "zod";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/levels/:instrument ("ES"): the board as published, and with the forming bars. */
export function getAnalysisLevels(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "The level board of one instrument", params: z.object({ instrument: z.string() }) };
  app.get("/analysis/levels/:instrument", { schema }, async (request) => {
    const view = deps.insight(request.params.instrument.toUpperCase());
    if (view === null) {
      throw new CodedError("UNKNOWN_CONTRACT", { field: "instrument", received: request.params.instrument });
    }
    const { instrument, contract, mode, asOfMs, whyNull, parts, provisional } = view;
    const [levels, now] = [parts?.levels ?? null, provisional?.levels ?? null];
    return { instrument, contract, mode, asOfMs, whyNull, levels, provisional: now };
  });
}

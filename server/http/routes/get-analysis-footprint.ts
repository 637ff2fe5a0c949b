/** What was bought and sold at each price of a contract's newest bars? */
import { z } from "zod";
import { FOOTPRINT_INTERVALS } from "#lib/wire/footprint.ts";
import { CodedError } from "#server/errors.ts";
import { shortSymbolOf } from "../contract-name.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/footprint/:contract ("ESZ6"), ?interval= 1m or 5m. */
export function getAnalysisFootprint(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Bid × ask by price of the newest bars, the forming one last",
    params: z.object({ contract: z.string() }),
    querystring: z.strictObject({ interval: z.enum(FOOTPRINT_INTERVALS).default("5m") }),
  };
  app.get("/analysis/footprint/:contract", { schema }, async (request) => {
    const given = request.params.contract;
    const symbol = shortSymbolOf(given, deps.status().nowMs);
    const answer = symbol === null ? null : deps.footprint(symbol, request.query.interval);
    if (answer !== null) return answer;
    throw new CodedError("UNKNOWN_CONTRACT", { field: "contract", received: given });
  });
}

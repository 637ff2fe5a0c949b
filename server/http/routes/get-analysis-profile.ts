/** At which prices was a contract traded, and how much? */
import { z } from "zod";
import { PROFILE_SPANS } from "#lib/wire/footprint.ts";
import { CodedError } from "#server/errors.ts";
import { shortSymbolOf } from "../contract-name.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/profile/:contract ("ESZ6"), ?span= session, rth or composite. */
export function getAnalysisProfile(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Volume by price and side, with point of control and value area",
    params: z.object({ contract: z.string() }),
    querystring: z.strictObject({ span: z.enum(PROFILE_SPANS).default("session") }),
  };
  app.get("/analysis/profile/:contract", { schema }, async (request) => {
    const given = request.params.contract;
    const symbol = shortSymbolOf(given, deps.status().nowMs);
    const answer = symbol === null ? null : deps.profile(symbol, request.query.span);
    if (answer !== null) return answer;
    throw new CodedError("UNKNOWN_CONTRACT", { field: "contract", received: given });
  });
}

/** At which prices was a contract traded, and how much? */
import { z } from "zod";
import { PROFILE_SPANS, VALUE_AREA_RULES } from "#lib/wire/footprint.ts";
import { CodedError } from "#server/errors.ts";
import { shortSymbolOf } from "../contract-name.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const epochMs = z.coerce.number().int().nonnegative();

const asked = z
  .strictObject({
    span: z.enum(PROFILE_SPANS).optional(),
    from: epochMs.optional(),
    to: epochMs.optional(),
    valueArea: z.enum(VALUE_AREA_RULES).default("two-row"),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), "from and to come together")
  .refine(({ from = 0, to = 1 }) => from < to, "from must lie before to")
  .refine(({ span, from }) => span === undefined || from === undefined, "either a span, or from and to");

/**
 * GET /analysis/profile/:contract ("ESZ6"), ?span= session, rth or composite; or ?from= and to=, epoch ms; either with
 * &valueArea=one-row.
 */
export function getAnalysisProfile(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Volume by price and side, with point of control and value area",
    params: z.object({ contract: z.string() }),
    querystring: asked,
  };
  app.get("/analysis/profile/:contract", { schema }, async (request) => {
    const given = request.params.contract;
    const symbol = shortSymbolOf(given, deps.status().nowMs);
    const { span = "session", from, to, valueArea } = request.query;
    const range = from === undefined || to === undefined ? span : { fromMs: from, toMs: to };
    const answer = symbol === null ? null : deps.profile(symbol, range, valueArea);
    if (answer !== null) return answer;
    throw new CodedError("UNKNOWN_CONTRACT", { field: "contract", received: given });
  });
}

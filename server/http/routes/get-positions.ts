/** What do the accounts hold, how old is that, and what are they marked by? */
import { positionsAnswerSchema } from "#lib/wire/positions.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /positions, and /positions/ as the incumbent has it. */
export function getPositions(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Bridge accounts: positions, marks and their source, liveness, values, drift",
    response: { 200: positionsAnswerSchema },
  };
  app.get("/positions", { schema }, async () => deps.positions());
  app.get("/positions/", { schema: { ...schema, hide: true } }, async () => deps.positions());
}

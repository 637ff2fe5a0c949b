/** Which instruments are followed, by which contract, at which price? */

import { instrumentsAnswerSchema } from "#lib/wire/instruments.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /instruments. */
export function getInstruments(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Followed roots with front contract, sizes and last price",
    response: { 200: instrumentsAnswerSchema },
  };
  app.get("/instruments", { schema }, async () => ({ instruments: deps.instruments() }));
}

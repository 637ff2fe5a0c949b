/** Which contract of a root does the user want in front? */

import { z } from "zod";
import { pinAnswerSchema, pinRequestSchema } from "#lib/wire/bars.ts";
import { CodedError } from "#server/errors.ts";
import { longSymbolOf } from "../contract-name.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** POST /contracts/:root/pin {contract: "ESZ6" | "ESZ26" | null}: answers when the choice is on disk; null frees it. */
export function postContractPin(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Pin the front contract of a root, or free it with null; durable",
    params: z.object({ root: z.string() }),
    body: pinRequestSchema,
    response: { 200: pinAnswerSchema },
  };
  app.post("/contracts/:root/pin", { schema }, async (request) => {
    const root = request.params.root.toUpperCase();
    const given = request.body.contract;
    if (!deps.instruments().some((row) => row.root === root)) {
      throw new CodedError("UNKNOWN_CONTRACT", { field: "root", received: request.params.root });
    }
    const symbol = given === null ? null : longSymbolOf(given, deps.status().nowMs);
    const { seq, outcome, row } = await deps.pin(root, symbol);
    if (outcome.status === "refused" || row === null) {
      const message = outcome.status === "refused" ? outcome.reason : `root ${root} is not followed`;
      throw new CodedError("UNKNOWN_CONTRACT", { message, field: "contract", received: given ?? "null" });
    }
    const status = outcome.status === "accepted" ? ("accepted" as const) : ("unchanged" as const);
    return { seq, outcome: status, root, contract: row.contract, pinned: row.pinned };
  });
}

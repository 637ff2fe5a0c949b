/** From which minute shall VWAP and CVD also be summed? The user's anchors of a contract: durable before the answer. */
import { anchorAnswerSchema, removeAnchorSchema, setAnchorSchema } from "#lib/wire/anchors.ts";
import { CodedError } from "#server/errors.ts";
import { shortSymbolOf } from "../contract-name.ts";
import type { AnchorWish, HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const RESPONSE = { 200: anchorAnswerSchema };

/** POST /actions/set_anchor {instrument, at_ms} and /actions/remove_anchor {instrument, at_ms | null}. */
export function postActionAnchor(app: HttpApp, deps: HttpDeps): void {
  const set = { summary: "Anchor VWAP and CVD at a minute; durable", body: setAnchorSchema, response: RESPONSE };
  app.post("/actions/set_anchor", { schema: set }, async ({ body }) => {
    return answered(deps, body.instrument, { type: "place", atMs: body.at_ms });
  });
  const remove = { summary: "Remove an anchor, or all (null); durable", body: removeAnchorSchema, response: RESPONSE };
  app.post("/actions/remove_anchor", { schema: remove }, async ({ body }) => {
    return answered(deps, body.instrument, { type: "remove", atMs: body.at_ms });
  });
}

const DONE = { place: "placed", remove: "removed" } as const;

async function answered(deps: HttpDeps, instrument: string, wish: AnchorWish) {
  const root = instrument.toUpperCase();
  const front = deps.instruments().find((row) => row.root === root)?.contract;
  const contract = front ?? shortSymbolOf(instrument, deps.status().nowMs);
  const result = contract === null ? null : await deps.anchor(contract, wish);
  if (contract === null || result === null) {
    throw new CodedError("UNKNOWN_CONTRACT", { field: "instrument", received: instrument });
  }
  const { seq, outcome, anchors } = result;
  if (outcome.status === "refused") {
    throw new CodedError("ANCHOR_REFUSED", { message: outcome.reason, field: "at_ms", received: String(wish.atMs) });
  }
  const status = outcome.status === "accepted" ? DONE[wish.type] : ("no_change" as const);
  return { status, contract, anchors, seq, timestamp: new Date().toISOString() };
}

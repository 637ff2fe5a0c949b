/** How does a person, or a program of the incumbent's, enter, change, close and take back a trade? */
import { z } from "zod";
import {
  cancelAnswerSchema,
  closeTradeSchema,
  enterTradeSchema,
  logAnswerSchema,
  logTradeSchema,
  noteTradeSchema,
  tradeAnswerSchema,
} from "#lib/wire/trades.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const params = z.object({ id: z.string() });
const RESPONSE = { 200: tradeAnswerSchema };

/** POST /trades and /log_trade; PUT, DELETE /trades/:id; POST /trades/:id/{close,cancel}; PUT /trades/:id/notes. */
export function postTrade(app: HttpApp, { tradeDesk }: HttpDeps): void {
  const enter = { summary: "Enter a trade; durable", body: enterTradeSchema, response: { 201: tradeAnswerSchema } };
  app.post("/trades", { schema: enter }, async ({ body }, reply) => reply.code(201).send(await tradeDesk.enter(body)));
  const amend = { summary: "Say a trade by form anew; durable", params, body: enterTradeSchema, response: RESPONSE };
  app.put("/trades/:id", { schema: amend }, async ({ params, body }) => tradeDesk.amend(params.id, body));
  const note = {
    summary: "Tags, setup and notes of a trade; durable",
    params,
    body: noteTradeSchema,
    response: RESPONSE,
  };
  app.put("/trades/:id/notes", { schema: note }, async ({ params, body }) => tradeDesk.note(params.id, body));
  const remove = { summary: "Take a trade by form back; durable", params, response: RESPONSE };
  app.delete("/trades/:id", { schema: remove }, async ({ params }) => tradeDesk.remove(params.id));
  const close = { summary: "Close an open trade by form; durable", params, body: closeTradeSchema, response: RESPONSE };
  app.post("/trades/:id/close", { schema: close }, async ({ params, body }) => tradeDesk.close(params.id, body));
  const cancel = { summary: "Take back an open trade; durable", params, response: { 200: cancelAnswerSchema } };
  app.post("/trades/:id/cancel", { schema: cancel }, async ({ params }) => {
    const { seq, trade } = await tradeDesk.cancel(params.id);
    return { status: "cancelled" as const, trade_id: trade.id, seq, trade };
  });
  const log = {
    summary: "Log a trade that is over; durable",
    body: logTradeSchema,
    response: { 200: logAnswerSchema },
  };
  app.post("/log_trade", { schema: log }, async ({ body: { pnl: _, ...form } }) => {
    const { seq, trade } = await tradeDesk.enter(form);
    return { status: "logged" as const, trade_id: trade.id, pnl: trade.netUsd, seq, trade };
  });
}

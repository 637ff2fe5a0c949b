/** What were the trades, what is open, what did today bring? */
import { z } from "zod";
import {
  afterSeqSchema,
  todayPnlSchema,
  tradeSchema,
  tradesAnswerSchema,
  tradesQuerySchema,
} from "#lib/wire/trades.ts";
import { accountAsked } from "#server/trades/trade-book.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const accountSchema = tradesQuerySchema.pick({ afterSeq: true, account: true, account_size: true });

/** GET /trades, /trades/open, /trades/today/pnl, /trades/:id; `?afterSeq=` waits for what was just written. */
export function getTrades(app: HttpApp, { tradeBook, projected }: HttpDeps): void {
  const all = {
    summary: "Round trips, newest first, with totals of all that match",
    querystring: tradesQuerySchema,
    response: { 200: tradesAnswerSchema },
  };
  app.get("/trades", { schema: all }, async ({ query }) => {
    await projected(query.afterSeq ?? 0);
    return tradeBook.find(query);
  });
  const open = { summary: "Trades that are open", querystring: accountSchema, response: { 200: z.array(tradeSchema) } };
  app.get("/trades/open", { schema: open }, async ({ query }) => {
    await projected(query.afterSeq ?? 0);
    return (await tradeBook.find({ ...query, status: "open" })).trades;
  });
  const today = {
    summary: "What this trading day (from 17:00 CT) has brought, net, by the closing fills",
    querystring: accountSchema,
    response: { 200: todayPnlSchema },
  };
  app.get("/trades/today/pnl", { schema: today }, async ({ query }) => {
    await projected(query.afterSeq ?? 0);
    return tradeBook.dayPnl(Date.now(), accountAsked(query));
  });
  const one = {
    summary: "One trade",
    params: z.object({ id: z.string() }),
    querystring: afterSeqSchema,
    response: { 200: tradeSchema },
  };
  app.get("/trades/:id", { schema: one }, async ({ params, query }) => {
    await projected(query.afterSeq ?? 0);
    return tradeBook.trade(params.id);
  });
}

/** How does everything leave again? All fills that count, as CSV or JSON that reads back without loss. */
import { csvOf } from "#lib/imports/export-table.ts";
import { FILL_TABLE, jsonOf } from "#lib/imports/export-tables.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /export/fills.csv and /export/fills.json. */
export function getExport(app: HttpApp, { tradeBook }: HttpDeps): void {
  app.get("/export/fills.csv", { schema: { summary: "All fills as CSV" } }, async (_request, reply) => {
    reply.type("text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="fills.csv"');
    return csvOf(FILL_TABLE, await tradeBook.fills());
  });
  app.get("/export/fills.json", { schema: { summary: "All fills as JSON" } }, async (_request, reply) => {
    reply.type("application/json; charset=utf-8").header("content-disposition", 'attachment; filename="fills.json"');
    return reply.serializer((text: unknown) => String(text)).send(jsonOf({ fills: await tradeBook.fills(), days: [] }));
  });
}

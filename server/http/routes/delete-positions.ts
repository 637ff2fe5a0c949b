/** Shall an account's last word go off the screen? A bridge that lives says it again within a second. */
import { clearedAnswerSchema, clearPositionsSchema } from "#lib/wire/positions.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** DELETE /positions {account?}: of one account, or of all. What was executed stays known. */
export function deletePositions(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Forget what bridges reported of positions; durable",
    body: clearPositionsSchema.optional(),
    response: { 200: clearedAnswerSchema },
  };
  for (const [address, hide] of [
    ["/positions", false],
    ["/positions/", true],
  ] as const) {
    app.delete(address, { schema: { ...schema, hide } }, async ({ body }) => {
      const { seq, outcome } = await deps.clearPositions(body?.account ?? null);
      const status = outcome.status === "accepted" ? ("cleared" as const) : ("no_change" as const);
      return { seq, status, timestamp: new Date().toISOString() };
    });
  }
}

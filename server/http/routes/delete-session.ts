/** How does a browser give its session back? */

import { sessionAnswerSchema } from "#lib/wire/status.ts";
import type { Guard } from "../guard.ts";
import type { HttpApp } from "../http-app.ts";
import { sessionCookie } from "../session-cookie.ts";

/** DELETE /session: the browser forgets its cookie. */
export function deleteSession(app: HttpApp, guard: Guard): void {
  const schema = { summary: "End this browser's session", response: { 200: sessionAnswerSchema } };
  app.delete("/session", { schema }, async (request, reply) => {
    reply.header("set-cookie", sessionCookie(null, guard.isOverHttps(request.raw)));
    return { expiresMs: null };
  });
}

/** Did the person at this browser type the installation's key? Then it gets a cookie that says so. */

import { sessionAnswerSchema, sessionRequestSchema } from "#lib/wire/status.ts";
import type { HttpDeps } from "../deps.ts";
import type { Guard } from "../guard.ts";
import type { HttpApp } from "../http-app.ts";
import { createSessionToken, sessionCookie } from "../session-cookie.ts";

/** POST /session {key}: an httpOnly, SameSite=Strict cookie; wrong keys are counted by caller. */
export function postSession(app: HttpApp, deps: HttpDeps, guard: Guard): void {
  const { apiKey } = deps.config;
  const schema = {
    summary: "Exchange the key for a browser's session cookie",
    body: sessionRequestSchema,
    response: { 200: sessionAnswerSchema },
  };
  app.post("/session", { schema }, async (request, reply) => {
    const refusal = guard.refusalOfKey(request.body.key, guard.callerOf(request.raw));
    if (refusal !== null) throw refusal;
    if (apiKey === null) return { expiresMs: null };
    const { token, expiresMs } = createSessionToken(apiKey, Date.now());
    reply.header("set-cookie", sessionCookie(token, guard.isOverHttps(request.raw)));
    return { expiresMs };
  });
}

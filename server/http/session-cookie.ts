/** How does a browser prove, without keeping the key, that somebody typed it? By a token that only the key can make. */

import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { SESSION_MS_MAX } from "#lib/limits.ts";

const COOKIE_NAME = "rightseat_session";

/** Are two secrets equal? Takes equally long wherever they differ, and whatever their lengths. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * A token for a session that begins at `nowMs`: `EXPIRES_MS.NONCE.HMAC`. It holds through restarts and ends with its
 * time, or for all at once when API_KEY changes; the key cannot be read from it.
 */
export function createSessionToken(apiKey: string, nowMs: number): { token: string; expiresMs: number } {
  const expiresMs = nowMs + SESSION_MS_MAX;
  const claim = `${expiresMs}.${randomBytes(16).toString("base64url")}`;
  return { token: `${claim}.${signature(apiKey, claim)}`, expiresMs };
}

/** Was the token made with this key, and is its time not over? */
export function isSessionToken(token: string, apiKey: string, nowMs: number): boolean {
  const match = /^((\d{1,15})\.[\w-]{22})\.([\w-]{43})$/.exec(token);
  if (match === null) return false;
  return isSameSecret(match[3], signature(apiKey, match[1])) && nowMs < Number(match[2]);
}

function signature(apiKey: string, claim: string): string {
  return createHmac("sha256", apiKey).update(`rightseat session ${claim}`).digest("base64url");
}

/** The Set-Cookie header that opens a session (token) or ends it (null). `isSecure`: over https alone. */
export function sessionCookie(token: string | null, isSecure: boolean): string {
  const seconds = token === null ? 0 : SESSION_MS_MAX / 1_000;
  const secure = isSecure ? "; Secure" : "";
  return `${COOKIE_NAME}=${token ?? ""}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** The token of a Cookie header; null where there is none. */
export function tokenOfCookies(header: string | undefined): string | null {
  for (const part of (header ?? "").split(";")) {
    const [name, value] = part.split("=", 2);
    if (name?.trim() === COOKIE_NAME && value !== undefined) return value.trim();
  }
  return null;
}

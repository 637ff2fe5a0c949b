/** May this request come in at all? Every caller is hostile until its Host, Origin, type and key say otherwise. */

import type { IncomingHttpHeaders } from "node:http";
import { isAllowedHost } from "#server/allowed-host.ts";
import { type Config, isLoopback } from "#server/config.ts";
import { CodedError, type ErrorBody } from "#server/errors.ts";
import { KeyTries } from "./key-tries.ts";
import { isSameSecret, isSessionToken, tokenOfCookies } from "./session-cookie.ts";

/** What of a request is judged; Node's IncomingMessage has it. */
export type GuardedRequest = {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
};

/** Who asks: the name it called us by, and its address; both vouched for by the web process, or seen by ourselves. */
export type Caller = { host: string | undefined; address: string };

/** open: answered without a key, for probes and for the exchange of the key itself. */
export type Access = "open" | "key";

export type Guard = {
  callerOf(request: GuardedRequest): Caller;
  /** Null: let it in; else the refusal to answer with. Order: Host, site, Origin, content type, key. */
  refusalOf(request: GuardedRequest, access: Access): CodedError | null;
  /** The same for a websocket's upgrade, which always needs an Origin on the list or a key. */
  checkUpgrade(request: GuardedRequest): { status: number; body: ErrorBody } | null;
  /** Null: the key is right (or the installation has none); a wrong one counts against the caller. */
  refusalOfKey(key: string, caller: Caller): CodedError | null;
  /** Did the browser come by PUBLIC_ORIGIN, and is that https? Then its cookie is for https alone. */
  isOverHttps(request: GuardedRequest): boolean;
};

export type GuardConfig = Pick<Config, "apiKey" | "webSecret" | "publicOrigin" | "webPort">;

const READING_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Creates the guard of one data-service. `nowMs` is the wall clock: sessions end and tries are forgotten by it. */
export function createGuard(config: GuardConfig, nowMs: () => number): Guard {
  const origins = allowedOrigins(config);
  const tries = new KeyTries(nowMs);
  const callerOf = (request: GuardedRequest) => callerBehind(request, config.webSecret);

  function refusalOfKey(key: string, caller: Caller): CodedError | null {
    if (config.apiKey === null) return null;
    if (tries.isLocked(caller.address)) return new CodedError("RATE_LIMITED", { message: "Too many wrong keys." });
    if (isSameSecret(key, config.apiKey)) return null;
    tries.countWrong(caller.address);
    return new CodedError("UNAUTHORISED", { message: "That key is wrong." });
  }

  function refusalOfCaller(request: GuardedRequest, caller: Caller): CodedError | null {
    if (config.apiKey === null) return null;
    const key = keyOf(request);
    if (key !== null) return refusalOfKey(key, caller);
    const token = tokenOfCookies(request.headers.cookie);
    if (token !== null && isSessionToken(token, config.apiKey, nowMs())) return null;
    return new CodedError("UNAUTHORISED");
  }

  function refusalOfOrigin(request: GuardedRequest, caller: Caller): CodedError | null {
    const { origin } = request.headers;
    if (origin !== undefined) {
      if (origins.includes(origin)) return null;
      return new CodedError("ORIGIN_REFUSED", { expected: origins.join(" or "), received: origin.slice(0, 100) });
    }
    // NOTE: browsers always name an Origin here, so this is a program: it needs the key, a cookie does not do.
    const key = keyOf(request);
    if (config.apiKey !== null && key !== null) return refusalOfKey(key, caller);
    if (config.apiKey === null && isLoopback(caller.address) && isAllowedHost(caller.host, null)) return null;
    return new CodedError("ORIGIN_REFUSED", { expected: "an Origin, or the header X-API-Key", received: "neither" });
  }

  function refusalOfHost(caller: Caller): CodedError | null {
    return isAllowedHost(caller.host, config.publicOrigin) ? null : new CodedError("HOST_REFUSED");
  }

  return {
    callerOf,
    refusalOfKey,
    isOverHttps(request) {
      const isPublic = !isAllowedHost(callerOf(request).host, null);
      return isPublic && config.publicOrigin?.startsWith("https:") === true;
    },
    refusalOf(request, access) {
      const caller = callerOf(request);
      const foreign = refusalOfHost(caller);
      if (foreign !== null) return foreign;
      if (!READING_METHODS.has(request.method ?? "")) {
        const refusal = refusalOfOrigin(request, caller) ?? refusalOfType(request.headers["content-type"]);
        if (refusal !== null) return refusal;
      } else if (isFetchedByOthers(request.headers)) {
        return new CodedError("ORIGIN_REFUSED", { message: "Other sites may not fetch from here." });
      }
      return access === "open" ? null : refusalOfCaller(request, caller);
    },
    checkUpgrade(request) {
      const caller = callerOf(request);
      const refusal = refusalOfHost(caller) ?? refusalOfOrigin(request, caller) ?? refusalOfCaller(request, caller);
      return refusal === null ? null : { status: refusal.status, body: refusal.body() };
    },
  };
}

/** X-Forwarded-* is read beside the web process's secret only; else the connection itself is the caller. */
function callerBehind(request: GuardedRequest, webSecret: string | null): Caller {
  const { headers } = request;
  const given = headers["x-rightseat-web"];
  if (webSecret !== null && typeof given === "string" && isSameSecret(given, webSecret)) {
    return { host: only(headers["x-forwarded-host"]), address: plainAddress(only(headers["x-forwarded-for"])) };
  }
  return { host: headers.host, address: plainAddress(request.socket.remoteAddress) };
}

/**
 * Does the browser say that another site's page (or another port's) fetches this, not a person who follows a link?
 * Such a page could read nothing; refused before it is counted, it cannot use up this machine's requests either.
 */
function isFetchedByOthers(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  return (site === "cross-site" || site === "same-site") && headers["sec-fetch-mode"] !== "navigate";
}

function only(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** "::ffff:127.0.0.1" (IPv4 on a socket for both) → "127.0.0.1". */
function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/i, "");
}

function keyOf(request: GuardedRequest): string | null {
  return only(request.headers["x-api-key"]) ?? null;
}

/** A form can be sent to any site without asking; JSON and plain bytes cannot. Which of them, the route says. */
function refusalOfType(contentType: string | undefined): CodedError | null {
  const mediaType = (contentType ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType === "application/json" || mediaType === "application/octet-stream") return null;
  const received = contentType === undefined ? "none" : contentType.slice(0, 100);
  return new CodedError("WRONG_CONTENT_TYPE", { field: "Content-Type", expected: "application/json", received });
}

function allowedOrigins({ webPort, publicOrigin }: GuardConfig): readonly string[] {
  const loopback = ["localhost", "127.0.0.1", "[::1]"].map((host) => new URL(`http://${host}:${webPort}`).origin);
  return publicOrigin === null ? loopback : [...loopback, publicOrigin];
}

/** How does the data-service answer HTTP? Fastify with the guard in front, zod at the door and one shape of error. */

import type { Server } from "node:http";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import {
  HTTP_BODY_BYTES_MAX,
  HTTP_CALLERS_MAX,
  HTTP_REQUEST_MS_MAX,
  HTTP_REQUESTS_PER_MINUTE_MAX,
} from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { BadSettings } from "#server/config.ts";
import { CodedError } from "#server/errors.ts";
import { registerApiDocs } from "./api-docs.ts";
import type { HttpDeps } from "./deps.ts";
import { answerBrokenConnection, createErrorHandler, sendRefusal } from "./error-handler.ts";
import { type Access, createGuard, type Guard } from "./guard.ts";
import type { HttpApp } from "./http-app.ts";
import { deletePositions } from "./routes/delete-positions.ts";
import { deleteSession } from "./routes/delete-session.ts";
import { getAnalysisAssets } from "./routes/get-analysis-assets.ts";
import { getAnalysisDataSource } from "./routes/get-analysis-data-source.ts";
import { getAnalysisFootprint } from "./routes/get-analysis-footprint.ts";
import { getAnalysisLatest } from "./routes/get-analysis-latest.ts";
import { getAnalysisLevels } from "./routes/get-analysis-levels.ts";
import { getAnalysisLiveFeed } from "./routes/get-analysis-live-feed.ts";
import { getAnalysisProfile } from "./routes/get-analysis-profile.ts";
import { getAnalysisStatus } from "./routes/get-analysis-status.ts";
import { getBars } from "./routes/get-bars.ts";
import { getExport } from "./routes/get-export.ts";
import { getHealth } from "./routes/get-health.ts";
import { getInstruments } from "./routes/get-instruments.ts";
import { getMetrics } from "./routes/get-metrics.ts";
import { getPositions } from "./routes/get-positions.ts";
import { getReady } from "./routes/get-ready.ts";
import { getStatus } from "./routes/get-status.ts";
import { getTrades } from "./routes/get-trades.ts";
import { imports } from "./routes/imports.ts";
import { postActionAnchor } from "./routes/post-action-anchor.ts";
import { postActionForceRefresh } from "./routes/post-action-force-refresh.ts";
import { postActionLiveFeed } from "./routes/post-action-live-feed.ts";
import { postActionUpdateSettings } from "./routes/post-action-update-settings.ts";
import { postBridgeReport } from "./routes/post-bridge-report.ts";
import { postContractPin } from "./routes/post-contract-pin.ts";
import { postSession } from "./routes/post-session.ts";
import { postTrade } from "./routes/post-trade.ts";

/** Addresses that need no key: what probes ask, and where the key itself is handed in and back. */
const OPEN_ROUTES = new Set(["/health", "/ready", "/session"]);

export type HttpServer = {
  /** Node's own server, for its `upgrade` event; ask `guard.checkUpgrade` before you take one. */
  server: Server;
  guard: Guard;
  /** Resolves with the port (that of `port: 0` too); rejects with BadSettings where it is taken. */
  listen(port: number, host: string): Promise<{ port: number }>;
  /** Ends idle connections and waits for running answers; upgraded sockets are their owner's to close first. */
  close(): Promise<void>;
};

/** Builds the HTTP side of the data-service; nothing listens until `listen`. */
export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const guard = createGuard(deps.config, Date.now);
  const app = createApp(guard);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: "same-origin" },
    // NOTE: whoever puts TLS in front of us decides that its name is https for ever.
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, {
    max: HTTP_REQUESTS_PER_MINUTE_MAX,
    timeWindow: MS_PER_MINUTE,
    cache: HTTP_CALLERS_MAX,
    keyGenerator: (request: FastifyRequest) => guard.callerOf(request.raw).address,
    errorResponseBuilder: () => new CodedError("RATE_LIMITED"),
  });
  app.setErrorHandler(createErrorHandler(deps.logger));
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_request, reply) => {
    sendRefusal(reply, new CodedError("NOT_FOUND"));
  });
  await registerApiDocs(app, deps.status().versions.code);
  registerRoutes(app, deps, guard);
  await app.ready();
  return {
    server: app.server,
    guard,
    listen: (port, host) => listen(app, port, host),
    close: () => app.close(),
  };
}

function createApp(guard: Guard): HttpApp {
  const app: HttpApp = Fastify({
    logger: false,
    bodyLimit: HTTP_BODY_BYTES_MAX,
    requestTimeout: HTTP_REQUEST_MS_MAX,
    forceCloseConnections: "idle",
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (_error, request, reply) => {
      sendRefusal(reply, guard.refusalOf(request.raw, "open") ?? new CodedError("BAD_REQUEST"));
    },
  }).withTypeProvider();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonAlone(app);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const access: Access = OPEN_ROUTES.has(request.routeOptions.url ?? "") ? "open" : "key";
    const refusal = guard.refusalOf(request.raw, access);
    if (refusal !== null) throw refusal;
  });
  return app;
}

/** Bodies are JSON; an empty one is none, so that its schema says what was expected. `__proto__` is refused. */
function readJsonAlone(app: HttpApp): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else parse(request, String(body), done);
  });
}

function registerRoutes(app: HttpApp, deps: HttpDeps, guard: Guard): void {
  getHealth(app, deps);
  getReady(app, deps);
  getMetrics(app, deps);
  getStatus(app, deps);
  getInstruments(app, deps);
  getBars(app, deps);
  getAnalysisLiveFeed(app, deps);
  getAnalysisDataSource(app, deps);
  getAnalysisLatest(app, deps);
  getAnalysisLevels(app, deps);
  getAnalysisProfile(app, deps);
  getAnalysisFootprint(app, deps);
  getAnalysisStatus(app, deps);
  getAnalysisAssets(app, deps);
  getTrades(app, deps);
  getExport(app, deps);
  postTrade(app, deps);
  imports(app, deps);
  postActionAnchor(app, deps);
  postActionForceRefresh(app, deps);
  postActionLiveFeed(app, deps);
  postActionUpdateSettings(app, deps);
  postContractPin(app, deps);
  getPositions(app, deps);
  deletePositions(app, deps);
  postBridgeReport(app, deps);
  postSession(app, deps, guard);
  deleteSession(app, guard);
}

async function listen(app: HttpApp, port: number, host: string): Promise<{ port: number }> {
  try {
    const address = await app.listen({ port, host });
    return { port: Number(new URL(address).port) };
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!isTaken) throw error;
    throw new BadSettings([
      { name: "DATA_SERVICE_PORT", was: `${port} on ${host} (EADDRINUSE)`, expected: "a free port" },
    ]);
  }
}

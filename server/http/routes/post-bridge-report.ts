/** What does a bridge report? Its posts, read into our words, on disk before the answer; refusals are counted. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { BridgeReport } from "#lib/events/bridge.ts";
import { BRIDGE_BODY_BYTES_MAX, BRIDGE_POSTS_PER_MINUTE_MAX } from "#lib/limits.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import {
  accountPostSchema,
  executionsPostSchema,
  heartbeatPostSchema,
  ordersPostSchema,
  positionsPostSchema,
} from "#lib/wire/bridge.ts";
import { type Refused, readBridgeBody } from "#lib/wire/bridge-body.ts";
import {
  readAccountPost,
  readExecutionsPost,
  readHeartbeatPost,
  readOrdersPost,
  readPositionsPost,
} from "#lib/wire/bridge-reading.ts";
import { reportAnswerSchema } from "#lib/wire/positions.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import { refusalFor } from "../error-handler.ts";
import type { HttpApp } from "../http-app.ts";

/** 200 posts a second are a busy bridge, not a flood. */
const RATE_LIMIT = { max: BRIDGE_POSTS_PER_MINUTE_MAX, timeWindow: MS_PER_MINUTE };

/** POST /positions/update, /update_positions (the incumbent's), /bridge/{executions,orders,account,heartbeat}. */
export function postBridgeReport(app: HttpApp, deps: HttpDeps): void {
  app.register(async (scope: HttpApp) => {
    readBytes(scope);
    scope.addHook("onError", async (request: FastifyRequest, _reply: FastifyReply, error: Error) => {
      deps.bridgeRefused(request.routeOptions.url ?? "", refusalFor(error, request));
    });
    const route = createRoute(scope, deps);
    route("/positions/update", positionsPostSchema, readPositionsPost);
    route("/update_positions", positionsPostSchema, readPositionsPost);
    route("/bridge/executions", executionsPostSchema, readExecutionsPost);
    route("/bridge/orders", ordersPostSchema, readOrdersPost);
    route("/bridge/account", accountPostSchema, readAccountPost);
    route("/bridge/heartbeat", heartbeatPostSchema, readHeartbeatPost);
  });
}

/** A parser that knows what machine cultures and naive senders write, and says what to write instead. */
function readBytes(scope: HttpApp): void {
  scope.removeContentTypeParser("application/json");
  scope.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, bytes: unknown) => {
    const answer = readBridgeBody(bytes as Uint8Array); // safe: parseAs
    if ("refused" in answer) throw new CodedError("BAD_SHAPE", answer.refused);
    return answer.body;
  });
}

function createRoute(scope: HttpApp, deps: HttpDeps) {
  return <Schema extends z.ZodType>(
    address: string,
    body: Schema,
    read: (post: z.infer<Schema>, receivedMs: number) => BridgeReport | Refused,
  ): void => {
    const schema = { summary: "A bridge's report; durable, idempotent", body, response: { 200: reportAnswerSchema } };
    const options = { schema, bodyLimit: BRIDGE_BODY_BYTES_MAX, config: { rateLimit: RATE_LIMIT } };
    scope.post(address, options, async (request) => {
      const receivedMs = Date.now();
      const report = read(request.body as z.infer<Schema>, receivedMs); // safe: validated by this very schema
      if ("refused" in report) throw new CodedError("BAD_SHAPE", report.refused);
      return { ...(await taken(deps, report)), received_at: new Date(receivedMs).toISOString() };
    });
  };
}

async function taken(deps: HttpDeps, report: BridgeReport) {
  const { account } = report;
  const { seq, outcome } = await deps.report(report);
  if (outcome.status === "refused") {
    throw new CodedError("BAD_SHAPE", { message: outcome.reason, field: "account", received: account });
  }
  const said = outcome.status === "unchanged" ? "duplicate" : outcome.status;
  const count = report.kind === "positions" ? { positions_count: report.positions.length } : {};
  return { seq, outcome: said, status: "received" as const, account, ...count };
}

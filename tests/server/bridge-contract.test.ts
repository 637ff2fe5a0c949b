/** Does the server's contract take a recorded day of the add-on, and refuse what is wrong with words that help? */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import {
  type BridgeOutcome,
  bridgeLiveness,
  createBridgeAccount,
  takeBridgeReport,
} from "#lib/account/bridge-account.ts";
import type { BridgeReport, MarketReport } from "#lib/events/bridge.ts";
import { HTTP_BODY_BYTES_MAX } from "#lib/limits.ts";
import {
  accountPostSchema,
  executionsPostSchema,
  heartbeatPostSchema,
  marketPostSchema,
  ordersPostSchema,
  positionsPostSchema,
} from "#lib/wire/bridge.ts";
import { type FieldRefusal, type Refused, readBridgeBody } from "#lib/wire/bridge-body.ts";
import {
  readAccountPost,
  readExecutionsPost,
  readHeartbeatPost,
  readMarketPost,
  readOrdersPost,
  readPositionsPost,
} from "#lib/wire/bridge-reading.ts";
import { CodedError, type ErrorBody } from "#server/errors.ts";
import { createErrorHandler } from "#server/http/error-handler.ts";

type Line = { path: string; body: string };
type Report = BridgeReport | MarketReport;

const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/ninjatrader-day.jsonl");
const RECORDED: Line[] = readFileSync(FIXTURE, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const AT = Math.max(...RECORDED.map(({ body }) => JSON.parse(body).sentMs));

/** The bridge's addresses on a bare Fastify with the server's validation and errors; `take` gets what was read. */
function bridgeApp(take: (report: Report) => unknown, receivedMs: () => number) {
  const app = Fastify({ bodyLimit: HTTP_BODY_BYTES_MAX }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(createErrorHandler({ error: (detail: unknown) => assert.fail(String(detail)) }));
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: unknown, bytes: unknown) => {
    const answer = readBridgeBody(bytes as Uint8Array);
    if ("refused" in answer) throw refusalError(answer.refused);
    return answer.body;
  });
  function route<Schema extends z.ZodType>(
    address: string,
    body: Schema,
    read: (post: z.infer<Schema>, receivedMs: number) => Report | Refused,
  ): void {
    app.post(address, { schema: { body } }, async (request) => {
      const report = read(request.body as z.infer<Schema>, receivedMs());
      if ("refused" in report) throw refusalError(report.refused);
      return { outcome: take(report) };
    });
  }
  route("/positions/update", positionsPostSchema, readPositionsPost);
  route("/update_positions", positionsPostSchema, readPositionsPost);
  route("/bridge/executions", executionsPostSchema, readExecutionsPost);
  route("/bridge/orders", ordersPostSchema, readOrdersPost);
  route("/bridge/account", accountPostSchema, readAccountPost);
  route("/bridge/heartbeat", heartbeatPostSchema, readHeartbeatPost);
  route("/bridge/market", marketPostSchema, readMarketPost);
  return app;
}

function refusalError(refused: FieldRefusal): CodedError {
  return new CodedError("BAD_SHAPE", refused);
}

function post(app: ReturnType<typeof bridgeApp>, { path: url, body }: { path: string; body: string | Buffer }) {
  return app.inject({ method: "POST", url, headers: { "content-type": "application/json" }, payload: body });
}

test("a recorded day of the add-on is taken, line by line, and makes the right account", async () => {
  const state = createBridgeAccount("Sim101");
  let nowMs = 0;
  const fills: string[] = [];
  const incidents: string[] = [];
  const app = bridgeApp(
    (report) => {
      if (!("kind" in report) || report.account !== "Sim101") return null;
      const outcome: BridgeOutcome = takeBridgeReport(state, report, nowMs);
      if (outcome.status !== "accepted") return outcome.status;
      for (const { executionId, side, contracts, priceTicks } of outcome.fills) {
        fills.push(`${executionId} ${side} ${contracts} at ${priceTicks}`);
      }
      incidents.push(...outcome.incidents.map(({ kind }) => kind));
      return outcome.status;
    },
    () => nowMs,
  );
  for (const line of RECORDED) {
    nowMs = Math.max(nowMs, JSON.parse(line.body).sentMs);
    const answer = await post(app, line);
    assert.equal(answer.statusCode, 200, `${line.path} ${answer.body}`);
    assert.ok(["accepted", null].includes(answer.json().outcome), answer.body);
  }
  assert.deepEqual(fills, ["x1 buy 2 at 24049", "x2 buy 1 at 24050", "x3 sell 1 at 24053", "x4 sell 2 at 24040"]);
  assert.deepEqual(incidents, []);
  assert.deepEqual(state.positions?.rows, [
    { contract: "GCZ34", netContracts: -1, averageTicks: 41_001, tickSize: 0.1, markTicks: 40_999, unrealizedUsd: 20 },
  ]);
  assert.deepEqual(state.orders?.rows, []);
  assert.equal(state.values?.reported.cashUsd, 49_990.5);
  const { drawdownLeftUsd, floorUsd } = state.brokerFloor ?? {};
  assert.deepEqual([drawdownLeftUsd, floorUsd], [1_750.25, 48_280.25], "kept while it is not reported");
  const liveness = bridgeLiveness(state, nowMs);
  assert.equal(liveness.status === "stale" && liveness.reason, "brokerAway");

  const before = structuredClone(state);
  nowMs += 1;
  for (const line of RECORDED.toReversed()) {
    const { outcome } = (await post(app, line)).json();
    assert.ok(["duplicate", "stale", null].includes(outcome), `${line.path}: ${outcome}`);
  }
  assert.deepEqual(state, { ...before, duplicateReports: state.duplicateReports, staleReports: state.staleReports });
});

/** A good line of the recording with something replaced in its text. */
function spoilt(place: string, from: string | RegExp, to: string): Line {
  const line = RECORDED.find(({ path: address, body }) => address === place && body.search(from) >= 0);
  assert.ok(line !== undefined, `${place} ${from}`);
  return { path: place, body: line.body.replace(from, to) };
}

/** What is sent, and what the answer's field, expectation and received value must be like. */
const WRONG: readonly [name: string, line: () => Line, field: RegExp, expected: RegExp, received: RegExp][] = [
  ["NaN", () => spoilt("/positions/update", "4100.1", "NaN"), /^body$/, /finite number/, /^NaN$/],
  ["a decimal comma", () => spoilt("/positions/update", "4100.1", "4100,1"), /^body$/, /decimal point/, /^4100,1$/],
  [
    "a quoted price",
    () => spoilt("/positions/update", "4100.1", '"4100,1"'),
    /^positions\.1\.avgPrice$/,
    /a decimal point/,
    /^"4100,1"$/,
  ],
  ["a huge price", () => spoilt("/positions/update", "4100.1", "4e300"), /avgPrice$/, /to 10000000/, /^4e\+300$/],
  [
    "a negative quantity",
    () => spoilt("/bridge/executions", '"quantity":1', '"quantity":-1'),
    /^executions\.1\.quantity$/,
    /whole number from 1 to 100000/,
    /^-1$/,
  ],
  [
    "an unknown instrument",
    () => spoilt("/positions/update", '"symbol":"GC DEC34"', '"symbol":"FDAX 12-34"'),
    /^positions\.1\.symbol$/,
    /a contract that we list/,
    /^FDAX 12-34$/,
  ],
  [
    "a price between ticks",
    () => spoilt("/bridge/executions", "6013.25", "6013.3"),
    /^executions\.0\.price$/,
    /multiple of the tick, 0\.25/,
    /^6013\.3$/,
  ],
  [
    "a clock that is ahead",
    () => spoilt("/bridge/heartbeat", /"sentMs":\d+/, `"sentMs":${AT + 3_600_000}`),
    /^sentMs$/,
    /our clock says/,
    /3600 s ahead/,
  ],
  ["a name that nobody knows", () => spoilt("/bridge/orders", '"orders"', '"ordres"'), /./, /./, /./],
  [
    "a missing field",
    () => spoilt("/bridge/heartbeat", /"connection":"[A-Za-z]+",/, ""),
    /^connection$/,
    /text/,
    /^nothing$/,
  ],
  ["unescaped text", () => spoilt("/bridge/heartbeat", "Sim101", "C:\\Sim"), /^body$/, /escaped/, /^\\Sim/],
  ["no JSON", () => ({ path: "/bridge/orders", body: "orders=1" }), /^body$/, /^JSON$/, /^orders=1$/],
];

for (const [name, line, field, expected, received] of WRONG) {
  test(`${name} is answered 422 with field, expected and received, and nothing is taken`, async () => {
    const taken: Report[] = [];
    const app = bridgeApp(
      (report) => taken.push(report),
      () => AT,
    );
    const answer = await post(app, line());
    assert.equal(answer.statusCode, 422, answer.body);
    const { error } = answer.json<ErrorBody>();
    assert.match(error.field ?? "", field);
    assert.match(error.expected ?? "", expected);
    assert.match(error.received ?? "", received);
    assert.deepEqual(taken, []);
  });
}

test("bytes that are no UTF-8 are answered 422, a body of 10 MB 413", async () => {
  const app = bridgeApp(
    () => assert.fail("taken"),
    () => AT,
  );
  const latin1 = Buffer.from(spoilt("/bridge/heartbeat", "Sim101", "Kürzel").body, "latin1");
  const broken = await post(app, { path: "/bridge/heartbeat", body: latin1 });
  assert.equal(broken.statusCode, 422);
  assert.match(broken.json<ErrorBody>().error.received ?? "", /^byte 0xFC at \d+$/);
  const huge = await post(app, { path: "/positions/update", body: `{"account":"${"A".repeat(10 * 1024 * 1024)}"}` });
  assert.equal(huge.statusCode, 413);
});

test("the incumbent's payload is taken at both addresses", async () => {
  const body = JSON.stringify({
    account: "Sim101",
    positions: [{ symbol: "MES 12-34", side: "Short", quantity: 1, avgPrice: 6000, unrealizedPnL: -2.5 }],
    timestamp: "2026-11-20T15:00:00Z",
  });
  for (const place of ["/positions/update", "/update_positions"]) {
    const taken: Report[] = [];
    const answer = await post(
      bridgeApp(
        (report) => taken.push(report),
        () => AT,
      ),
      { path: place, body },
    );
    assert.equal(answer.statusCode, 200, answer.body);
    const [report] = taken;
    assert.ok("kind" in report && report.kind === "positions" && report.positions[0].netContracts === -1);
  }
});

/** Does every address answer in the shape that the wire promises, and say what was wrong where it does not? */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { z } from "zod";
import { BARS_ANSWER_USUAL } from "#lib/limits.ts";
import { anchorAnswerSchema } from "#lib/wire/anchors.ts";
import { barsAnswerSchema, pinAnswerSchema } from "#lib/wire/bars.ts";
import { instrumentsAnswerSchema } from "#lib/wire/instruments.ts";
import { healthAnswerSchema, readyAnswerSchema, statusAnswerSchema } from "#lib/wire/status.ts";
import { CodedError } from "#server/errors.ts";
import type { AnchorWish } from "#server/http/deps.ts";
import { ES_ROW, NOW_MS, OPS } from "./fake-house.ts";
import { type Answer, openTwoRoads, type TwoRoads } from "./two-roads.ts";

const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().min(1),
    field: z.string().optional(),
    expected: z.string().optional(),
    received: z.string().optional(),
    action: z.string().min(1),
  }),
});

const JSON_TYPE = { "Content-Type": "application/json" };
let roads: TwoRoads;

before(async () => {
  roads = await openTwoRoads();
});

beforeEach(() => {
  const { house } = roads;
  house.barQueries.length = 0;
  house.pins.length = 0;
  house.logged.length = 0;
  house.says.canWork = { ok: true };
  house.says.isReady = { ready: true };
  house.says.pin = () => ({ status: "accepted" });
  house.says.instruments = () => [ES_ROW];
});

after(() => roads[Symbol.asyncDispose]());

const get = (path: string) => roads.send("direct", path);

function post(path: string, body: unknown, headers: Record<string, string> = JSON_TYPE): Promise<Answer> {
  return roads.send("direct", path, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** The error of an answer, its shape and its status checked. */
function errorOf(answer: Answer, status: number, code: string) {
  assert.equal(answer.status, status, answer.body);
  assert.match(String(answer.headers["content-type"]), /^application\/json/);
  const { error } = errorSchema.parse(JSON.parse(answer.body));
  assert.equal(error.code, code);
  return error;
}

test("health tells each part, and is 503 only when the service cannot do its job", async () => {
  const well = await get("/health");
  assert.equal(well.status, 200);
  assert.deepEqual(healthAnswerSchema.parse(JSON.parse(well.body)), { ...OPS, canWork: true, reason: null });
  roads.house.says.canWork = { ok: false, reason: "the log cannot be written" };
  const ill = await get("/health");
  assert.equal(ill.status, 503);
  const report = healthAnswerSchema.parse(JSON.parse(ill.body));
  assert.deepEqual(report, { ...OPS, canWork: false, reason: "the log cannot be written" });
});

test("ready is 503 with the reason until start-up is over", async () => {
  roads.house.says.isReady = { ready: false, reason: "history: 12 of 20 sessions" };
  const error = errorOf(await get("/ready"), 503, "NOT_READY");
  assert.equal(error.message, "history: 12 of 20 sessions");
  roads.house.says.isReady = { ready: true };
  const answer = await get("/ready");
  assert.equal(answer.status, 200);
  readyAnswerSchema.parse(JSON.parse(answer.body));
});

test("status, instruments and metrics come as the house says them", async () => {
  const { deps } = roads.house;
  const status = await get("/status");
  assert.deepEqual(statusAnswerSchema.parse(JSON.parse(status.body)), deps.status());
  const instruments = await get("/instruments");
  assert.deepEqual(instrumentsAnswerSchema.parse(JSON.parse(instruments.body)), { instruments: [ES_ROW] });
  const metrics = await get("/metrics");
  assert.equal(metrics.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(metrics.body, "rightseat_seq 1234\n");
});

test("bars: every spelling of the contract and of time asks the same question", async () => {
  const expected = {
    symbol: "ESZ6",
    interval: "5m",
    hours: "rth",
    fromMs: NOW_MS - 1_800_000,
    toMs: NOW_MS,
    limit: 7,
  };
  const rest = "interval=5m&hours=rth&limit=7";
  const times = [
    `from=${NOW_MS - 1_800_000}&to=${NOW_MS}`,
    "from=2026-11-20T14:30:00Z&to=2026-11-20T15:00Z",
    "from=2026-11-20T09:30:00-05:00&to=2026-11-20T16:00%2B01:00",
    "from=2026-11-20T09:30:00-05:00&to=2026-11-20T16:00+01:00",
  ];
  for (const contract of ["ESZ6", "esz6", "ESZ26", "ES%2012-26", "ES202612"]) {
    for (const time of times) {
      const answer = await get(`/bars/${contract}?${rest}&${time}`);
      assert.equal(answer.status, 200, answer.body);
      assert.equal(barsAnswerSchema.parse(JSON.parse(answer.body)).bars.length, 7);
      assert.deepEqual(roads.house.barQueries.pop(), expected, `${contract} ${time}`);
    }
  }
});

test("bars without a query: 1m, ETH, no bounds, the usual number of rows", async () => {
  assert.equal((await get("/bars/ESZ6")).status, 200);
  const asked = { symbol: "ESZ6", interval: "1m", hours: "eth", fromMs: null, toMs: null, limit: BARS_ANSWER_USUAL };
  assert.deepEqual(roads.house.barQueries, [asked]);
});

test("bars of another decade's year, or of a contract that is not followed, are not guessed", async () => {
  for (const contract of ["ESZ16", "ESZ36", "ESH7", "NQZ6"]) {
    const error = errorOf(await get(`/bars/${contract}`), 404, "UNKNOWN_CONTRACT");
    assert.equal(error.field, "contract");
    assert.equal(error.received, contract);
  }
  assert.deepEqual(
    roads.house.barQueries.map((query) => query.symbol),
    ["ESH7", "NQZ6"],
  );
});

test("each wrong parameter of bars is named with what was expected and what came", async () => {
  const wrong: [string, string, string, string, RegExp][] = [
    ["interval=7m", "BAD_INTERVAL", "interval", '"7m"', /1m .*500t/],
    ["interval=0t", "BAD_INTERVAL", "interval", '"0t"', /500t/],
    ["hours=all", "BAD_SHAPE", "hours", '"all"', /eth.*rth/],
    ["from=yesterday", "BAD_SHAPE", "from", '"yesterday"', /epoch ms/],
    ["to=2026-11-20T15:00", "BAD_SHAPE", "to", '"2026-11-20T15:00"', /zone/],
    ["limit=0", "BAD_SHAPE", "limit", '"0"', /1 to 50000/],
    ["limit=50001", "BAD_SHAPE", "limit", '"50001"', /1 to 50000/],
    ["limit=ten", "BAD_SHAPE", "limit", '"ten"', /whole number/],
    ["limit=1&limit=2", "BAD_SHAPE", "limit", '["1","2"]', /whole number/],
    ["from=2&to=2", "BAD_SHAPE", "from", "2", /before/],
    ["intervall=5m", "BAD_SHAPE", "intervall", '"5m"', /no such field/],
  ];
  for (const [query, code, field, received, expected] of wrong) {
    const error = errorOf(await get(`/bars/ESZ6?${query}`), 422, code);
    assert.equal(error.field, field, query);
    assert.equal(error.received, received, query);
    assert.match(String(error.expected), expected, query);
  }
  for (const name of ["XXZ6", "ES", "ESA6", "..%2f..%2fetc"]) {
    const error = errorOf(await get(`/bars/${name}`), 422, "BAD_SHAPE");
    assert.equal(error.field, "contract");
    assert.equal(error.received, JSON.stringify(decodeURIComponent(name)));
  }
  assert.deepEqual(roads.house.barQueries, []);
});

test("bars: the most rows that may be asked for come whole", async () => {
  const answer = await get("/bars/ESZ6?limit=50000");
  assert.equal(barsAnswerSchema.parse(JSON.parse(answer.body)).bars.length, 50_000);
});

test("a pin reaches the house by root and long symbol, and answers with its seq", async () => {
  for (const [contract, symbol] of [
    ["ESZ6", "ESZ26"],
    ["esh27", "ESH27"],
    [null, null],
  ]) {
    const answer = await post("/contracts/es/pin", { contract });
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(roads.house.pins.pop(), { root: "ES", symbol });
    const body = pinAnswerSchema.parse(JSON.parse(answer.body));
    assert.deepEqual(body, { seq: 77, outcome: "accepted", root: "ES", contract: "ESZ6", pinned: symbol !== null });
  }
  roads.house.says.pin = () => ({ status: "unchanged" });
  assert.equal(JSON.parse((await post("/contracts/ES/pin", { contract: "ESZ6" })).body).outcome, "unchanged");
});

test("a pin that is refused, unknown or not durable says so", async () => {
  const root = errorOf(await post("/contracts/NQ/pin", { contract: "NQZ6" }), 404, "UNKNOWN_CONTRACT");
  assert.deepEqual([root.field, root.received], ["root", "NQ"]);
  assert.deepEqual(roads.house.pins, []);
  roads.house.says.pin = () => ({ status: "refused", reason: "ESM27 is none of this run, expected ESZ26" });
  const refused = errorOf(await post("/contracts/ES/pin", { contract: "ESM27" }), 404, "UNKNOWN_CONTRACT");
  assert.match(refused.message, /none of this run/);
  roads.house.says.pin = () => {
    throw new CodedError("LOG_UNWRITABLE");
  };
  errorOf(await post("/contracts/ES/pin", { contract: "ESZ6" }), 503, "LOG_UNWRITABLE");
});

test("an anchor reaches the house by root or contract and instant, and answers with its seq", async () => {
  const asked: [string, string, number | null, AnchorWish, string][] = [
    ["set_anchor", "es", 90_000, { type: "place", atMs: 90_000 }, "placed"],
    ["set_anchor", "ESZ26", 0, { type: "place", atMs: 0 }, "placed"],
    ["remove_anchor", "ESZ6", 60_000, { type: "remove", atMs: 60_000 }, "removed"],
    ["remove_anchor", "ES", null, { type: "remove", atMs: null }, "removed"],
  ];
  for (const [action, instrument, at_ms, wish, status] of asked) {
    const answer = await post(`/actions/${action}`, { instrument, at_ms });
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(roads.house.anchors.pop(), { symbol: "ESZ6", wish });
    const { timestamp, ...body } = anchorAnswerSchema.parse(JSON.parse(answer.body));
    assert.deepEqual(body, { status, contract: "ESZ6", anchors: [60_000], seq: 79 });
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
  }
  roads.house.says.anchor = () => ({ status: "unchanged" });
  const again = await post("/actions/set_anchor", { instrument: "ES", at_ms: 90_000 });
  assert.equal(JSON.parse(again.body).status, "no_change");
});

test("an anchor that is refused, of an unknown instrument or of a wrong shape says so", async () => {
  const unknown = errorOf(await post("/actions/set_anchor", { instrument: "NQZ6", at_ms: 1 }), 404, "UNKNOWN_CONTRACT");
  assert.deepEqual([unknown.field, unknown.received], ["instrument", "NQZ6"]);
  errorOf(await post("/actions/set_anchor", { instrument: "nonsense", at_ms: 1 }), 422, "BAD_SHAPE");
  roads.house.says.anchor = () => ({ status: "refused", reason: "2026-11-20 10:00 CT lies ahead" });
  const ahead = errorOf(await post("/actions/set_anchor", { instrument: "ES", at_ms: 99 }), 422, "ANCHOR_REFUSED");
  assert.deepEqual([ahead.message, ahead.field, ahead.received], ["2026-11-20 10:00 CT lies ahead", "at_ms", "99"]);
  roads.house.anchors.length = 0;
  for (const body of [{}, { instrument: "ES" }, { instrument: "ES", at_ms: null }, { instrument: "ES", at_ms: "1" }]) {
    errorOf(await post("/actions/set_anchor", body), 422, "BAD_SHAPE");
  }
  for (const at_ms of [-1, 1.5, 9e15, true]) {
    errorOf(await post("/actions/remove_anchor", { instrument: "ES", at_ms }), 422, "BAD_SHAPE");
  }
  assert.deepEqual(roads.house.anchors, []);
});

test("a body of the wrong shape is 422 by field; one that is no JSON is 400, too long 413, another type 415", async () => {
  const wrong: [unknown, string, string][] = [
    [{ contract: 5 }, "contract", "5"],
    [{ contract: "" }, "contract", '""'],
    [{ contract: "x".repeat(200) }, "contract", `"${"x".repeat(119)}`],
    [{}, "contract", "nothing"],
    [{ contract: null, force: true }, "force", "true"],
    [[], "body", "[]"],
    ["", "body", "nothing"],
  ];
  for (const [body, field, received] of wrong) {
    const error = errorOf(await post("/contracts/ES/pin", body), 422, "BAD_SHAPE");
    assert.deepEqual([error.field, error.received], [field, received]);
    assert.ok(error.expected !== undefined && error.expected.length > 0);
  }
  errorOf(await post("/contracts/ES/pin", '{"contract": '), 400, "BAD_REQUEST");
  errorOf(await post("/contracts/ES/pin", '{"__proto__": {"contract": null}}'), 400, "BAD_REQUEST");
  const long = errorOf(await post("/contracts/ES/pin", { contract: "x".repeat(70_000) }), 413, "TOO_LARGE");
  assert.match(String(long.expected), /65536 bytes/);
  const type = errorOf(
    await post("/contracts/ES/pin", "{}", { "Content-Type": "text/xml" }),
    415,
    "WRONG_CONTENT_TYPE",
  );
  assert.deepEqual([type.expected, type.received], ["application/json", "text/xml"]);
  assert.deepEqual(roads.house.pins, []);
});

test("an unknown address or method is a coded 404, one that is no address a coded 400", async () => {
  errorOf(await get("/nothing/here"), 404, "NOT_FOUND");
  errorOf(await post("/instruments", {}), 404, "NOT_FOUND");
  errorOf(await get("/bars/%zz"), 400, "BAD_REQUEST");
  errorOf(await get(`/bars/${"E".repeat(500)}`), 400, "BAD_REQUEST");
});

test("what breaks inside is a 500 that tells the log everything and the caller nothing", async () => {
  roads.house.says.instruments = () => {
    throw new Error("secret-of-the-house at line 5");
  };
  const answer = await get("/instruments");
  errorOf(answer, 500, "INTERNAL");
  assert.doesNotMatch(answer.body, /secret-of-the-house|\.ts|stack/);
  assert.equal(roads.house.logged.length, 1);
  assert.match(roads.house.logged[0] ?? "", /secret-of-the-house.*fake-house|fake-house.*secret-of-the-house/s);
});

test("an answer that breaks its own schema is a 500, not a wrong shape", async () => {
  const broken: unknown = { ...ES_ROW, tickSize: "0.25" };
  roads.house.says.instruments = () => [broken as typeof ES_ROW]; // the wrong type is what this test is about
  errorOf(await get("/instruments"), 500, "INTERNAL");
});

test("profile, footprint and levels: unknown names are 404, wrong spans and intervals 422", async () => {
  for (const path of ["/analysis/profile/ESH7", "/analysis/footprint/ESH7?interval=1m", "/analysis/levels/ES"]) {
    errorOf(await get(path), 404, "UNKNOWN_CONTRACT");
  }
  errorOf(await get("/analysis/profile/ESZ6?span=week"), 422, "BAD_SHAPE");
  errorOf(await get("/analysis/profile/ESZ6?valueArea=three-row"), 422, "BAD_SHAPE");
  const { profiles } = roads.house;
  await get("/analysis/profile/ESZ6?span=composite&valueArea=one-row");
  await get("/analysis/profile/ESZ6?from=5&to=9");
  const range = { fromMs: 5, toMs: 9 };
  assert.deepEqual(profiles.slice(-2), [
    ["ESZ6", "composite", "one-row"],
    ["ESZ6", range, "two-row"],
  ]);
  for (const span of ["from=5", "from=5&to=5", "from=5&to=9&span=rth", "from=x&to=9", "from=-1&to=9"]) {
    errorOf(await get(`/analysis/profile/ESZ6?${span}`), 422, "BAD_SHAPE");
  }
  errorOf(await get("/analysis/footprint/ESZ6?interval=15m"), 422, "BAD_SHAPE");
  errorOf(await get("/analysis/footprint/nonsense"), 422, "BAD_SHAPE");
});

test("every route is in OpenAPI, with paths that hold behind /api", async () => {
  const answer = await get("/docs/json");
  const api = JSON.parse(answer.body);
  assert.deepEqual(Object.keys(api.paths).toSorted(), [
    "/actions/force_refresh",
    "/actions/live_feed/{action}",
    "/actions/remove_anchor",
    "/actions/set_anchor",
    "/actions/update_settings",
    "/analysis/assets",
    "/analysis/data_source",
    "/analysis/footprint/{contract}",
    "/analysis/force_refresh",
    "/analysis/latest",
    "/analysis/latest/{instrument}",
    "/analysis/levels/{instrument}",
    "/analysis/live_feed",
    "/analysis/profile/{contract}",
    "/analysis/scanner",
    "/analysis/status",
    "/bars/{contract}",
    "/bridge/account",
    "/bridge/executions",
    "/bridge/heartbeat",
    "/bridge/orders",
    "/contracts/{root}/pin",
    "/export/fills.csv",
    "/export/fills.json",
    "/health",
    "/imports",
    "/imports/preview",
    "/imports/preview/{contentHash}",
    "/imports/{id}",
    "/instruments",
    "/log_trade",
    "/metrics",
    "/positions",
    "/positions/update",
    "/ready",
    "/session",
    "/status",
    "/trades",
    "/trades/open",
    "/trades/today/pnl",
    "/trades/{id}",
    "/trades/{id}/cancel",
    "/trades/{id}/close",
    "/trades/{id}/notes",
    "/update_positions",
  ]);
  assert.deepEqual(api.servers, [{ url: ".." }]);
  const names = api.paths["/bars/{contract}"].get.parameters.map((parameter: { name: string }) => parameter.name);
  assert.deepEqual(names.toSorted(), ["contract", "from", "hours", "interval", "limit", "to"]);
});

test("the page of /docs loads over plain http, by both roads, from its own files alone", async () => {
  for (const road of ["direct", "web"] as const) {
    const redirect = await roads.send(road, "/docs");
    assert.deepEqual([redirect.status, redirect.headers.location], [302, "docs/"]);
    const page = await roads.send(road, "/docs/");
    assert.equal(page.status, 200);
    assert.match(page.body, /src="\.\/static\/swagger-ui-bundle\.js"/);
    const policy = String(page.headers["content-security-policy"]);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /upgrade-insecure-requests|https:/);
    assert.equal((await roads.send(road, "/docs/static/swagger-ui-bundle.js")).status, 200);
  }
});

test("answers carry the headers of a careful server", async () => {
  const { headers } = await get("/status");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  assert.equal(headers["cache-control"], "no-store");
  assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
  assert.equal(headers["strict-transport-security"], undefined);
  assert.equal(headers["access-control-allow-origin"], undefined);
});

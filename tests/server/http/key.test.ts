/** With API_KEY set, does anybody without the key or a session come in, and can the key be guessed? */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import fc from "fast-check";
import { HTTP_CALLERS_MAX, KEY_TRIES_PER_MINUTE_MAX, SESSION_MS_MAX } from "#lib/limits.ts";
import { createGuard, type GuardedRequest } from "#server/http/guard.ts";
import { KeyTries } from "#server/http/key-tries.ts";
import { createSessionToken, isSessionToken } from "#server/http/session-cookie.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { NOW_MS } from "./fake-house.ts";
import { openTwoRoads, type Road, type TwoRoads } from "./two-roads.ts";

const API_KEY = "k3y-".repeat(10);
const ROADS: readonly Road[] = ["web", "direct"];
const PIN = { method: "POST", body: '{"contract":"ESZ6"}' };
const JSON_TYPE = { "Content-Type": "application/json" };
const WITH_KEY = { "X-API-Key": API_KEY };

let roads: TwoRoads;
let Origin = "";

before(async () => {
  roads = await openTwoRoads({ API_KEY });
  Origin = `http://127.0.0.1:${roads.webPort}`;
});

beforeEach(() => {
  roads.house.pins.length = 0;
});

after(() => roads[Symbol.asyncDispose]());

function signIn(road: Road, key: string, from?: string) {
  const headers = { Origin, ...JSON_TYPE };
  return roads.send(road, "/session", {
    method: "POST",
    headers,
    body: JSON.stringify({ key }),
    ...(from && { from }),
  });
}

/** "name=token" of an answer's only cookie. */
function cookieOf(answer: Awaited<ReturnType<typeof signIn>>): string {
  const [cookie = "", ...others] = answer.headers["set-cookie"] ?? [];
  assert.deepEqual(others, []);
  return cookie.split(";")[0] ?? "";
}

for (const road of ROADS) {
  test(`every address but the probes asks for the key (${road})`, async () => {
    for (const path of ["/health", "/ready", "/health?x=1"]) {
      assert.equal((await roads.send(road, path)).status, 200, path);
    }
    const closed = ["/status", "/instruments", "/bars/ESZ6", "/metrics", "/docs/", "/docs/json", "/nothing"];
    const spelled = ["/status/../health", "//health", "/health/", "/HEALTH", "/docs/static/swagger-ui.css"];
    for (const path of [...closed, ...spelled]) {
      const answer = await roads.send(road, path);
      assert.equal(answer.status, 401, path);
      assert.equal(JSON.parse(answer.body).error.code, "UNAUTHORISED");
      assert.notEqual((await roads.send(road, path, { headers: WITH_KEY })).status, 401, path);
    }
    assert.equal((await roads.send(road, "/status", { headers: { "X-API-Key": `${API_KEY}x` } })).status, 401);
  });

  test(`to change something a page needs its session, a program its key (${road})`, async () => {
    const pin = (headers: Record<string, string>) =>
      roads.send(road, "/contracts/ES/pin", { ...PIN, headers: { ...JSON_TYPE, ...headers } });
    const Cookie = cookieOf(await signIn(road, API_KEY));
    assert.equal((await pin({ Origin })).status, 401);
    assert.equal((await pin({})).status, 403);
    assert.equal((await pin({ Cookie })).status, 403, "a cookie without an Origin");
    assert.equal((await pin({ Cookie, Origin: "https://evil.example" })).status, 403);
    assert.equal((await pin({ Cookie, Origin: "null" })).status, 403);
    assert.equal((await pin({ ...WITH_KEY, Origin: "https://evil.example" })).status, 403);
    assert.deepEqual(roads.house.pins, []);
    assert.equal((await pin({ Cookie, Origin })).status, 200);
    assert.equal((await pin(WITH_KEY)).status, 200);
    assert.equal(roads.house.pins.length, 2);
  });

  test(`the stream opens by session from our page, or by key (${road})`, async () => {
    const Cookie = cookieOf(await signIn(road, API_KEY));
    assert.equal(await roads.upgrade(road, { Origin }), 401);
    assert.equal(await roads.upgrade(road, {}), 403);
    assert.equal(await roads.upgrade(road, { Cookie }), 403);
    assert.equal(await roads.upgrade(road, { Cookie, Origin: "https://evil.example" }), 403);
    assert.equal(await roads.upgrade(road, { ...WITH_KEY, Host: "evil.example" }), 421);
    assert.equal(await roads.upgrade(road, { Cookie, Origin }), 101);
    assert.equal(await roads.upgrade(road, WITH_KEY), 101);
  });

  test(`the cookie cannot be read by scripts or sent by other sites, is not the key, and ends (${road})`, async () => {
    const answer = await signIn(road, API_KEY);
    assert.equal(answer.status, 200);
    const [header = ""] = answer.headers["set-cookie"] ?? [];
    assert.match(header, /; HttpOnly(;|$)/);
    assert.match(header, /; SameSite=Strict(;|$)/);
    assert.doesNotMatch(header, /Secure|Domain/);
    assert.ok(!header.includes(API_KEY));
    const Cookie = `theme=dark; ${cookieOf(answer)}; x=1`;
    assert.equal((await roads.send(road, "/status", { headers: { Cookie } })).status, 200);
    const left = await roads.send(road, "/session", { method: "DELETE", headers: { Origin, ...JSON_TYPE, Cookie } });
    assert.equal(left.status, 200);
    assert.match(String(left.headers["set-cookie"]), /^rightseat_session=; .*Max-Age=0/);
    const foreign = { Origin: "https://evil.example", ...JSON_TYPE };
    assert.equal((await roads.send(road, "/session", { method: "DELETE", headers: foreign })).status, 403);
  });

  test(`after ${KEY_TRIES_PER_MINUTE_MAX} wrong keys a caller must wait, even with the right one (${road})`, async () => {
    const from = road === "web" ? "127.0.0.21" : "127.0.0.22";
    const Cookie = cookieOf(await signIn(road, API_KEY, from));
    for (let count = 0; count < KEY_TRIES_PER_MINUTE_MAX; count += 1) {
      const headers = { "X-API-Key": `guess-${count}`, "X-Forwarded-For": `6.6.6.${count}` };
      const answer =
        count % 2 === 0 ? await roads.send(road, "/status", { headers, from }) : await signIn(road, "guess", from);
      assert.equal(answer.status, 401, `guess ${count}`);
    }
    const session = await signIn(road, API_KEY, from);
    assert.equal(session.status, 429);
    assert.equal(session.headers["set-cookie"], undefined);
    assert.ok(Number(session.headers["retry-after"]) > 0);
    assert.equal((await roads.send(road, "/status", { headers: WITH_KEY, from })).status, 429);
    assert.equal((await roads.send(road, "/status", { headers: { Cookie }, from })).status, 200, "who was in stays in");
    assert.equal((await roads.send(road, "/status", { headers: WITH_KEY })).status, 200, "others are not locked out");
  });
}

test("a token that was changed anywhere, made with another key or outlived is worth nothing", (t) => {
  const { token, expiresMs } = createSessionToken(API_KEY, NOW_MS);
  assert.equal(expiresMs, NOW_MS + SESSION_MS_MAX);
  assert.equal(isSessionToken(token, API_KEY, expiresMs - 1), true);
  assert.equal(isSessionToken(token, API_KEY, expiresMs), false);
  assert.equal(isSessionToken(token, `${API_KEY}x`, NOW_MS), false);
  assert.equal(isSessionToken(createSessionToken("other", NOW_MS).token, API_KEY, NOW_MS), false);
  assert.notEqual(createSessionToken(API_KEY, NOW_MS).token, token);
  const change = fc.record({ at: fc.nat(token.length - 1), to: fc.constantFrom(..."09azAZ-_.") });
  const property = fc.property(change, ({ at, to }) => {
    const changed = token.slice(0, at) + to + token.slice(at + 1);
    assert.equal(isSessionToken(changed, API_KEY, NOW_MS), changed === token);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});

const GUARD_CONFIG = { apiKey: null, webSecret: "w".repeat(64), publicOrigin: "https://desk.example", webPort: 3000 };

function requestFrom(remoteAddress: string, headers: GuardedRequest["headers"]): GuardedRequest {
  return { method: "POST", headers: { host: "localhost:8000", ...headers }, socket: { remoteAddress } };
}

test("without API_KEY a program on another machine changes nothing, whatever it claims", () => {
  const guard = createGuard(GUARD_CONFIG, () => NOW_MS);
  const type = { "content-type": "application/json" };
  const near = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"];
  for (const address of near) assert.equal(guard.refusalOf(requestFrom(address, type), "key"), null, address);
  const claims = [
    {},
    { "x-forwarded-for": "127.0.0.1" },
    { "x-forwarded-for": "127.0.0.1", "x-rightseat-web": "guess" },
  ];
  for (const address of ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1", "127.0.0.1.example", ""]) {
    for (const claim of claims) {
      const request = requestFrom(address, { ...type, ...claim });
      assert.equal(guard.refusalOf(request, "key")?.code, "ORIGIN_REFUSED", address);
      assert.equal(guard.checkUpgrade(request)?.status, 403, address);
    }
  }
  const unset = createGuard({ ...GUARD_CONFIG, webSecret: null }, () => NOW_MS);
  for (const secret of ["", "null", "undefined"]) {
    const claim = {
      ...type,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "localhost",
      "x-rightseat-web": secret,
    };
    assert.equal(unset.refusalOf(requestFrom("203.0.113.9", claim), "key")?.code, "ORIGIN_REFUSED");
  }
});

test("the cookie is for https alone where the browser came by an https PUBLIC_ORIGIN", () => {
  const guard = createGuard(GUARD_CONFIG, () => NOW_MS);
  assert.equal(guard.isOverHttps(requestFrom("::1", { host: "desk.example" })), true);
  assert.equal(guard.isOverHttps(requestFrom("::1", { host: "localhost:3000" })), false);
  const plain = createGuard({ ...GUARD_CONFIG, publicOrigin: "http://desk.example" }, () => NOW_MS);
  assert.equal(plain.isOverHttps(requestFrom("::1", { host: "desk.example" })), false);
});

test("wrong keys are forgotten after their minute, and the oldest caller when too many are counted", () => {
  let nowMs = NOW_MS;
  const tries = new KeyTries(() => nowMs);
  for (let count = 0; count < KEY_TRIES_PER_MINUTE_MAX; count += 1) {
    assert.equal(tries.isLocked("a"), false);
    tries.countWrong("a");
  }
  nowMs += 59_999;
  assert.equal(tries.isLocked("a"), true);
  nowMs += 1;
  assert.equal(tries.isLocked("a"), false);
  tries.countWrong("a");
  assert.equal(tries.isLocked("a"), false);
  for (let count = 0; count < KEY_TRIES_PER_MINUTE_MAX; count += 1) tries.countWrong("b");
  for (let caller = 0; caller < HTTP_CALLERS_MAX - 1; caller += 1) tries.countWrong(`c${caller}`);
  assert.equal(tries.isLocked("b"), true);
  tries.countWrong("one more");
  assert.equal(tries.isLocked("b"), false);
});

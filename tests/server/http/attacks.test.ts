/** Does a hostile page or program get anywhere, by the web process or at the data-service's own port? */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { HTTP_REQUESTS_PER_MINUTE_MAX } from "#lib/limits.ts";
import { WEB_SECRET } from "./fake-house.ts";
import { openTwoRoads, type Road, type TwoRoads } from "./two-roads.ts";

const ROADS: readonly Road[] = ["web", "direct"];
const PIN = { method: "POST", body: '{"contract":"ESZ6"}' };
const JSON_TYPE = { "Content-Type": "application/json" };
const SECRET_GUESS = "x".repeat(64);

let roads: TwoRoads;
let ownOrigin = "";

before(async () => {
  roads = await openTwoRoads({ PUBLIC_ORIGIN: "https://desk.example" });
  ownOrigin = `http://localhost:${roads.webPort}`;
});

beforeEach(() => {
  roads.house.pins.length = 0;
});

after(() => roads[Symbol.asyncDispose]());

async function assertRefused(road: Road, headers: Record<string, string>, status: number, code: string) {
  const answer = await roads.send(road, "/contracts/ES/pin", { ...PIN, headers });
  const context = `${road} ${JSON.stringify(headers)} ${answer.body}`;
  assert.equal(answer.status, status, context);
  assert.equal(JSON.parse(answer.body).error.code, code, context);
  assert.deepEqual(roads.house.pins, [], `${context}: the pin went through`);
}

for (const road of ROADS) {
  test(`the cockpit's own requests pass (${road})`, async () => {
    const origins = [ownOrigin, `http://127.0.0.1:${roads.webPort}`, `http://[::1]:${roads.webPort}`];
    for (const Origin of [...origins, "https://desk.example"]) {
      for (const type of ["application/json", "Application/JSON; charset=utf-8"]) {
        const headers = { Origin, "Content-Type": type };
        assert.equal((await roads.send(road, "/contracts/ES/pin", { ...PIN, headers })).status, 200, Origin);
      }
      assert.equal(await roads.upgrade(road, { Origin }), 101, Origin);
    }
    const fromScript = await roads.send(road, "/contracts/ES/pin", { ...PIN, headers: JSON_TYPE });
    assert.equal(fromScript.status, 200, "without an Origin, from this machine, no API_KEY set");
    assert.equal(await roads.upgrade(road, {}), 101);
    assert.equal((await roads.send(road, "/status", { headers: { Host: "desk.example" } })).status, 200);
  });

  test(`DNS rebinding: a page whose name points at us gets 421 everywhere (${road})`, async () => {
    const hosts = ["evil.example", `evil.example:${roads.servicePort}`, "localhost.evil.example", "127.0.0.1.nip.io"];
    for (const Host of [...hosts, "localhost@evil.example", "desk.example.evil.example"]) {
      for (const path of [
        "/status",
        "/health",
        "/ready",
        "/docs/",
        "/docs/json",
        "/metrics",
        "/nothing",
        "/bars/%zz",
      ]) {
        const answer = await roads.send(road, path, { headers: { Host } });
        assert.equal(answer.status, 421, `${Host} ${path}`);
      }
      const headers = { Host, ...JSON_TYPE, Origin: `http://${Host}` };
      await assertRefused(road, headers, 421, "HOST_REFUSED");
      assert.equal(await roads.upgrade(road, { Host, Origin: `http://${Host}` }), 421, Host);
      assert.equal(await roads.upgrade(road, { Host, Origin: ownOrigin }), 421, Host);
    }
  });

  test(`a foreign site's form or script changes nothing (${road})`, async () => {
    const foreign = ["https://evil.example", "http://localhost:5999", `https://localhost:${roads.webPort}`, "null", ""];
    const lookAlikes = [`${ownOrigin}.evil.example`, `${ownOrigin}/`, `${ownOrigin} https://evil.example`];
    const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
    for (const Origin of [...foreign, ...lookAlikes]) {
      for (const type of [...types, "application/json"]) {
        await assertRefused(road, { Origin, "Content-Type": type }, 403, "ORIGIN_REFUSED");
      }
    }
    for (const type of [...types, "text/plain; application/json", "application/jsonp", "x/application/json"]) {
      await assertRefused(road, { Origin: ownOrigin, "Content-Type": type }, 415, "WRONG_CONTENT_TYPE");
      await assertRefused(road, { "Content-Type": type }, 415, "WRONG_CONTENT_TYPE");
    }
    await assertRefused(road, { Origin: ownOrigin }, 415, "WRONG_CONTENT_TYPE");
  });

  test(`a foreign page opens no stream, and reads no answer (${road})`, async () => {
    for (const Origin of ["https://evil.example", "null", "http://localhost:5999", "file://"]) {
      assert.equal(await roads.upgrade(road, { Origin }), 403, Origin);
      const answer = await roads.send(road, "/status", { headers: { Origin } });
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
      for (const site of ["cross-site", "same-site"]) {
        const fetched = { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors" };
        assert.equal((await roads.send(road, "/status", { headers: fetched })).status, 403, "not even to be counted");
        const followed = { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate" };
        assert.equal((await roads.send(road, "/docs/", { headers: followed })).status, 200, "a link may be followed");
      }
      const asked = { Origin, "Access-Control-Request-Method": "POST" };
      const preflight = await roads.send(road, "/contracts/ES/pin", { method: "OPTIONS", headers: asked });
      assert.equal(preflight.status, 404);
      assert.equal(preflight.headers["access-control-allow-origin"], undefined);
    }
  });

  test(`X-Forwarded-* and X-Rightseat-Web that a caller made up are worth nothing (${road})`, async () => {
    for (const secret of [undefined, SECRET_GUESS, "", `${WEB_SECRET},${WEB_SECRET}`, WEB_SECRET.slice(1)]) {
      const forged: Record<string, string> = {
        "X-Forwarded-Host": "localhost",
        "X-Forwarded-For": "127.0.0.1",
        Forwarded: "for=127.0.0.1;host=localhost",
        ...(secret === undefined ? {} : { "X-Rightseat-Web": secret }),
      };
      await assertRefused(road, { Host: "evil.example", ...JSON_TYPE, ...forged }, 421, "HOST_REFUSED");
      assert.equal(await roads.upgrade(road, { Host: "evil.example", Origin: ownOrigin, ...forged }), 421);
      const away = { ...forged, "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "6.6.6.6" };
      const answer = await roads.send(road, "/contracts/ES/pin", { ...PIN, headers: { ...JSON_TYPE, ...away } });
      assert.equal(answer.status, 200, `a forged name must not shut anybody out: ${answer.body}`);
      roads.house.pins.length = 0;
    }
  });

  test(`a stranger behind PUBLIC_ORIGIN's proxy is not taken for this machine (${road})`, async () => {
    await assertRefused(road, { Host: "desk.example", ...JSON_TYPE }, 403, "ORIGIN_REFUSED");
    assert.equal(await roads.upgrade(road, { Host: "desk.example" }), 403);
  });

  test(`one caller's flood is answered 429, whatever it says in X-Forwarded-For (${road})`, async () => {
    const from = road === "web" ? "127.0.0.11" : "127.0.0.12";
    const counts = new Map<number, number>();
    for (let sent = 0; sent < HTTP_REQUESTS_PER_MINUTE_MAX; sent += 40) {
      const calls = Array.from({ length: 40 }, (_, index) =>
        roads.send(road, index % 2 === 0 ? "/ready" : "/nothing", {
          from,
          headers: { "X-Forwarded-For": `6.6.${sent % 250}.${index}` },
        }),
      );
      for (const { status } of await Promise.all(calls)) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    const half = HTTP_REQUESTS_PER_MINUTE_MAX / 2;
    assert.deepEqual([counts.get(200), counts.get(404)], [half, half]);
    const refused = await roads.send(road, "/ready", { from, headers: { "X-Forwarded-For": "6.7.8.9" } });
    assert.equal(refused.status, 429);
    assert.equal(JSON.parse(refused.body).error.code, "RATE_LIMITED");
    assert.ok(Number(refused.headers["retry-after"]) > 0);
    assert.equal((await roads.send(road, "/ready", { from: "127.0.0.13" })).status, 200, "another caller");
  });
}

test("beside the right secret the data-service believes the forwarded name and address", async () => {
  const web = { "X-Rightseat-Web": WEB_SECRET, "X-Forwarded-For": "203.0.113.9", ...JSON_TYPE };
  await assertRefused("direct", { ...web, "X-Forwarded-Host": "evil.example" }, 421, "HOST_REFUSED");
  await assertRefused("direct", { ...web }, 421, "HOST_REFUSED");
  await assertRefused("direct", { ...web, "X-Forwarded-Host": "localhost" }, 403, "ORIGIN_REFUSED");
  const headers = { ...web, "X-Forwarded-Host": "localhost", Origin: ownOrigin, Host: "data-service:8000" };
  assert.equal((await roads.send("direct", "/contracts/ES/pin", { ...PIN, headers })).status, 200);
});

test("what is no HTTP, and what names another site in its first line, gets nothing", async () => {
  for (const [head, expected] of [
    ["rubbish\r\n\r\n", /^HTTP\/1\.1 400 .*BAD_REQUEST/s],
    ["GET /status HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 421 .*HOST_REFUSED/s],
    ["GET /status HTTP/1.0\r\n\r\n", /^HTTP\/1\.1 421 .*HOST_REFUSED/s],
    ["GET http://evil.example/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 421 /],
    ["GET /status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 [24]/],
  ] as const) {
    const socket = connect(roads.servicePort, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    socket.write(head);
    await once(socket, "close");
    assert.match(text, expected, head);
  }
});

/** Does the vendor's official client read the same server as our feed: stream, pages, errors? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { restClient, websocketClient } from "@massive.com/client-js";
import { WebSocket } from "ws";
import { HOUR_FILES, hourData, hourFrames } from "#tests/support/massive-hour.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import { needsSharedData } from "#tests/support/shared-data.ts";

const KEY = "official-client-key";
const NEEDS = needsSharedData(...HOUR_FILES);

test("the official client logs in, subscribes by name and reads the hour's frames", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData() });
  const socket = websocketClient(KEY, server.wsBase).futures();
  const seen: Record<string, unknown>[] = [];
  const wanted = hourFrames().slice(0, 40);
  const total = wanted.reduce((sum, { messages }) => sum + messages.filter(({ ev }) => ev !== "AM").length, 0);
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  socket.onerror = reject;
  socket.onmessage = ({ data }: { data: unknown }) => {
    const messages = JSON.parse(String(data)) as Record<string, unknown>[]; // safe: the server sends arrays
    for (const message of messages) {
      seen.push(message);
      if (message.status === "auth_success") {
        socket.send(JSON.stringify({ action: "subscribe", params: "T.ESH4,Q.ESH4,A.ESH4,T.*" }));
      }
      if (String(message.message).startsWith("invalid subscription: T.*")) {
        for (const frame of wanted) server.send(frame.messages);
      }
      if (seen.filter(({ ev }) => ev !== "status").length === total) resolve();
    }
  };
  await done;
  socket.close();
  assert.deepEqual(
    seen.slice(0, 5).map(({ status }) => status),
    ["connected", "auth_success", "success", "success", "success"],
  );
  assert.equal(seen.find(({ ev }) => ev === "T")?.p, 4_800.25);
});

test("the official client follows the pages of trades and reads contracts", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData(), pageRows: 700 });
  const rest = restClient(KEY, server.restUrl, { pagination: true });
  const trades = await rest.getFuturesV1TradesTicker({ ticker: "ESH4", limit: 50_000, sort: "timestamp.asc" });
  assert.equal(trades.results?.length, 2_973);
  assert.equal(server.asked.length, 5, "pages");
  const contracts = await rest.getFuturesV1Contracts({ productCode: "ES", date: "2023-12-26", active: true });
  assert.deepEqual(
    contracts.results?.map(({ ticker }) => ticker),
    ["ESH4", "ESM4", "ESH4-ESM4"],
  );
});

test("a plan without trades is 403, an unknown key 401, and a second login takes over", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData(), hasTrades: false });
  const url = `${server.restUrl}/futures/v1/trades/ESH4`;
  assert.equal((await fetch(url, { headers: { authorization: `Bearer ${KEY}` } })).status, 403);
  assert.equal((await fetch(url)).status, 401);
  const first = websocketClient(KEY, server.wsBase).futures();
  const { promise: closed, resolve } = Promise.withResolvers<{ code: number; said: string[] }>();
  const said: string[] = [];
  first.onmessage = ({ data }: { data: unknown }) => {
    const [{ status }] = JSON.parse(String(data)) as { status: string }[]; // safe: only statuses are sent here
    said.push(status);
    if (status === "auth_success") websocketClient(KEY, server.wsBase).futures();
  };
  first.onclose = ({ code }: { code: number }) => resolve({ code, said });
  const end = await closed;
  assert.equal(end.code, 1008);
  assert.equal(end.said.at(-1), "max_connections");
});

test("a client that does not read is cut as a slow reader", NEEDS, async () => {
  await using server = await MassiveServer.start({ key: KEY, data: hourData(), slowBytesMax: 100_000 });
  const socket = new WebSocket(server.wsUrl);
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  socket.on("close", resolve);
  socket.on("message", (data) => {
    const text = String(data);
    if (text.includes('"connected"')) socket.send(JSON.stringify({ action: "auth", params: KEY }));
    if (text.includes("auth_success")) socket.send(JSON.stringify({ action: "subscribe", params: "T.ESH4" }));
    if (!text.includes("subscribed to")) return;
    socket.pause();
    const filler = { ev: "T", sym: "ESH4", x: "x".repeat(64_000) };
    for (let count = 0; count < 400; count++) server.send([filler]);
    setTimeout(() => socket.resume(), 100);
  });
  assert.equal(await closed, 1011);
});

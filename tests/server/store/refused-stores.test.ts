/** A store that is none, is not ours, or does not let us in: is it said plainly, and does everything else go on? */
import assert from "node:assert/strict";
import net from "node:net";
import { type TestContext, test } from "node:test";
import { Redis } from "ioredis";
import { createCache } from "#server/store/cache.ts";
import { Database } from "#server/store/database.ts";
import { startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { bothGreen, lampsOf } from "#tests/support/store-outage.ts";
import { databaseServers, onServer, ownDatabase, ownRedis, QUIET, until } from "#tests/support/stores.ts";

const servers = await databaseServers();

/** A server of one answer to whatever comes; null: none. */
async function stranger(t: TestContext, answer: string | null): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => {
      if (answer !== null) socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return (server.address() as net.AddressInfo).port; // Safe: it listens on TCP.
}

async function databaseSays(t: TestContext, url: string): Promise<{ state: string; reason: string }> {
  await using database = new Database({ kind: "url", url }, { logger: QUIET });
  database.start();
  await until(() => database.status.state !== "starting", `something is said of ${url}`);
  t.diagnostic(database.status.reason);
  return database.status;
}

async function cacheSays(t: TestContext, url: string): Promise<{ state: string; reason: string }> {
  await using cache = createCache({ redisUrl: url, logger: QUIET, wallMs: Date.now });
  cache.start();
  await until(() => cache.status.state !== "starting", `something is said of ${url}`);
  await cache.setAll([{ key: "rightseat-refused", value: "1" }], 1_000).catch(() => {});
  t.diagnostic(cache.status.reason);
  return cache.status;
}

test("an address that is no PostgreSQL's is away, and what was found there is said", async (t) => {
  const http = await stranger(t, "HTTP/1.1 400 Bad Request\r\n\r\n");
  const cases: [string, RegExp][] = [
    [
      "postgres://rs:hush@no-such-host.invalid/x",
      /^no-such-host\.invalid:5432\/x: (no host of that name|it does not answer)/,
    ],
    [`postgres://rs:hush@127.0.0.1:${http}/x`, /:\d+\/x: it closed the connection without a word/],
    [`postgres://rs:hush@127.0.0.1:${await stranger(t, null)}/x`, /:\d+\/x: it does not answer/],
  ];
  for (const [url, words] of cases) {
    const { state, reason } = await databaseSays(t, url);
    assert.equal(state, "away");
    assert.match(reason, words);
    assert.doesNotMatch(reason, /hush/);
  }
});

test("a database that may only be read, and an address that asks for nonsense, are refusals", async (t) => {
  const [{ url: server }] = servers;
  const url = await ownDatabase(t, server);
  const name = new URL(url).pathname.slice(1);
  await onServer(server, `alter database ${name} set default_transaction_read_only to on`);
  const readOnly = await databaseSays(t, url);
  assert.equal(readOnly.state, "refused");
  assert.match(readOnly.reason, /it may only be read: .*; let DATABASE_URL name its primary/);
  const nonsense = await databaseSays(t, `${url}?options=-c%20work_mem%3Dplenty`);
  assert.equal(nonsense.state, "refused");
  assert.match(nonsense.reason, /invalid value for parameter "work_mem": "plenty"/);
  const ssl = await databaseSays(t, `${url}?sslmode=verify-full`);
  assert.match(ssl.reason, /take sslmode out of DATABASE_URL|does not match|self-signed/);
});

test("a Redis that wants another password, has no such database, forbids, is full or is a copy says so", async (t) => {
  const server = await ownRedis(t, ["--requirepass", "right"]);
  if (server === null) return t.skip("ABSENT redis-server");
  const admin = new Redis(server.url, { password: "right" });
  t.after(() => admin.disconnect());
  await admin.call("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+get", "+ping", "+info");
  const address = (user: string, path = ""): string => `${server.url.replace("//", `//${user}`)}${path}`;
  const says = async (url: string, words: RegExp): Promise<void> => {
    const { state, reason } = await cacheSays(t, url);
    assert.equal(state, "away");
    assert.match(reason, words);
    assert.doesNotMatch(reason, /guessed/);
  };
  await says(address(""), /it wants a password \(NOAUTH\): put it into REDIS_URL/);
  await says(address(":guessed@"), /it does not take the user or password of REDIS_URL/);
  await says(address("nobody:guessed@"), /it does not take the user or password of REDIS_URL/);
  await says(address(":right@", "/99"), /it has no database of the number at the end of REDIS_URL/);
  assert.equal(await admin.exists("rightseat-refused"), 0, "nothing was written into another one");
  await says(address("reader:pw@"), /our user has not the rights: NOPERM/);
  await admin.config("SET", "maxmemory", "1");
  await says(address(":right@"), /it is full: OOM/);
  await admin.config("SET", "maxmemory", "0");
  await admin.call("REPLICAOF", "127.0.0.1", "9");
  await says(address(":right@"), /it is a copy of another \(READONLY .*: let REDIS_URL name that one/);
  await admin.call("REPLICAOF", "NO", "ONE");
  assert.equal((await cacheSays(t, address(":right@"))).state, "ok");
});

test("the market runs on beside stores that refuse, and both come back without a restart", async (t) => {
  const redis = await ownRedis(t, ["--requirepass", "right"]);
  if (redis === null) return t.skip("ABSENT redis-server");
  const url = await ownDatabase(t, servers[servers.length - 1].url);
  await using made = new Database({ kind: "url", url }, { logger: QUIET });
  made.start();
  await until(() => made.status.state === "ok", "the tables are made");
  await onServer(
    url,
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of-another', 9999999999999)",
  );
  const { dataDir, remove } = temporaryDataDir();
  const env = { INSTRUMENTS: "ES", FEED_SPEED: "60", DATABASE_URL: url, REDIS_URL: redis.url };
  const service = await startDataService({ dataDir, env });
  t.after(async () => {
    await service.stop();
    remove();
  });
  const before = await lampsOf(service);
  assert.match(
    before.db.message,
    /made by a newer version of Rightseat; update this one.*, since \d\d:\d\d:\d\d CT; \d+ ev/,
  );
  assert.match(before.redis.message, /it wants a password \(NOAUTH\).*, since \d\d:\d\d:\d\d CT$/);
  await until(async () => (await lampsOf(service)).ops.seq > before.ops.seq + 100, "the engine goes on");
  await onServer(url, "delete from drizzle.__drizzle_migrations where hash = 'of-another'");
  const admin = new Redis(redis.url, { password: "right" });
  await admin.config("SET", "requirepass", "");
  await bothGreen(service, 60_000);
  await until(async () => (await admin.keys("rs:last:ES*")).length > 0, "its quotes are there");
  admin.disconnect();
  await until(
    async () => Number((await onServer(url, "select count(*) from bars"))[0]?.count) > 10_000,
    "its bars too",
  );
});

/** Is a PostgreSQL by address refused, lost, or taken as it should be, and is what it refuses said plainly? */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { DATABASE_CONNECT_MS_MAX, STORE_PING_MS } from "#lib/limits.ts";
import { DatabaseAwayError } from "#server/store/database-fault.ts";
import { upsertStatement } from "#server/store/upsert-rows.ts";
import { BAR, openedDatabase, readBars, readyDatabase, writeBars } from "#tests/support/database-rig.ts";
import { databaseServers, onServer, ownDatabase, until } from "#tests/support/stores.ts";
import { TcpProxy } from "#tests/support/tcp-proxy.ts";
import { bars } from "../../../drizzle/schema/bars.ts";

const servers = await databaseServers();

/** A user without any rights, and the address with which it enters the database. */
async function ownUser(t: TestContext, server: string, database: string): Promise<{ user: string; url: string }> {
  const user = `rightseat_user_${Math.random().toString(36).slice(2)}`;
  await onServer(database, `create role ${user} login password 'right'`);
  t.after(() => onServer(server, `drop role ${user}`));
  const url = new URL(database);
  url.username = user;
  url.password = "right";
  return { user, url: url.toString() };
}

async function refusal(t: TestContext, url: string): Promise<string> {
  const database = openedDatabase(t, { kind: "url", url });
  await until(() => database.status.state === "refused", `refused, was ${JSON.stringify(database.status)}`);
  const { reason } = database.status;
  await database[Symbol.asyncDispose]();
  return reason;
}

test("a wrong password is said, without the password", async (t) => {
  const [own] = servers;
  const url = new URL(own?.url ?? "");
  url.password = "guessed";
  const reason = await refusal(t, url.toString());
  assert.match(reason, /does not let us in: password authentication failed/);
  assert.doesNotMatch(reason, /guessed/);
});

for (const { name, url: server } of servers) {
  test(`${name}: a database that is not there, and a user that is not, are named`, async (t) => {
    const url = new URL(server);
    url.pathname = "/rightseat_not_there";
    assert.match(await refusal(t, url.toString()), /database "rightseat_not_there" does not exist/);
    const stranger = new URL(server);
    stranger.username = "rightseat_nobody";
    assert.match(await refusal(t, stranger.toString()), /does not let us in: .*rightseat_nobody/);
  });

  test(`${name}: a user that may not make tables, or not write them, is told which right is missing`, async (t) => {
    const database = await ownDatabase(t, server);
    const { user, url } = await ownUser(t, server, database);
    t.after(() => onServer(database, `drop owned by ${user}`).catch(() => {}));
    assert.match(await refusal(t, url), /may not make tables in database .*grant CREATE/);
    const owner = await readyDatabase(t, { kind: "url", url: database });
    await owner[Symbol.asyncDispose]();
    await onServer(database, `grant usage on schema drizzle to ${user}`);
    await onServer(database, `grant select on all tables in schema drizzle, public to ${user}`);
    assert.match(await refusal(t, url), /may not read and write bar_series, bars, contracts, feed_gaps/);
    await onServer(database, `grant insert, update on all tables in schema public to ${user}`);
    const allowed = await readyDatabase(t, { kind: "url", url });
    await writeBars(allowed, [BAR]);
    await allowed[Symbol.asyncDispose]();
    await onServer(database, `drop owned by ${user}`);
  });

  test(`${name}: a database of a newer version, or of somebody else, is left as it is`, async (t) => {
    const url = await ownDatabase(t, server);
    const first = await readyDatabase(t, { kind: "url", url });
    await writeBars(first, [BAR]);
    await first[Symbol.asyncDispose]();
    const insert = (createdMs: number): string =>
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('of-another', ${createdMs})`;
    await onServer(url, insert(9_999_999_999_999));
    assert.match(await refusal(t, url), /made by a newer version of Rightseat; update this one/);
    await onServer(url, "delete from drizzle.__drizzle_migrations where hash = 'of-another'", insert(1));
    assert.match(await refusal(t, url), /made by something else than this Rightseat/);
    const rows = await onServer(url, "select count(*)::int as count from bars");
    assert.deepEqual(rows, [{ count: 1 }]);
  });

  test(`${name}: tables that vanish while it works are a refusal, not a lost row`, async (t) => {
    const url = await ownDatabase(t, server);
    const database = await readyDatabase(t, { kind: "url", url });
    await onServer(url, "drop table bars");
    await assert.rejects(writeBars(database, [BAR]), DatabaseAwayError);
    await until(() => database.status.state === "refused", "refused");
    assert.match(database.status.reason, /relation "bars" does not exist|bars/);
  });

  test(`${name}: a connection that is cut is opened again`, async (t) => {
    const url = await ownDatabase(t, server);
    const database = await readyDatabase(t, { kind: "url", url });
    await writeBars(database, [BAR]);
    await onServer(
      server,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).pathname.slice(1)}'`,
    );
    await until(() => database.status.state === "away", "the cut is seen");
    await until(() => database.status.state === "ok", "open again");
    assert.deepEqual(await readBars(database), [BAR]);
  });

  test(`${name}: a line that loses a transaction on its way holds nobody up: the server gives its rows free`, async (t) => {
    const proxy = await TcpProxy.start(t, await ownDatabase(t, server));
    const database = await readyDatabase(t, { kind: "url", url: proxy.url }, 1_500);
    const lost = database.transaction(async (tx) => {
      await tx.execute(upsertStatement(bars, [BAR], ["seq", "revision"]));
      proxy.lose();
      await tx.execute(upsertStatement(bars, [{ ...BAR, series: 2 }], ["seq", "revision"]));
    });
    await assert.rejects(lost, DatabaseAwayError);
    await until(async () => {
      await writeBars(database, [BAR]).catch(() => {});
      return (await readBars(database).catch(() => [])).length === 1;
    }, "written by another connection");
  });

  test(`${name}: a server that hangs is said to be away, and what waits for it fails at once`, async (t) => {
    const proxy = await TcpProxy.start(t, await ownDatabase(t, server));
    const database = await readyDatabase(t, { kind: "url", url: proxy.url });
    const { sinceMs } = database.status;
    // Two connections: one for the work, one that is open already for the question whether it is there.
    await Promise.all([readBars(database), readBars(database)]);
    proxy.freeze();
    const startMs = performance.now();
    await assert.rejects(writeBars(database, [BAR]), DatabaseAwayError);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs < STORE_PING_MS + 2 * DATABASE_CONNECT_MS_MAX, `${tookMs} ms: by the question, not by the query`);
    assert.equal(database.status.state, "away");
    assert.ok(database.status.sinceMs > sinceMs);
    const awaySinceMs = database.status.sinceMs;
    await proxy.mend();
    await until(() => database.status.state === "ok", "back");
    assert.ok(database.status.sinceMs > awaySinceMs);
    await writeBars(database, [BAR]);
    assert.deepEqual(await readBars(database), [BAR]);
  });
}

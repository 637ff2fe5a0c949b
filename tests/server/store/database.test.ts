/** Is one database like the other, does it come back by itself, and is what it refuses said plainly? */
import assert from "node:assert/strict";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { sql } from "drizzle-orm";
import { Database, type DatabaseSource } from "#server/store/database.ts";
import { DatabaseAwayError, RowRefusedError } from "#server/store/database-fault.ts";
import { upsertRows } from "#server/store/upsert-rows.ts";
import { databaseSources, machinePostgres, onServer, ownDatabase, QUIET, until } from "#tests/support/stores.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";
import { bars } from "../../../drizzle/schema/bars.ts";

const BAR = {
  runId: "run-1",
  contract: "ESZ26",
  interval: "1m",
  openMs: 1_795_186_800_000,
  openTicks: 27_201,
  highTicks: 27_210,
  lowTicks: -4,
  closeTicks: 27_205,
  volume: 4_294_967_295,
  buyVolume: 7,
  sellVolume: 8,
  trades: 3,
  vwapTicks: 27_204.123_456_79,
  deltaSource: 1,
  madeOf: 3,
  revision: 0,
  seq: 10,
};

function opened(t: TestContext, source: DatabaseSource): Database {
  const database = new Database(source, QUIET);
  t.after(() => database[Symbol.asyncDispose]());
  database.start();
  return database;
}

async function ready(t: TestContext, source: DatabaseSource): Promise<Database> {
  const database = opened(t, source);
  await until(() => database.status.state === "ok", `ready, was ${JSON.stringify(database.status)}`, 30_000);
  return database;
}

function write(database: Database, rows: (typeof bars.$inferInsert)[]): Promise<void> {
  return database.transaction((tx) => upsertRows(tx, bars, rows, ["seq", "revision"]));
}

function read(database: Database): Promise<(typeof bars.$inferSelect)[]> {
  return database.transaction((tx) => tx.select().from(bars).orderBy(bars.contract, bars.openMs));
}

for (const { name, source } of await databaseSources()) {
  test(`${name}: keeps a row as it is, and a newer fact alone replaces it`, async (t) => {
    const database = await ready(t, await source(t));
    await write(database, [BAR, { ...BAR, contract: "NQZ26", vwapTicks: null }]);
    assert.deepEqual(await read(database), [BAR, { ...BAR, contract: "NQZ26", vwapTicks: null }]);
    await write(database, [{ ...BAR, seq: 9, revision: 5, volume: 1 }]);
    await write(database, [{ ...BAR, volume: 2 }]);
    assert.equal((await read(database))[0]?.volume, BAR.volume);
    await write(database, [{ ...BAR, revision: 1, volume: 3 }]);
    assert.equal((await read(database))[0]?.volume, 3);
    await write(database, [
      { ...BAR, seq: 11, volume: 4 },
      { ...BAR, seq: 12, volume: 5 },
    ]);
    assert.equal((await read(database))[0]?.volume, 5);
    const many = Array.from({ length: 2_500 }, (_, i) => ({
      ...BAR,
      contract: "YMZ26",
      openMs: BAR.openMs + i * 60_000,
    }));
    await write(database, many);
    assert.equal((await read(database)).length, 2_502);
  });

  test(`${name}: a value that it refuses leaves nothing of its transaction, and the connection goes on`, async (t) => {
    const database = await ready(t, await source(t));
    const wrong = [
      { ...BAR, openTicks: 3e9 },
      { ...BAR, interval: "1\u0000m" },
      { ...BAR, volume: 1e30 },
      { ...BAR, openTicks: Number.NaN },
    ];
    for (const row of wrong) {
      await assert.rejects(write(database, [{ ...BAR, contract: "NQZ26" }, row]), RowRefusedError);
    }
    assert.deepEqual(await read(database), []);
    assert.equal(database.status.state, "ok");
  });

  test(`${name}: a second start finds the tables and changes nothing`, async (t) => {
    const where = await source(t);
    const first = await ready(t, where);
    await write(first, [BAR]);
    await first[Symbol.asyncDispose]();
    const second = await ready(t, where);
    assert.deepEqual(await read(second), [BAR]);
  });
}

test("a server that dies in the middle of a transaction ends that alone", async (t) => {
  const database = await ready(t, { kind: "embedded", folder: path.join(temporaryFolder(t), "postgres") });
  const cut = database.transaction(async (tx) => {
    await upsertRows(tx, bars, [BAR], ["seq", "revision"]);
    // Between two queries nobody waits for an answer: the loss comes as an event of the connection.
    process.kill(database.embeddedPid ?? 0, "SIGKILL");
    await until(() => database.status.state === "away", "the loss is seen");
    await upsertRows(tx, bars, [{ ...BAR, contract: "NQZ26" }], ["seq", "revision"]);
  });
  await assert.rejects(cut, DatabaseAwayError);
  await until(() => database.status.state === "ok", "it is back");
  assert.deepEqual(await read(database), []);
});

test("an embedded server that is killed is started again by itself", async (t) => {
  const database = await ready(t, { kind: "embedded", folder: path.join(temporaryFolder(t), "postgres") });
  await write(database, [BAR]);
  let rings = 0;
  database.onReady(() => rings++);
  process.kill(database.embeddedPid ?? 0, "SIGKILL");
  await until(() => database.status.state === "away", "the loss is seen");
  await assert.rejects(read(database), DatabaseAwayError);
  await until(() => database.status.state === "ok", "it is back");
  assert.equal(rings, 1);
  assert.deepEqual(await read(database), [BAR]);
});

test("an address where nobody listens is named, without the password", async (t) => {
  const database = opened(t, { kind: "url", url: "postgres://rs:secret@127.0.0.1:9/none" });
  await until(() => database.status.state === "away", "said");
  assert.match(database.status.reason, /127\.0\.0\.1:9\/none: no server answers/);
  assert.doesNotMatch(database.status.reason, /secret/);
  await assert.rejects(read(database), DatabaseAwayError);
});

const machine = await machinePostgres();
const onMachine = { skip: machine === null ? "ABSENT real stores: PostgreSQL" : false };

/** A user without any rights, and the address with which it enters the database. */
async function ownUser(t: TestContext, database: string): Promise<{ user: string; url: string }> {
  const user = `rightseat_user_${Math.random().toString(36).slice(2)}`;
  await onServer(database, `create role ${user} login password 'right'`);
  t.after(() => onServer(machine ?? "", `drop role ${user}`));
  const url = new URL(database);
  url.username = user;
  url.password = "right";
  return { user, url: url.toString() };
}

async function refusal(t: TestContext, url: string): Promise<string> {
  const database = opened(t, { kind: "url", url });
  await until(() => database.status.state === "refused", `refused, was ${JSON.stringify(database.status)}`);
  const { reason } = database.status;
  await database[Symbol.asyncDispose]();
  return reason;
}

test("a database that is not there, and a user that is not, are named", onMachine, async (t) => {
  const url = new URL(machine ?? "");
  url.pathname = "/rightseat_not_there";
  assert.match(await refusal(t, url.toString()), /database "rightseat_not_there" does not exist/);
  const stranger = new URL(machine ?? "");
  stranger.username = "rightseat_nobody";
  assert.match(await refusal(t, stranger.toString()), /does not let us in: .*rightseat_nobody/);
});

test("a wrong password is said, without the password", async (t) => {
  const embedded = await ready(t, { kind: "embedded", folder: path.join(temporaryFolder(t), "postgres") });
  const [row] = await embedded.transaction(async (tx) => {
    const answer = await tx.execute(sql`select inet_server_port() as port`);
    return answer.rows;
  });
  const reason = await refusal(t, `postgres://rightseat:guessed@127.0.0.1:${row?.port}/postgres`);
  assert.match(reason, /does not let us in: password authentication failed/);
  assert.doesNotMatch(reason, /guessed/);
});

test("a user that may not make tables, or not write them, is told which right is missing", onMachine, async (t) => {
  const database = await ownDatabase(t, machine ?? "");
  const { user, url } = await ownUser(t, database);
  t.after(() => onServer(database, `drop owned by ${user}`).catch(() => {}));
  assert.match(await refusal(t, url), /may not make tables in database .*grant CREATE/);
  const owner = await ready(t, { kind: "url", url: database });
  await owner[Symbol.asyncDispose]();
  await onServer(database, `grant usage on schema drizzle to ${user}`);
  await onServer(database, `grant select on all tables in schema drizzle, public to ${user}`);
  assert.match(await refusal(t, url), /may not read and write bars, contracts, feed_gaps/);
  await onServer(database, `grant insert, update on all tables in schema public to ${user}`);
  const allowed = await ready(t, { kind: "url", url });
  await write(allowed, [BAR]);
  await allowed[Symbol.asyncDispose]();
  await onServer(database, `drop owned by ${user}`);
});

test("a database of a newer version, or of somebody else, is left as it is", onMachine, async (t) => {
  const url = await ownDatabase(t, machine ?? "");
  const first = await ready(t, { kind: "url", url });
  await write(first, [BAR]);
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

test("tables that vanish while it works are a refusal, not a lost row", onMachine, async (t) => {
  const url = await ownDatabase(t, machine ?? "");
  const database = await ready(t, { kind: "url", url });
  await onServer(url, "drop table bars");
  await assert.rejects(write(database, [BAR]), DatabaseAwayError);
  await until(() => database.status.state === "refused", "refused");
  assert.match(database.status.reason, /relation "bars" does not exist|bars/);
});

test("a connection that is cut is opened again", onMachine, async (t) => {
  const url = await ownDatabase(t, machine ?? "");
  const database = await ready(t, { kind: "url", url });
  await write(database, [BAR]);
  await onServer(
    machine ?? "",
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).pathname.slice(1)}'`,
  );
  await until(() => database.status.state === "away", "the cut is seen");
  await until(() => database.status.state === "ok", "open again");
  assert.deepEqual(await read(database), [BAR]);
});

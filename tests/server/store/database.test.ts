/** Is one kind of database like the other, is an older one brought up to date, and does it come back by itself? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { DatabaseAwayError, RowRefusedError } from "#server/store/database-fault.ts";
import { startEmbeddedPostgres } from "#server/store/embedded-postgres.ts";
import { upsertStatement } from "#server/store/upsert-rows.ts";
import { BAR, openedDatabase, readBars, readyDatabase, writeBars } from "#tests/support/database-rig.ts";
import { databaseSources, onServer, until } from "#tests/support/stores.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";
import { bars } from "../../../drizzle/schema/bars.ts";
import { feedGaps } from "../../../drizzle/schema/feed-gaps.ts";

const sources = await databaseSources();
const [embedded] = sources;

for (const { name, source } of sources) {
  test(`${name}: keeps a row as it is, and a newer fact alone replaces it`, async (t) => {
    const database = await readyDatabase(t, await source(t));
    await writeBars(database, [BAR, { ...BAR, series: 2, vwapTicks: null }]);
    assert.deepEqual(await readBars(database), [BAR, { ...BAR, series: 2, vwapTicks: null }]);
    await writeBars(database, [{ ...BAR, seq: 9, revision: 5, volume: 1 }]);
    await writeBars(database, [{ ...BAR, volume: 2 }]);
    assert.equal((await readBars(database))[0]?.volume, BAR.volume);
    await writeBars(database, [{ ...BAR, revision: 1, volume: 3 }]);
    assert.equal((await readBars(database))[0]?.volume, 3);
    await writeBars(database, [
      { ...BAR, seq: 11, volume: 4 },
      { ...BAR, seq: 12, volume: 5 },
    ]);
    assert.equal((await readBars(database))[0]?.volume, 5);
    const many = Array.from({ length: 2_500 }, (_, i) => ({
      ...BAR,
      series: 3,
      openMs: BAR.openMs + i * 60_000,
    }));
    await writeBars(database, many);
    assert.equal((await readBars(database)).length, 2_502);
  });

  test(`${name}: a value that it refuses leaves nothing of its transaction, and the connection goes on`, async (t) => {
    const database = await readyDatabase(t, await source(t));
    const wrong = [
      { ...BAR, openTicks: 3e9 },
      { ...BAR, series: -2_147_483_649 },
      { ...BAR, volume: 1e30 },
      { ...BAR, openTicks: Number.NaN },
    ];
    for (const row of wrong) {
      await assert.rejects(writeBars(database, [{ ...BAR, series: 2 }, row]), RowRefusedError);
    }
    const gap = {
      runId: "run-1",
      contract: "ESZ26",
      fromMs: 1,
      toMs: null,
      reason: "cut\u0000",
      filledSeq: null,
      seq: 1,
    };
    await assert.rejects(database.execute(upsertStatement(feedGaps, [gap], ["seq"])), RowRefusedError);
    assert.deepEqual(await readBars(database), []);
    assert.equal(database.status.state, "ok");
  });

  test(`${name}: a second start finds the tables and changes nothing`, async (t) => {
    const where = await source(t);
    const first = await readyDatabase(t, where);
    await writeBars(first, [BAR]);
    await first[Symbol.asyncDispose]();
    const second = await readyDatabase(t, where);
    assert.deepEqual(await readBars(second), [BAR]);
  });
}

/** The tables as the first version made them, with two bars that a person may know by name. */
async function makeOldDatabase(t: TestContext, url: string): Promise<void> {
  const ours = path.resolve(import.meta.dirname, "../../../drizzle/migrations");
  const theirs = path.join(temporaryFolder(t), "migrations");
  fs.mkdirSync(path.join(theirs, "meta"), { recursive: true });
  fs.copyFileSync(path.join(ours, "0000_first-tables.sql"), path.join(theirs, "0000_first-tables.sql"));
  const journal = JSON.parse(fs.readFileSync(path.join(ours, "meta/_journal.json"), "utf8"));
  journal.entries.length = 1;
  fs.writeFileSync(path.join(theirs, "meta/_journal.json"), JSON.stringify(journal));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: theirs });
  await client.end();
  const values = "1, 27201, 27210, -4, 27205, 4294967295, 7, 8, 3, null, 1, 3, 0, 10";
  await onServer(
    url,
    `insert into bars values ('run-1', 'ESZ26', '5m', ${values}), ('run-2', 'ESZ26', '5m', ${values})`,
  );
}

for (const { name, source } of sources) {
  test(`${name}: a database of an older version is brought up to date with its rows`, async (t) => {
    const where = await source(t);
    if (where.kind === "url") await makeOldDatabase(t, where.url);
    else {
      const server = await startEmbeddedPostgres(where.folder);
      await makeOldDatabase(t, server.url);
      await server.stop();
    }
    const database = await readyDatabase(t, where);
    const rows = await database.transaction((tx) =>
      tx.execute(sql`select run_id, contract, interval, open_ms::int, volume::text, vwap_ticks, seq::int
        from bars join bar_series using (series) order by run_id`),
    );
    const kept = { contract: "ESZ26", interval: "5m", open_ms: 1, volume: "4294967295", vwap_ticks: null, seq: 10 };
    assert.deepEqual(rows.rows, [
      { run_id: "run-1", ...kept },
      { run_id: "run-2", ...kept },
    ]);
  });
}

test("a server that dies in the middle of a transaction ends that alone", async (t) => {
  const database = await readyDatabase(t, await embedded.source(t));
  const cut = database.transaction(async (tx) => {
    await tx.execute(upsertStatement(bars, [BAR], ["seq", "revision"]));
    // Between two queries nobody waits for an answer: the loss comes as an event of the connection.
    process.kill(database.embeddedPid ?? 0, "SIGKILL");
    await until(() => database.status.state === "away", "the loss is seen");
    await tx.execute(upsertStatement(bars, [{ ...BAR, series: 2 }], ["seq", "revision"]));
  });
  await assert.rejects(cut, DatabaseAwayError);
  await until(() => database.status.state === "ok", "it is back");
  assert.deepEqual(await readBars(database), []);
});

test("an embedded server that is killed is started again by itself", async (t) => {
  const database = await readyDatabase(t, await embedded.source(t));
  await writeBars(database, [BAR]);
  let rings = 0;
  database.onReady(() => rings++);
  process.kill(database.embeddedPid ?? 0, "SIGKILL");
  await until(() => database.status.state === "away", "the loss is seen");
  await assert.rejects(readBars(database), DatabaseAwayError);
  await until(() => database.status.state === "ok", "it is back");
  assert.equal(rings, 1);
  assert.deepEqual(await readBars(database), [BAR]);
});

test("an address where nobody listens is named, without the password", async (t) => {
  const database = openedDatabase(t, { kind: "url", url: "postgres://rs:secret@127.0.0.1:9/none" });
  await until(() => database.status.state === "away", "said");
  assert.match(database.status.reason, /127\.0\.0\.1:9\/none: no server answers/);
  assert.doesNotMatch(database.status.reason, /secret/);
  await assert.rejects(readBars(database), DatabaseAwayError);
});

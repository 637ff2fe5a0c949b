/** Is every fact of the log in PostgreSQL, each once, whatever happens? Compared with the engine's own bars. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { PROJECT_ROWS_MAX } from "#lib/limits.ts";
import type { Fact, FactBar } from "#lib/outputs/fact.ts";
import { ACCEPTED } from "#lib/outputs/output.ts";
import type { SequencedEngine } from "#server/sequencer/sequenced-engine.ts";
import type { DatabaseSource } from "#server/store/database.ts";
import { openedDatabase } from "#tests/support/database-rig.ts";
import {
  barsOfDatabase,
  barsOfEngine,
  caughtUp,
  loggedMarket,
  market,
  projected,
  rowsOf,
} from "#tests/support/projection-rig.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { databaseSources, until } from "#tests/support/stores.ts";

const sources = await databaseSources();

for (const { name, source } of sources) {
  for (const seed of testSeeds(`project-postgres on ${name}`)) {
    test(`${name}: the table's bars are the engine's, of seed ${seed}`, async (t) => {
      const logged = loggedMarket(t, "run-1");
      const database = openedDatabase(t, await source(t));
      const projection = projected(t, database, logged);
      logged.publish(market(seed, 500));
      await logged.settled();
      logged.publish(market(seed, 1_000).slice(500));
      await logged.settled();
      await caughtUp(projection);
      const expected = barsOfEngine(logged.state);
      assert.ok(expected.length > 500, `${expected.length} bars`);
      assert.deepEqual(await barsOfDatabase(database, "run-1"), expected);
      const runs = await rowsOf(database, "select run_id, mode, feed, seed::int, created_ms::text from runs");
      assert.deepEqual(runs, [
        { run_id: "run-1", mode: "SIM", feed: "simulator", seed: 7, created_ms: "1795186800000" },
      ]);
      const contracts = await rowsOf(database, "select contract, number, tick_size from contracts order by number");
      assert.deepEqual(contracts, [
        { contract: "ESZ26", number: 0, tick_size: 0.25 },
        { contract: "GCZ26", number: 1, tick_size: 0.1 },
      ]);
    });
  }

  test(`${name}: stopped for a while under load, then back: every row there, none twice, the engine never waited`, async (t) => {
    const logged = loggedMarket(t, "run-1");
    const where = await source(t);
    const database = openedDatabase(t, where);
    const projection = projected(t, database, logged);
    const events = market(11, 2_000);
    for (let from = 0; from < events.length; from += 50) {
      logged.publish(events.slice(from, from + 50));
      if (from === 500 || from === 700 || from === 1_500) {
        if (from !== 700) await until(() => projection.status.seq > 0, "it began");
        await breakDatabase(where, database.embeddedPid);
        await until(() => database.status.state !== "ok", "the loss is seen");
      }
      const startMs = performance.now();
      await logged.settled();
      assert.ok(performance.now() - startMs < 2_000, "the engine and the log go on");
      await sleep(20);
    }
    await until(() => database.status.state === "ok", "it is back", 30_000);
    await caughtUp(projection);
    assert.deepEqual(await barsOfDatabase(database, "run-1"), barsOfEngine(logged.state));
  });
}

/** The embedded server is killed (it starts again by itself); of a server by address every connection is cut. */
async function breakDatabase(source: DatabaseSource, pid: number | null): Promise<void> {
  if (source.kind === "embedded") {
    if (pid !== null) process.kill(pid, "SIGKILL");
    return;
  }
  const database = openedName(source.url);
  await onAdmin(source.url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
}

function openedName(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function onAdmin(url: string, statement: string): Promise<void> {
  const { onServer } = await import("#tests/support/stores.ts");
  const admin = new URL(url);
  admin.pathname = "/postgres";
  await onServer(admin.toString(), statement);
}

const DELETE_DAYS =
  "delete from bars where series in (select series from bar_series where interval = '1d') returning open_ms";

type Head = Pick<Fact, "seq" | "ordinal" | "nowMs" | "receivedMs">;

/** An engine that concludes planted facts: the pinned symbol names their times, as text of numbers. */
function plantingEngine(plant: (head: Head, openMs: number) => Fact): SequencedEngine {
  let planted: number[] = [];
  return {
    process(event, outputs) {
      if (event.type === "ContractPinned") {
        planted = (event.symbol ?? "").split(" ").map(Number);
        outputs.list.push({ type: "PinChanged", root: event.root });
      }
      return ACCEPTED;
    },
    conclude({ seq, nowMs, receivedMs }, _outputs, _from, put) {
      planted.forEach((openMs, ordinal) => {
        put(plant({ seq, ordinal, nowMs, receivedMs }, openMs));
      });
      planted = [];
    },
    digestAhead: () => true,
    digest: () => "none",
  };
}

const PLANTED = { contract: 0, root: "ES", year: 2026, month: 12, tickSize: 0.25, interval: "1m" } as const;

function valuesAt(openMs: number): FactBar {
  const prices = { openTicks: 1, highTicks: 2, lowTicks: 1, closeTicks: 2, vwapTicks: null };
  return {
    openMs,
    ...prices,
    volume: 1,
    buyVolume: 1,
    sellVolume: 0,
    trades: 1,
    revision: 0,
    deltaSource: 1,
    madeOf: 1,
  };
}

const closedBar = (head: Head, openMs: number): Fact => ({
  type: "BarClosed",
  ...head,
  ...PLANTED,
  ...valuesAt(openMs),
});

for (const { name, source } of sources) {
  test(`${name}: rebuilt from the log, an empty database gets the same rows; resumed, nothing is written again`, async (t) => {
    const logged = loggedMarket(t, "run-1");
    const first = openedDatabase(t, await source(t));
    const live = projected(t, first, logged);
    const events = market(12, 1_000);
    logged.publish(events.slice(0, 500));
    await logged.settled();
    await caughtUp(live);
    await live[Symbol.asyncDispose]();
    // What stands below the cursor is not sent again: the row that a stranger takes away stays away.
    const [gone] = await rowsOf(first, DELETE_DAYS);
    assert.ok(gone !== undefined);
    logged.publish(events.slice(500));
    await logged.settled();
    const resumed = projected(t, first, logged);
    await caughtUp(resumed);
    const second = openedDatabase(t, await source(t));
    const rebuilt = projected(t, second, logged);
    await caughtUp(rebuilt);
    const expected = barsOfEngine(logged.state);
    assert.deepEqual(await barsOfDatabase(second, "run-1"), expected);
    const kept = await barsOfDatabase(first, "run-1");
    assert.ok(kept.length < expected.length);
    assert.deepEqual(
      kept,
      expected.filter((line) => kept.includes(line)),
    );
  });

  test(`${name}: a database that comes back empty is filled again, by its own cursor`, async (t) => {
    const where = await source(t);
    const logged = loggedMarket(t, "run-1");
    const database = openedDatabase(t, where);
    const projection = projected(t, database, logged);
    logged.publish(market(18, 300));
    await logged.settled();
    await caughtUp(projection);
    await rowsOf(database, "truncate bars, handler_cursors");
    await breakDatabase(where, database.embeddedPid);
    await until(() => database.status.state !== "ok", "the loss is seen");
    await until(() => database.status.state === "ok", "it is back");
    const expected = barsOfEngine(logged.state);
    await until(async () => (await barsOfDatabase(database, "run-1")).length === expected.length, "all rows are there");
    assert.deepEqual(await barsOfDatabase(database, "run-1"), expected);
  });

  test(`${name}: a gap is found, gets its end, and is filled: one row`, async (t) => {
    const logged = loggedMarket(t, "run-1");
    const database = openedDatabase(t, await source(t));
    const projection = projected(t, database, logged);
    const events = market(13, 400);
    logged.publish(events);
    const fromMs = (events.at(-1)?.nowMs ?? 0) - 60_000;
    const gap = { ...UNSTAMPED, type: "FeedGapFound", contract: 0, fromMs, reason: "cut" } as const;
    logged.publish([
      { ...gap, toMs: null },
      { ...gap, contract: null, toMs: fromMs + 5 },
    ]);
    await logged.settled();
    await caughtUp(projection);
    const read = () =>
      rowsOf(
        database,
        "select contract, to_ms::float8 as to, reason, filled_seq is not null as filled from feed_gaps order by 1",
      );
    assert.deepEqual(await read(), [
      { contract: "", to: fromMs + 5, reason: "cut", filled: false },
      { contract: "ESZ26", to: null, reason: "cut", filled: false },
    ]);
    const filled = market(13, 2_000).find((event) => event.type === "GapFilled");
    assert.ok(filled?.type === "GapFilled");
    logged.publish([{ ...gap, toMs: fromMs + 1_000 }]);
    logged.publish([{ ...filled, ...UNSTAMPED, contract: 0, fromMs, toMs: fromMs + 1_000 }]);
    await logged.settled();
    await caughtUp(projection);
    assert.deepEqual(await read(), [
      { contract: "", to: fromMs + 5, reason: "cut", filled: true },
      { contract: "ESZ26", to: fromMs + 1_000, reason: "cut", filled: true },
    ]);
  });

  test(`${name}: nothing behind the flushed watermark is projected`, async (t) => {
    const logged = loggedMarket(t, "run-1");
    const database = openedDatabase(t, await source(t));
    logged.publish(market(14, 900));
    await logged.settled();
    const projection = projected(t, database, logged, { flushedSeq: () => 400 });
    await until(() => projection.status.seq === 400, "up to the watermark");
    const [row] = await rowsOf(database, "select max(seq)::int as newest, count(*)::int as count from bars");
    assert.ok(Number(row?.newest) <= 400 && Number(row?.count) > 100, JSON.stringify(row));
  });

  test(`${name}: a long history enters a thousand rows and the rest of their last fact at a time, each with its cursor`, async (t) => {
    const [facts, barsOfEach] = [20, 400];
    const history = (head: Head, fromMs: number): Fact => {
      const bars = Array.from({ length: barsOfEach }, (_, i) => valuesAt(fromMs + i * 60_000));
      return { type: "HistoryMerged", ...head, ...PLANTED, bars };
    };
    const logged = loggedMarket(t, "run-1", plantingEngine(history));
    const opens = Array.from({ length: facts }, (_, i) => i * barsOfEach * 60_000);
    logged.publish([{ ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol: opens.join(" ") }]);
    await logged.settled();
    const database = openedDatabase(t, await source(t));
    await caughtUp(projected(t, database, logged));
    const [row] = await rowsOf(
      database,
      "select sum(rows)::int as all, max(rows)::int as most from (select count(*) as rows from bars group by xmin::text) batches",
    );
    assert.equal(row?.all, facts * barsOfEach);
    assert.ok(Number(row?.most) < PROJECT_ROWS_MAX + barsOfEach, `${row?.most} rows in one transaction`);
    const last = "select count(*)::int as rows from bars where xmin = (select xmin from handler_cursors)";
    assert.ok(Number((await rowsOf(database, last))[0]?.rows) > 0, "the cursor came with rows");
  });

  test(`${name}: a fact that PostgreSQL refuses is set aside with its reason, everything else goes in`, async (t) => {
    const logged = loggedMarket(t, "run-1", plantingEngine(closedBar));
    const database = openedDatabase(t, await source(t));
    const good = Array.from({ length: 40 }, (_, i) => 60_000 * i);
    const opens = [...good.slice(0, 13), 1e300, ...good.slice(13, 30), 0.5, ...good.slice(30)];
    logged.publish([{ ...UNSTAMPED, type: "ContractPinned", root: "ES", symbol: opens.join(" ") }]);
    await logged.settled();
    const projection = projected(t, database, logged);
    await caughtUp(projection);
    const bars = await rowsOf(database, "select open_ms::int as at from bars order by open_ms");
    assert.deepEqual(
      bars.map(({ at }) => at),
      good,
    );
    const refused = await rowsOf(
      database,
      "select ordinal::int, type, reason, fact::json->>'root' as root from refused_facts order by 1",
    );
    assert.deepEqual(
      refused.map(({ ordinal, type, root }) => [ordinal, type, root]),
      [
        [13, "BarClosed", "ES"],
        [31, "BarClosed", "ES"],
      ],
    );
    assert.match(String(refused[0]?.reason), /bigint.*1e\+300/);
    assert.equal(projection.status.refusedFacts, 2);
    assert.match(projection.status.newestRefused ?? "", /BarClosed of seq \d+: .*bigint/);
    assert.equal(database.status.state, "ok");
    // The next start knows it too, and does not try them again.
    await projection[Symbol.asyncDispose]();
    const again = projected(t, database, logged);
    await until(() => again.status.refusedFacts === 2, "remembered");
    await caughtUp(again);
  });

  test(`${name}: what a former run still owes is projected too; one whose log is broken is named and holds nobody up`, async (t) => {
    const former = loggedMarket(t, "run-1");
    former.publish(market(15, 400));
    await former.settled();
    const broken = loggedMarket(t, "run-0");
    const events = market(16, 600);
    for (let from = 0; from < events.length; from += 200) {
      broken.publish(events.slice(from, from + 200));
      await broken.settled();
    }
    const [segment] = fs.readdirSync(broken.run.logFolder).filter((name) => name.endsWith(".seg"));
    const file = path.join(broken.run.logFolder, segment ?? "");
    const bytes = fs.readFileSync(file);
    // In the first batch, which later ones know to be flushed: damage, no torn end.
    bytes[300] ^= 0x40;
    fs.writeFileSync(file, bytes);
    const logged = loggedMarket(t, "run-2");
    const database = openedDatabase(t, await source(t));
    const projection = projected(t, database, logged, { formerRuns: [broken.run, former.run] });
    logged.publish(market(17, 400));
    await logged.settled();
    const isFinished = async (): Promise<boolean> =>
      (await rowsOf(database, "select run_id from handler_cursors where is_finished")).length === 1;
    await until(() => database.status.state === "ok", "ready");
    await until(isFinished, "the former run is finished");
    await caughtUp(projection);
    assert.deepEqual(await barsOfDatabase(database, "run-1"), barsOfEngine(former.state));
    assert.deepEqual(await barsOfDatabase(database, "run-2"), barsOfEngine(logged.state));
    assert.match(projection.status.broken ?? "", /run run-0: .*\.seg/);
  });
}

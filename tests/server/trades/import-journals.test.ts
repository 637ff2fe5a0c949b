/** Do the sample journals come in through REST with the README's figures, once, and go again? On real databases. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { Fill } from "#lib/account/fill.ts";
import { csvOf } from "#lib/imports/export-table.ts";
import { FILL_TABLE } from "#lib/imports/export-tables.ts";
import { FILLS_AT_ONCE_MAX } from "#lib/limits.ts";
import { type DataService, startDataService, temporaryDataDir } from "../../support/data-service.ts";
import { needsSharedData, readSharedText } from "../../support/shared-data.ts";
import { machinePostgres, onServer } from "../../support/stores.ts";
import { type TradeCaller, tradeCaller } from "../../support/trade-caller.ts";

const ORDERS = "journals/tradovate-orders-history.csv";
const PERFORMANCE = "journals/tradovate-trades-performance.csv";
const GRID = "journals/ninjatrader-grid.csv";
const TOPSTEP = "journals/topstep-trades.csv";
const CHICAGO = { zone: "America/Chicago", account: "A" };

/** File, answers, and what the README states: fills, trips, gross, conflicts. */
const FILES = [
  { file: ORDERS, answers: CHICAGO, trips: 6, grossUsd: null, conflicts: 0 },
  { file: PERFORMANCE, answers: { ...CHICAGO, account: "B" }, trips: 2, grossUsd: 800, conflicts: 0 },
  { file: GRID, answers: CHICAGO, trips: 6, grossUsd: null, conflicts: null },
  {
    file: TOPSTEP,
    answers: { ...CHICAGO, account: "C", dateOrder: "mdy" as const },
    trips: 2,
    grossUsd: 451,
    conflicts: 3,
  },
];

const OWN = `rightseat_test_${randomBytes(6).toString("hex")}`;
const machine = await machinePostgres();
const DATABASES = ["embedded PostgreSQL", ...(machine === null ? [] : ["the machine's PostgreSQL"])];

for (const name of DATABASES) {
  describe(name, needsSharedData(ORDERS, PERFORMANCE, GRID, TOPSTEP), () => {
    let service: DataService;
    let caller: TradeCaller;
    const { dataDir, remove } = temporaryDataDir();
    const isEmbedded = name.startsWith("embedded");
    const env: Record<string, string> = { INSTRUMENTS: "ES" };

    before(async () => {
      if (!isEmbedded && machine !== null) {
        await onServer(machine, `create database ${OWN}`);
        const url = new URL(machine);
        url.pathname = `/${OWN}`;
        env.DATABASE_URL = url.toString();
      }
      service = await startDataService({ dataDir, env });
      caller = tradeCaller(service.port);
      await caller.caughtUp();
    });
    after(async () => {
      await service.stop();
      remove();
      if (!isEmbedded && machine !== null) await onServer(machine, `drop database ${OWN} with (force)`);
    });

    for (const { file, answers, trips, grossUsd, conflicts } of FILES) {
      test(`${file}: asked, shown, taken over once`, async () => {
        const asked = await caller.preview(readSharedText(file));
        assert.equal(asked.status, 200, JSON.stringify(asked.body));
        assert.ok(asked.body.needs.includes("zone"));
        const early = await caller.commit(asked.body.contentHash, {});
        assert.deepEqual([early.status, errorCode(early)], [409, "IMPORT_CONFLICT"]);
        const shown = await caller.answer(asked.body.contentHash, answers);
        assert.deepEqual(shown.body.needs, [], JSON.stringify(shown.body));
        assert.ok(shown.body.totals !== null && shown.body.fresh > 0);
        if (trips !== null) assert.equal(shown.body.totals.trips, trips);
        if (grossUsd !== null) assert.equal(shown.body.totals.grossUsd, grossUsd);
        if (conflicts !== null) assert.equal(shown.body.conflicts, conflicts, JSON.stringify(shown.body.conflictRows));
        const before = await caller.trades();
        const done = await caller.commit(shown.body.contentHash, answers, shown.body.rowErrors);
        assert.deepEqual([done.status, done.body.added], [200, shown.body.fresh]);
        const there = await caller.trades(`?afterSeq=${done.body.seq}`);
        assert.equal(there.totals.trades - before.totals.trades, shown.body.totals.trips);
        const again = await caller.commit(shown.body.contentHash, answers, shown.body.rowErrors);
        assert.deepEqual([again.status, again.body.added], [200, 0]);
        assert.deepEqual(await caller.trades(), there);
      });
    }

    test("an undone import is gone, and can be imported again", async () => {
      const there = await caller.trades();
      const [newest] = await caller.imports();
      const undone = await caller.undo(newest.importId);
      assert.deepEqual([undone.status, undone.body.fills], [200, newest.fills]);
      assert.equal((await caller.trades(`?afterSeq=${undone.body.seq}`)).totals.trades, there.totals.trades - 2);
      assert.equal((await caller.undo(newest.importId)).status, 404);
      const { contentHash } = (await caller.preview(readSharedText(TOPSTEP))).body;
      const { body } = await caller.commit(contentHash, { ...CHICAGO, account: "C", dateOrder: "mdy" });
      assert.equal(body.added, newest.fills);
      assert.deepEqual(await caller.trades(`?afterSeq=${body.seq}`), there);
    });

    test("what is exported is known when it is imported", async () => {
      const there = await caller.trades();
      for (const path of ["/export/fills.csv", "/export/fills.json"]) {
        const { body } = await caller.preview(await caller.text(path), "fills");
        assert.deepEqual([body.fresh, body.clashes, body.rowErrors], [0, 0, 0], path);
        assert.equal(body.same, body.totals?.fills);
        assert.ok(body.same > 10);
      }
      assert.deepEqual(await caller.trades(), there);
    });

    test("more fills than are read in place come in pieces and make their trips in a thread", async () => {
      const there = await caller.trades();
      const { contentHash } = (await caller.preview(csvOf(FILL_TABLE, manyFills()), "many.csv")).body;
      const { body } = await caller.commit(contentHash, {});
      assert.equal(body.added, FILLS_AT_ONCE_MAX + 2);
      const { totals } = await caller.trades(`?account=MANY&afterSeq=${body.seq}`);
      const trips = FILLS_AT_ONCE_MAX / 2 + 1;
      assert.deepEqual([totals.trades, totals.grossUsd, totals.feesUsd], [trips, trips * 1.25, trips]);
      const undone = await caller.undo(body.importId ?? "");
      assert.deepEqual(await caller.trades(`?afterSeq=${undone.body.seq}`), there);
    });

    test("a faulty row is left out only when that was seen", async () => {
      const text = csvOf(FILL_TABLE, manyFills().slice(0, 3)).replace(",sell,", ",sold,");
      const { body: shown } = await caller.preview(text);
      assert.deepEqual([shown.fresh, shown.rowErrors, shown.errorRows[0].row], [2, 1, 3]);
      const unseen = await caller.commit(shown.contentHash, {}, 0);
      assert.deepEqual([unseen.status, errorCode(unseen)], [409, "IMPORT_CONFLICT"]);
      const { body } = await caller.commit(shown.contentHash, {}, 1);
      assert.equal(body.added, 2);
      const undone = await caller.undo(body.importId ?? "");
      const { accounts } = await caller.trades(`?afterSeq=${undone.body.seq}`);
      assert.ok(!accounts.includes("MANY"));
    });

    // Only tables that have an address can be emptied from here.
    if (isEmbedded) return;
    test("empty tables are made again from the log", async () => {
      const there = await caller.trades();
      await service.stop("SIGKILL");
      const tables = "fills, imports, withdrawals, trade_notes, handler_cursors";
      await onServer(env.DATABASE_URL ?? "", `truncate ${tables}`);
      service = await startDataService({ dataDir, env });
      caller = tradeCaller(service.port);
      await caller.caughtUp();
      assert.deepEqual(await caller.trades(), there);
    });
  });
}

/** Buys at 24,000 and sells a tick above, a second apart, for 0.50 each. */
function manyFills(): Fill[] {
  return Array.from({ length: FILLS_AT_ONCE_MAX + 2 }, (_, at) => ({
    executionId: `m${at}`,
    account: "MANY",
    root: "MES",
    year: 2026,
    month: 3,
    side: at % 2 === 0 ? "buy" : "sell",
    contracts: 1,
    priceTicks: 24_000 + (at % 2),
    tickSize: 0.25,
    atMs: Date.UTC(2026, 0, 6, 15) + at * 1_000,
    orderId: null,
    feeUsd: 0.5,
    source: "many",
  }));
}

function errorCode({ body }: { body: unknown }): unknown {
  return (body as { error?: { code?: unknown } }).error?.code;
}

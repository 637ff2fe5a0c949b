/** Can a trade be entered, closed, changed, taken back and found again, also while PostgreSQL is away? */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { Trade } from "#lib/wire/trades.ts";
import { type DataService, startDataService, temporaryDataDir } from "../../support/data-service.ts";
import { machinePostgres, onServer } from "../../support/stores.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { type Answer, type TradeCaller, tradeCaller } from "../../support/trade-caller.ts";

type Written = { seq: number; trade: Trade; trade_id: string; pnl: number; status: string };
const OWN = `rightseat_test_${randomBytes(6).toString("hex")}`;
const machine = await machinePostgres();
/** Friday 2026-06-12 09:45 CT. */
const ENTRY_MS = Date.UTC(2026, 5, 12, 14, 45);
const LONG = {
  account: "A",
  asset: "MESU6",
  direction: "long",
  entry: 6_000,
  sl: 5_990,
  contracts: 2,
  entryMs: ENTRY_MS,
};

describe("trades by form", { skip: machine === null ? "the machine has no PostgreSQL" : false }, () => {
  let service: DataService;
  let caller: TradeCaller;
  let proxy: TcpProxy;
  const ends: (() => unknown)[] = [];
  const { dataDir, remove } = temporaryDataDir();

  before(async () => {
    await onServer(machine ?? "", `create database ${OWN}`);
    const url = new URL(machine ?? "");
    url.pathname = `/${OWN}`;
    proxy = await TcpProxy.start({ after: (end: () => unknown) => void ends.push(end) }, url.toString());
    service = await startDataService({ dataDir, env: { DATABASE_URL: proxy.url, INSTRUMENTS: "ES" } });
    caller = tradeCaller(service.port);
    await caller.caughtUp();
  });
  after(async () => {
    await service.stop();
    for (const end of ends) await end();
    remove();
    await onServer(machine ?? "", `drop database ${OWN} with (force)`);
  });

  const enter = (form: object) => caller.send<Written>("POST", "/trades", form);
  const tradeOf = async ({ seq, trade }: Written) =>
    (await caller.send<Trade>("GET", `/trades/${trade.id}?afterSeq=${seq}`)).body;

  test("a trade is entered, closed, and its R is its net over its risk", async () => {
    const entered = await enter({ ...LONG, strategy: "opening drive", notes: "calm" });
    assert.deepEqual([entered.status, entered.body.trade.status], [201, "open"], JSON.stringify(entered.body));
    const { id } = entered.body.trade;
    const closing = { close_price: 6_012.5, exitMs: ENTRY_MS + 60_000 };
    const closed = await caller.send<Written>("POST", `/trades/${id}/close`, closing);
    assert.equal(closed.status, 200, JSON.stringify(closed.body));
    const { trade } = closed.body;
    // 50 ticks × 2 × 1.25; risk 40 ticks × 2 × 1.25.
    assert.deepEqual([trade.grossUsd, trade.tradeDate, trade.setup], [125, "2026-06-12", "opening drive"]);
    assert.equal(trade.r, trade.netUsd / 100);
    assert.equal(trade.feesBy, "list");
    assert.deepEqual(await tradeOf(closed.body), trade);
    const again = await caller.send("POST", `/trades/${id}/close`, closing);
    assert.deepEqual([again.status, code(again)], [409, "TRADE_CONFLICT"]);
    const cancelled = await caller.send("POST", `/trades/${id}/cancel`);
    assert.deepEqual([cancelled.status, code(cancelled)], [409, "TRADE_CONFLICT"]);
  });

  test("a changed trade counts as it was said last", async () => {
    const { body } = await enter({ ...LONG, exit_price: 6_001, exitMs: ENTRY_MS + 1 });
    const changed = { ...LONG, direction: "SHORT", feesUsd: 3, exit_price: 6_001, exitMs: ENTRY_MS + 1 };
    const amended = await caller.send<Written>("PUT", `/trades/${body.trade.id}`, changed);
    const trade = await tradeOf(amended.body);
    assert.deepEqual([trade.side, trade.netUsd, trade.feesBy, trade.revision], ["short", -13, "stated", 1]);
    const removed = await caller.send<Written>("DELETE", `/trades/${trade.id}`);
    assert.equal((await caller.send("GET", `/trades/${trade.id}?afterSeq=${removed.body.seq}`)).status, 404);
  });

  test("the incumbent's log of a trade: its pnl is not believed, today's is by the 17:00 CT day", async () => {
    const log = { account_size: 150_000, asset: "S&P", direction: "SHORT", entry: 6_000, exit_price: 5_998, pnl: 9e9 };
    const { status, body } = await caller.send<Written>("POST", "/log_trade", log);
    assert.deepEqual([status, body.status, body.trade.root], [200, "logged", "MES"], JSON.stringify(body));
    assert.deepEqual([body.trade.grossUsd, body.pnl], [10, body.trade.netUsd]);
    const today = `/trades/today/pnl?account_size=150000&afterSeq=${body.seq}`;
    const { body: pnl } = await caller.send<{ pnl: number; contracts: number }>("GET", today);
    assert.deepEqual([pnl.pnl, pnl.contracts], [body.trade.netUsd, 1]);
    assert.equal((await caller.send<{ pnl: number }>("GET", "/trades/today/pnl?account=nobody")).body.pnl, 0);
  });

  test("filters and totals agree", async () => {
    const { trades } = await caller.trades();
    const one = await caller.trades("?account=A&instrument=mes&from=2026-06-12&to=2026-06-12&setup=opening%20drive");
    assert.deepEqual([one.matching, one.totals.grossUsd, one.accounts], [1, 125, ["A", "incumbent-150000"]]);
    const noted = await caller.send<Written>("PUT", `/trades/${one.trades[0].id}/notes`, { tags: ["late"] });
    const late = await caller.trades(`?tag=late&afterSeq=${noted.body.seq}`);
    assert.deepEqual([late.matching, late.trades[0].notes, trades.length], [1, "calm", 2]);
    assert.equal((await caller.trades("?account=A&from=2026-06-13")).matching, 0);
    assert.deepEqual((await caller.trades("?limit=1&offset=1")).trades[0].id, trades[1].id);
  });

  test("what cannot be a trade is refused by field and changes nothing", async () => {
    const before = await caller.trades();
    const bad: [object, number, string][] = [
      [{ ...LONG, direction: "UP" }, 422, "direction"],
      [{ ...LONG, asset: "XYZ" }, 422, "asset"],
      [{ ...LONG, contracts: 0 }, 422, "contracts"],
      [{ ...LONG, entryMs: Date.now() + 60_000 }, 422, "entryMs"],
      [{ ...LONG, exit_price: 6_001, exitMs: ENTRY_MS - 1 }, 422, "exitMs"],
      [{ ...LONG, entry: "6000" }, 422, "entry"],
    ];
    for (const [form, status, field] of bad) {
      const answer = await enter(form);
      assert.deepEqual([answer.status, fieldOf(answer)], [status, field], JSON.stringify(answer.body));
    }
    assert.equal((await caller.send("POST", "/trades/none/close", { close_price: 1 })).status, 404);
    assert.deepEqual(await caller.trades(), before);
  });

  test("a trade entered while PostgreSQL is away is there when it is back", async () => {
    await proxy.refuse();
    const entered = await enter({ ...LONG, account: "B" });
    assert.equal(entered.status, 201);
    const away = await caller.send("GET", "/trades");
    assert.deepEqual([away.status, code(away)], [503, "STORE_AWAY"]);
    await proxy.mend();
    await caller.caughtUp();
    assert.deepEqual((await caller.send<Trade>("GET", `/trades/${entered.body.trade.id}`)).body, entered.body.trade);
  });
});

function code({ body }: Answer<unknown>): unknown {
  return (body as { error?: { code?: unknown } }).error?.code;
}

function fieldOf({ body }: Answer<unknown>): unknown {
  return (body as { error?: { field?: unknown } }).error?.field;
}

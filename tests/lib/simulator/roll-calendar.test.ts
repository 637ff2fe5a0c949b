/** Do the simulated volumes roll a product as its traders would, so that the engine's own rule follows? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDayFrom, civilDayIso } from "#lib/civil.ts";
import { type Contract, contractLongSymbol, isSameContract } from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { decideFront, forcedOutFrom } from "#lib/front-contract.ts";
import { INSTRUMENTS, instrumentOf } from "#lib/instrument.ts";
import { nextTradeDate } from "#lib/session.ts";
import { createMarketModel } from "#lib/simulator/market-model.ts";
import { DEFAULT_ROOTS } from "#lib/simulator/product-profile.ts";
import { calendarFront, contractsOn, volumeShareOf } from "#lib/simulator/roll-calendar.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";
import { FIXED_SEED, SAMPLE_DATE } from "./sample.ts";

function on(year: number, month: number, day: number): TradeDate {
  return tradeDate(civilDayFrom(year, month, day));
}

function symbols(root: string, date: TradeDate): string[] {
  return contractsOn(root, date).map((row) => contractLongSymbol(row.contract));
}

test("one contract a root on ordinary dates: sixteen for the default roots on 2026-12-02", () => {
  assert.deepEqual(
    DEFAULT_ROOTS.flatMap((root) => symbols(root, on(2026, 12, 2))),
    [
      ...["ESZ26", "NQZ26", "YMZ26", "RTYZ26", "GCG27", "SIH27", "HGH27", "CLF27"],
      ...["MESZ26", "MNQZ26", "MYMZ26", "M2KZ26", "MGCG27", "SILH27", "MHGH27", "MCLF27"],
    ],
  );
});

test("ES Dec 2026 is crossed on 12-11: the next expiry is there from 12-09 to 12-14, and grows", () => {
  const dates = [8, 9, 10, 11, 14, 15].map((day) => on(2026, 12, day));
  assert.deepEqual(
    dates.map((date) => symbols("ES", date)),
    [["ESZ26"], ["ESZ26", "ESH27"], ["ESZ26", "ESH27"], ["ESZ26", "ESH27"], ["ESH27", "ESZ26"], ["ESH27"]],
  );
  const next: Contract = { root: "ES", year: 2027, month: 3 };
  const shares = dates.map((date) => volumeShareOf(next, date));
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.ok(shares[2] < 0.5 && shares[3] > 0.5);
});

test("shares of a date sum to about one and agree with the share asked for one contract", () => {
  for (const root of INSTRUMENTS.map((entry) => entry.root)) {
    let date = on(2026, 1, 5);
    for (let step = 0; step < 260; step += 1) {
      const rows = contractsOn(root, date);
      const sum = rows.reduce((total, row) => total + row.volumeShare, 0);
      assert.ok(sum > 0.98 && sum <= 1 + 1e-12, `${root} ${civilDayIso(date)}: ${sum}`);
      for (const row of rows) assert.equal(row.volumeShare, volumeShareOf(row.contract, date));
      date = nextTradeDate(instrumentOf(root)?.calendar ?? "equity", date);
    }
  }
});

test("the engine's volume rule follows the simulated roll, before it would be forced, for every mini over a year", () => {
  for (const { root, calendar } of INSTRUMENTS.filter((entry) => entry.mini === null)) {
    let completed = on(2026, 1, 5);
    let front = calendarFront(root, completed);
    for (let step = 0; step < 260; step += 1) {
      const volumes = contractsOn(root, completed).map(({ contract, volumeShare }) => ({
        contract,
        volume: volumeShare,
      }));
      const decision = decideFront({ root, front, volumes, completed, pin: null });
      const date = nextTradeDate(calendar, completed);
      assert.notEqual(decision.reason, "forced", `${root} on ${civilDayIso(date)}`);
      assert.ok(isSameContract(decision.contract, calendarFront(root, date)), `${root} on ${civilDayIso(date)}`);
      assert.ok(date < forcedOutFrom(decision.contract), `${root} on ${civilDayIso(date)}`);
      front = decision.contract;
      completed = date;
    }
  }
});

test("a micro stands in its mini's month, and no contract trades on after its last trade date", () => {
  for (const { root, calendar, mini } of INSTRUMENTS) {
    let date = on(2025, 1, 6);
    for (let step = 0; step < 520; step += 1) {
      for (const { contract } of contractsOn(root, date))
        assert.ok(date < lastTradeDate(contract), `${root} ${civilDayIso(date)}`);
      if (mini !== null) assert.equal(calendarFront(root, date).month, calendarFront(mini, date).month);
      date = nextTradeDate(calendar, date);
    }
  }
});

test("bars of both expiries have volumes as shared", () => {
  const model = createMarketModel({ seed: FIXED_SEED, roots: ["ES"] });
  const volumeOf = (contract: Contract, date: TradeDate) =>
    model.sessionBars(contract, date, 0, 1380).volume.reduce((sum, volume) => sum + volume, 0);
  const [front, next] = [
    { root: "ES", year: 2026, month: 12 },
    { root: "ES", year: 2027, month: 3 },
  ];
  assert.ok(volumeOf(front, on(2026, 12, 10)) > volumeOf(next, on(2026, 12, 10)));
  assert.ok(volumeOf(front, on(2026, 12, 11)) < volumeOf(next, on(2026, 12, 11)));
  const quiet = volumeOf(next, SAMPLE_DATE) / volumeOf(front, SAMPLE_DATE);
  assert.ok(quiet > 0.005 && quiet < 0.02, `a quiet expiry has a past too: ${quiet}`);
});

/** Do trades, minutes, footprints and profile of the real ES hour say what the raw file and Sierra's bars say? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FOOTPRINTS_KEPT, footprintRows } from "#lib/analysis/order-flow/footprint.ts";
import {
  addOrderFlowBar,
  addOrderFlowFive,
  addOrderFlowTrade,
  createOrderFlow,
  type OrderFlowState,
  orderFlowOf,
} from "#lib/analysis/order-flow/order-flow.ts";
import { addRowTrade } from "#lib/analysis/price-rows.ts";
import { addVolumeProfileBar, createVolumeProfile, volumeProfileOf } from "#lib/analysis/volume-profile.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { ES_FIVE_FILE, readEsFiveMinutes } from "#tests/support/es-five-minutes.ts";
import { readEsHour } from "#tests/support/es-oracle.ts";
import { type FlowMinute, filledRows, flowTrade, minutesOf } from "#tests/support/flow-tape.ts";
import { needsSharedData, sharedData } from "#tests/support/shared-data.ts";

const ES_HOUR = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const FIVE = 300_000;
const sides = { B: SIDE.buy, S: SIDE.sell, N: SIDE.unsigned } as const;

function hourTrades(): SignedTrade[] {
  const raw = readEsHour(sharedData(ES_HOUR) ?? "");
  return raw.map(({ ms, price, size, side }) => flowTrade(price / 0.25, size, sides[side], ms));
}

/** All of it through the order flow; a five closes with its last minute. */
function driven(minutes: readonly FlowMinute[]): { state: OrderFlowState; cvdAtFives: number[] } {
  const state = createOrderFlow({ root: "ES" });
  const cvdAtFives: number[] = [];
  for (const [at, { bar, trades }] of minutes.entries()) {
    for (const trade of trades) addOrderFlowTrade(state, trade);
    addOrderFlowBar(
      state,
      bar,
      filledRows((rows) => {
        for (const trade of trades) addRowTrade(rows, trade);
      }),
    );
    const slot = Math.floor(bar.openMs / FIVE);
    const next = minutes[at + 1]?.bar;
    if (next !== undefined && Math.floor(next.openMs / FIVE) === slot) continue;
    const inFive = minutes.filter((minute) => Math.floor(minute.bar.openMs / FIVE) === slot);
    const volume = inFive.reduce((sum, minute) => sum + minute.bar.volume, 0);
    addOrderFlowFive(state, { ...bar, openMs: slot * FIVE, endMs: (slot + 1) * FIVE, volume });
    cvdAtFives.push(state.cvd.session.cvd);
  }
  return { state, cvdAtFives };
}

test(
  "delta of Sierra's twelve bars by footprint and by CVD, but for the 44 auction lots it sells",
  needsSharedData(ES_HOUR, ES_FIVE_FILE),
  () => {
    const { state, cvdAtFives } = driven(minutesOf("ES", hourTrades()));
    const day = readEsFiveMinutes((one) => one === "2023-12-25");
    const openCt = Date.parse("2023-12-25T17:00:00Z");
    const rows = [...day.atCt.keys()].filter((row) => day.atCt[row] >= openCt && day.atCt[row] < openCt + 12 * FIVE);
    const theirs = rows.map((row) => day.askVolume[row] - day.bidVolume[row]);
    assert.equal(theirs.length, 12);
    const expected = theirs.map((delta, at) => delta + (at === 0 ? 44 : 0));
    const byFootprint = state.five.bars.map((five) =>
      footprintRows(five, 1).reduce((sum, { buy, sell }) => sum + buy - sell, 0),
    );
    assert.deepEqual(byFootprint, expected);
    assert.deepEqual(
      cvdAtFives.map((cvd, at) => cvd - (cvdAtFives[at - 1] ?? 0)),
      expected,
    );
  },
);

test(
  "every contract of the hour is in the profile and in its footprints, at its price",
  needsSharedData(ES_HOUR),
  (t) => {
    const trades = hourTrades();
    const minutes = minutesOf("ES", trades);
    const { state } = driven(minutes);
    const profile = createVolumeProfile({ rule: "two-row", dates: 5 });
    for (const { bar, trades: own } of minutes) {
      addVolumeProfileBar(
        profile,
        bar,
        filledRows((rows) => {
          for (const trade of own) addRowTrade(rows, trade);
        }),
      );
    }
    const found = volumeProfileOf(profile, "session");
    assert.ok(found.status === "ready");
    const byPrice = Map.groupBy(trades, ({ priceTicks }) => priceTicks);
    const lots = (price: number): number => (byPrice.get(price) ?? []).reduce((sum, { size }) => sum + size, 0);
    const most = Math.max(...[...byPrice.keys()].map(lots));
    assert.deepEqual([found.n, lots(found.pocTicks), found.buyVolume, found.sellVolume], [9_892, most, 5_322, 4_526]);
    let inside = 0;
    for (let price = found.valTicks; price <= found.vahTicks; price++) inside += lots(price);
    assert.equal(found.valueAreaShare, inside / 9_892);
    assert.ok(found.valueAreaShare >= 0.7);
    assert.equal(state.minute.bars.length, FOOTPRINTS_KEPT);
    const flow = orderFlowOf(state);
    t.diagnostic(`POC ${found.pocTicks * 0.25}, value area ${found.valTicks * 0.25} to ${found.vahTicks * 0.25}`);
    for (const reason of [...found.reasons, ...flow.reasons]) t.diagnostic(reason);
    for (const mark of flow.marks)
      t.diagnostic(`${mark.intervalMs / 60_000}m ${mark.kind} ${mark.direction}: ${mark.reason}`);
    for (const zone of found.zones) {
      t.diagnostic(
        `${zone.kind} volume ${zone.fromTicks * 0.25} to ${zone.toTicks * 0.25}, ${(100 * zone.share).toFixed(1)} %`,
      );
    }
  },
);

/** Do the profiles of session, RTH, composite and range hold what was traded, and only what was known then? */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closedProfileOf,
  compositeProfile,
  createClosedProfiles,
  takeOverProfiles,
  touchPocs,
} from "#lib/analysis/closed-profiles.ts";
import { addRowTrade } from "#lib/analysis/price-rows.ts";
import { profileOf, type ReadyProfile, type VolumeProfile } from "#lib/analysis/profile.ts";
import {
  addVolumeProfileBar,
  amendVolumeProfile,
  createVolumeProfile,
  type VolumeProfileState,
  volumeProfileOf,
} from "#lib/analysis/volume-profile.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { type FlowMinute, filledRows, flowTrade, minutesOf, randomTape, slowRows } from "#tests/support/flow-tape.ts";
import { assertNoLookAhead, assertRestores, type Driven, published } from "#tests/support/publishing.ts";
import { testSeeds } from "#tests/support/seeds.ts";

/** Thanksgiving's halt is a segment of Friday's early close: Monday 23rd to Monday 30th. */
const WALK = { from: "2026-11-23", dates: 5, everyMinutes: 9 };

type Reading = { session: VolumeProfile; rth: VolumeProfile; naked: number[][]; developing: number[][] };

function readAll(state: VolumeProfileState): Reading {
  const { developing } = state.session;
  return {
    session: volumeProfileOf(state, "session"),
    rth: volumeProfileOf(state, "rth"),
    naked: state.closed.pocs.filter((poc) => Number.isNaN(poc.touchedMs)).map((poc) => [poc.tradeDate, poc.pocTicks]),
    developing: Array.from({ length: developing.count }, (_, row) => [
      developing.atMs[row],
      developing.pocTicks[row],
      developing.valTicks[row],
      developing.vahTicks[row],
    ]),
  };
}

const driven: Driven<VolumeProfileState, FlowMinute, Reading> = {
  create: () => createVolumeProfile({ rule: "two-row", dates: 3 }),
  add(state, { bar, trades }) {
    const rows = filledRows((into) => {
      for (const trade of trades) addRowTrade(into, trade);
    });
    addVolumeProfileBar(state, bar, rows);
  },
  read: readAll,
};

/** Point of control and value area by search over all prices: no array of rows, no growing. */
function slowArea(trades: readonly SignedTrade[]): { poc: number; val: number; vah: number; volume: number } | null {
  const rows = slowRows(trades);
  if (rows.size === 0) return null;
  const at = (price: number): number => (rows.get(price) ?? [0, 0, 0]).reduce((sum, part) => sum + part, 0);
  const prices = [...rows.keys()].sort((a, b) => a - b);
  const [low, high] = [prices[0], prices[prices.length - 1]];
  const most = Math.max(...prices.map(at));
  const away = (price: number): number => Math.abs(price - (low + high) / 2);
  const poc = prices.filter((price) => at(price) === most).sort((a, b) => away(a) - away(b) || b - a)[0];
  const volume = prices.reduce((sum, price) => sum + at(price), 0);
  let [val, vah, inside] = [poc, poc, at(poc)];
  while (inside * 10 < volume * 7) {
    const up = at(vah + 1) + at(vah + 2);
    const down = at(val - 1) + at(val - 2);
    const isTie = up === down && vah - poc <= poc - val;
    if (val === low || (vah < high && (up > down || isTie))) {
      inside += up;
      vah = Math.min(high, vah + 2);
    } else {
      inside += down;
      val = Math.max(low, val - 2);
    }
  }
  return { poc, val, vah, volume };
}

function assertProfile(profile: VolumeProfile, trades: readonly SignedTrade[], where: string): void {
  const slow = slowArea(trades);
  assert.equal(profile.status, slow === null ? "warming" : "ready", where);
  if (slow === null) return;
  assert.ok(profile.status === "ready", where);
  const { pocTicks, valTicks, vahTicks, n } = profile;
  assert.deepEqual({ poc: pocTicks, val: valTicks, vah: vahTicks, volume: n }, slow, where);
  assert.equal(profile.buyVolume + profile.sellVolume + profile.unsignedVolume, n, where);
}

for (const seed of testSeeds("volume-profile")) {
  const minutes = minutesOf("ES", randomTape(seed, WALK));
  const readings = published(driven, minutes);

  test(`I-10 session and RTH profile are those of the exchange's day, by a slow search, seed ${seed}`, () => {
    for (const [at, { bar }] of minutes.entries()) {
      if (at % 5 !== 0 && minutes[at + 1]?.bar.tradeDate === bar.tradeDate) continue;
      const today = minutes.slice(0, at + 1).filter((minute) => minute.bar.tradeDate === bar.tradeDate);
      const trades = today.flatMap((minute) => minute.trades);
      assertProfile(readings[at].session, trades, `minute ${at}`);
      const isInRth = bar.openMs < bar.rthCloseMs;
      const rth = trades.filter(({ exchangeMs: ms }) => isInRth && ms >= bar.rthOpenMs && ms < bar.rthCloseMs);
      assertProfile(readings[at].rth, rth, `RTH, minute ${at}`);
    }
  });

  test(`the developing line has the value of the first bar of each five minutes, seed ${seed}`, () => {
    const five = 300_000;
    const { bar: newest } = minutes[minutes.length - 1];
    const today = minutes.filter(({ bar }) => bar.tradeDate === newest.tradeDate);
    const line: number[][] = [];
    for (const [at, { bar }] of today.entries()) {
      const isSameSlot =
        line.length > 0 && Math.floor(line[line.length - 1][0] / five) === Math.floor(bar.endMs / five);
      const area = slowArea(today.slice(0, at + 1).flatMap((minute) => minute.trades));
      if (!isSameSlot && area !== null) line.push([bar.endMs, area.poc, area.val, area.vah]);
    }
    assert.deepEqual(readings[minutes.length - 1].developing, line);
  });

  test(`a past point of control is naked until a later bar reaches it, seed ${seed}`, () => {
    const last = minutes.length - 1;
    const newest = minutes[last].bar;
    const dates = [...new Set(minutes.map(({ bar }) => bar.tradeDate))];
    const naked: number[][] = [];
    for (const date of dates.slice(-4)) {
      const own = minutes.filter(({ bar }) => bar.tradeDate === date);
      const rth = own.filter(({ bar }) => bar.openMs >= bar.rthOpenMs && bar.openMs < bar.rthCloseMs);
      for (const part of [rth, own]) {
        const area = slowArea(part.flatMap((minute) => minute.trades));
        const end = part.at(-1)?.bar;
        const isOver = date !== newest.tradeDate || (part === rth && newest.openMs >= newest.rthCloseMs);
        if (area === null || end === undefined || !isOver) continue;
        const later = minutes.filter(({ bar }) => bar.openMs > end.openMs);
        if (later.some(({ bar }) => bar.lowTicks <= area.poc && bar.highTicks >= area.poc)) continue;
        naked.push([date, area.poc]);
      }
    }
    assert.deepEqual(readings[last].naked, naked);
  });

  test(`nothing published depends on what comes later, seed ${seed}`, () => {
    const short = minutes.slice(0, 400);
    assertNoLookAhead((inputs) => published(driven, inputs), short);
    const peeking = (inputs: readonly FlowMinute[]): Reading[] => {
      const ahead = inputs.map((minute, at) => ({ bar: minute.bar, trades: (inputs[at + 1] ?? minute).trades }));
      return published(driven, ahead);
    };
    assert.throws(() => assertNoLookAhead(peeking, short), "a look-ahead of one bar was not found");
  });

  test(`a snapshot goes on alike, seed ${seed}`, () => {
    assertRestores(driven, minutes.slice(0, 500));
  });
}

function ready(profile: VolumeProfile): ReadyProfile {
  assert.ok(profile.status === "ready");
  return profile;
}

/** Two sessions: all at 100 but one lot at 104, then all at 110. */
function twoSessions(): VolumeProfileState {
  const first = Date.parse("2026-11-17T15:00:00Z");
  const second = first + 24 * 3_600_000;
  const trades = [
    flowTrade(100, 30, SIDE.buy, first),
    flowTrade(104, 1, SIDE.sell, first + 1),
    flowTrade(110, 5, SIDE.buy, second),
    flowTrade(108, 2, SIDE.unsigned, second + 60_000),
  ];
  const state = driven.create();
  for (const minute of minutesOf("ES", trades)) driven.add(state, minute);
  return state;
}

test("a closed session is one record: its rows come back, RTH stands before its session", () => {
  const { closed } = twoSessions();
  assert.deepEqual(
    closed.profiles.map(({ span, pocTicks, valTicks, vahTicks }) => [span, pocTicks, valTicks, vahTicks]),
    [
      ["rth", 100, 100, 100],
      ["session", 100, 100, 100],
    ],
  );
  const again = ready(closedProfileOf(closed.profiles[1], "two-row"));
  assert.deepEqual([again.n, again.highTicks, again.buyVolume, again.sellVolume], [31, 104, 30, 1]);
});

test("a bar whose high or low is the point of control touches it, one a tick short does not", () => {
  const { closed } = twoSessions();
  const endMs = 5;
  touchPocs(closed, { lowTicks: 101, highTicks: 120, endMs });
  touchPocs(closed, { lowTicks: 80, highTicks: 99, endMs });
  assert.ok(closed.pocs.every((poc) => Number.isNaN(poc.touchedMs)));
  closed.pocs[0].pocTicks = 120;
  touchPocs(closed, { lowTicks: 119, highTicks: 120, endMs });
  touchPocs(closed, { lowTicks: 100, highTicks: 101, endMs: 6 });
  assert.deepEqual(
    closed.pocs.map((poc) => poc.touchedMs),
    [5, 6],
  );
});

test("at the roll composites and naked points of control move by the settlement spread and say so", () => {
  const former = twoSessions();
  const fresh = createClosedProfiles();
  const { tradeDate } = former;
  takeOverProfiles(fresh, former.closed, { fromTradeDate: tradeDate, spreadTicks: 46.4, from: "ESZ6" });
  assert.deepEqual(
    fresh.pocs.map(({ pocTicks, adjustedTicks, touchedMs }) => [pocTicks, adjustedTicks, Number.isNaN(touchedMs)]),
    [
      [146, 46, true],
      [146, 46, true],
    ],
  );
  const composite = ready(compositeProfile(fresh, { span: "session", dates: 5 }));
  assert.deepEqual([composite.pocTicks, composite.highTicks, composite.n], [146, 150, 31]);
  assert.deepEqual(composite.takenOver, [{ contract: "ESZ6", dates: 1, adjustedTicks: 46 }]);
  assert.ok(composite.reasons.includes("1 of ESZ6, adjusted at the roll by +46 ticks"));
  assert.equal(former.closed.pocs[0].pocTicks, 100, "the former front's own record stays");
  takeOverProfiles(fresh, former.closed, { fromTradeDate: 0, spreadTicks: 1, from: "ESZ6" });
  assert.equal(fresh.profiles.length, 2, "what is not older is not taken over");
});

test("a composite is the sum of its dates", () => {
  const minutes = minutesOf("ES", randomTape(7, WALK));
  const state = driven.create();
  for (const minute of minutes) driven.add(state, minute);
  const dates = state.closed.profiles.filter(({ span }) => span === "session").map(({ tradeDate }) => tradeDate);
  assert.equal(dates.length, 3);
  const composite = compositeProfile(state.closed, { span: "session", dates: 2 });
  const trades = minutes.filter(({ bar }) => dates.slice(-2).includes(bar.tradeDate)).flatMap((one) => one.trades);
  assertProfile(composite, trades, "composite");
  assert.equal(ready(composite).dates, 2);
});

test("a late trade joins the next values of session and RTH; one of a closed RTH joins the session alone", () => {
  const open = Date.parse("2026-11-17T14:30:00Z");
  const close = Date.parse("2026-11-17T21:00:00Z");
  const state = driven.create();
  const minutes = minutesOf("ES", [flowTrade(100, 4, SIDE.buy, open), flowTrade(101, 4, SIDE.buy, close)]);
  driven.add(state, minutes[0]);
  amendVolumeProfile(state, flowTrade(99, 3, SIDE.sell, open + 59_000));
  assert.deepEqual([ready(readAll(state).session).n, ready(readAll(state).rth).n], [7, 7]);
  driven.add(state, minutes[1]);
  amendVolumeProfile(state, flowTrade(99, 2, SIDE.sell, close - 500));
  assert.equal(ready(readAll(state).session).n, 13);
  assert.deepEqual([state.closed.profiles[0].rows.volume, state.lateVolume], [7, 2]);
});

test("a profile from spread bars is marked as an estimate, one that found no row for a price says so", () => {
  const rows = filledRows((into) => {
    addRowTrade(into, flowTrade(5, 3, SIDE.buy, 0));
  });
  rows.estimatedVolume = 1.5;
  rows.outsideVolume = 9;
  const profile = ready(profileOf(rows, { span: "range", atMs: 1 }));
  assert.equal(profile.estimatedShare, 0.5);
  assert.deepEqual(profile.reasons.slice(-2), ["estimate: 50.0 % spread over bars", "9 contracts too far away"]);
});

/** Do VWAP, pivots, profiles and ICT zones come to the board at the prices that their analyses publish? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { spreadBar } from "#lib/analysis/bar-rows.ts";
import { type ClosedProfiles, compositeProfile } from "#lib/analysis/closed-profiles.ts";
import { addIctBar, createIct, ictOf } from "#lib/analysis/ict/ict.ts";
import { pushIctLevels } from "#lib/analysis/levels/ict-levels.ts";
import { LEVEL_KINDS } from "#lib/analysis/levels/level-kinds.ts";
import { createLevelList, type LevelList } from "#lib/analysis/levels/level-list.ts";
import {
  pushClosedLevels,
  pushPivotLevels,
  pushRunningLevels,
  pushVwapLevels,
} from "#lib/analysis/levels/measured-levels.ts";
import { addPivotsBar, createPivots, pivotsOf } from "#lib/analysis/pivots.ts";
import { clearRows, createPriceRows } from "#lib/analysis/price-rows.ts";
import {
  addVolumeProfileBar,
  createVolumeProfile,
  runningValue,
  volumeProfileOf,
} from "#lib/analysis/volume-profile.ts";
import { addVwapBar, createVwap, vwapOf } from "#lib/analysis/vwap.ts";
import { type ListedLevel, levelsIn } from "#tests/support/level-lists.ts";
import { walkBars } from "#tests/support/placed-bars.ts";

const FIVE = 300_000;
/** Four dates and the morning of the fifth. */
const BARS = walkBars(51, { from: "2026-11-09", dates: 5, intervalMs: FIVE }).slice(0, -60);
const KNOWN = new Set(LEVEL_KINDS.map(({ kind }) => kind));

function priceOf(levels: readonly ListedLevel[], kind: string): number | undefined {
  const found = levels.filter((level) => level.kind === kind);
  assert.equal(found.length, 1, kind);
  assert.ok(KNOWN.has(found[0].kind), kind);
  return found[0].priceTicks;
}

function pushed(push: (list: LevelList) => void): ListedLevel[] {
  const list = createLevelList();
  push(list);
  return levelsIn(list);
}

function overBars<State>(state: State, take: (state: State, bar: AnalysisBar) => void): State {
  for (const bar of BARS) take(state, bar);
  return state;
}

test("VWAP and its bands, since their anchor", () => {
  const rows = createPriceRows();
  const vwap = overBars(createVwap(), (state, bar) => {
    clearRows(rows);
    spreadBar(rows, bar);
    addVwapBar(state, bar, rows);
  });
  const reading = vwapOf(vwap.session);
  assert.ok(reading.status === "ready");
  const levels = pushed((list) => pushVwapLevels(reading, list));
  assert.equal(priceOf(levels, "vwap.session.mid"), reading.vwapTicks);
  assert.equal(priceOf(levels, "vwap.session.up2"), reading.bands[1].upperTicks);
  assert.equal(priceOf(levels, "vwap.session.down3"), reading.bands[2].lowerTicks);
  assert.ok(levels.every(({ bornMs }) => bornMs === BARS.at(-1)?.sessionOpenMs));
});

test("pivots of all three methods, R1 beside the first resistance", () => {
  const reading = pivotsOf(overBars(createPivots(), addPivotsBar));
  const levels = pushed((list) => pushPivotLevels(reading, 7, list));
  assert.ok(reading.status === "ready");
  assert.equal(priceOf(levels, "pivot.classic.pp"), reading.classic.ppTicks);
  assert.equal(priceOf(levels, "pivot.classic.s3"), reading.classic.supportsTicks[2]);
  assert.equal(priceOf(levels, "pivot.fibonacci.r1"), reading.fibonacci.resistancesTicks[0]);
  assert.equal(priceOf(levels, "pivot.camarilla.s4"), reading.camarilla.supportsTicks[3]);
  assert.equal(levels.length, 7 + 7 + 8);
});

test("profiles: developing, prior, composite, naked points of control until touched", () => {
  const rows = createPriceRows();
  const state = overBars(createVolumeProfile({ rule: "two-row", dates: 5 }), (profile, bar) => {
    clearRows(rows);
    spreadBar(rows, bar);
    addVolumeProfileBar(profile, bar, rows);
  });
  const session = volumeProfileOf(state, "session");
  const composite = compositeProfile(state.closed, { span: "session", dates: 3 });
  const values = { session: runningValue(state, "session"), rth: runningValue(state, "rth") };
  const read = { ...values, composite, sessionOpenMs: BARS.at(-1)?.sessionOpenMs ?? 0 };
  const levelsOf = (closed: ClosedProfiles): ListedLevel[] =>
    pushed((list) => {
      pushRunningLevels(read, list);
      pushClosedLevels({ ...read, closed }, list);
    });
  const levels = levelsOf(state.closed);
  assert.ok(session.status === "ready" && composite.status === "ready");
  assert.equal(priceOf(levels, "profile.developing.poc"), session.pocTicks);
  assert.equal(priceOf(levels, "profile.composite.vah"), composite.vahTicks);
  const prior = state.closed.profiles.findLast(({ span }) => span === "session");
  assert.equal(priceOf(levels, "profile.prior.val"), prior?.valTicks);
  assert.equal(
    levels.filter(({ kind }) => kind === "profile.hvn").length,
    composite.zones.filter(({ kind }) => kind === "high").length,
  );

  const nakedOf = (closed: ClosedProfiles): number[] =>
    levelsOf(closed).flatMap(({ kind, priceTicks }) => (kind === "profile.nakedPoc" ? [priceTicks] : []));
  const { profiles, pocs } = state.closed;
  const naked = { profiles, pocs: pocs.map((poc) => ({ ...poc, touchedMs: Number.NaN })) };
  const older = pocs.slice(0, -2).map(({ pocTicks }) => pocTicks);
  assert.deepEqual(nakedOf(naked), [...new Set(older)]);
  assert.deepEqual(nakedOf({ profiles, pocs: pocs.map((poc) => ({ ...poc, touchedMs: 1 })) }), []);
  const touchedToday = { profiles, pocs: pocs.map((poc) => ({ ...poc, touchedMs: read.sessionOpenMs + 60_000 })) };
  assert.deepEqual(nakedOf(touchedToday), [...new Set(older)], "what follows from a touch is still to be seen");
  const adjusted = levelsOf({ profiles: profiles.map((one) => ({ ...one, shiftTicks: 46 })), pocs });
  assert.equal(priceOf(adjusted, "profile.prior.poc"), (prior?.pocTicks ?? 0) + 46);
});

test("ICT zones at the edge that price meets first; what is over is no level", () => {
  const reading = ictOf(overBars(createIct({ root: "ES", barsEachSide: 3 }), addIctBar));
  assert.ok(reading.status === "ready");
  const levels = pushed((list) => pushIctLevels(reading, list));
  const isAlive = ({ state }: { state: string }): boolean =>
    !["dead", "failed", "filled", "swept", "broken"].includes(state);
  const objects = [...reading.gaps, ...reading.orderBlocks, ...reading.failedBlocks, ...reading.equalSwings];
  assert.equal(levels.length, objects.filter(isAlive).length);
  assert.ok(levels.length > 5, `${levels.length} levels`);
  for (const { kind, priceTicks, zone } of levels) {
    assert.ok(KNOWN.has(kind), kind);
    if (zone !== null) assert.equal(priceTicks, kind.endsWith("bullish") ? zone.topTicks : zone.bottomTicks, kind);
  }
});

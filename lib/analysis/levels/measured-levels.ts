/** Which prices of VWAP, pivots and volume profiles are levels? Each as the other analyses publish it. */
import type { ClosedProfiles } from "#lib/analysis/closed-profiles.ts";
import type { PivotSet, Pivots } from "#lib/analysis/pivots.ts";
import type { VolumeProfile } from "#lib/analysis/profile.ts";
import type { RunningValue } from "#lib/analysis/volume-profile.ts";
import type { VwapLine } from "#lib/analysis/vwap.ts";
import { kindsBy, LEVEL_KIND_INDEX, type PivotSet as PivotMethod, type ProfileId } from "./level-kinds.ts";
import { type LevelList, pushLine, pushZone } from "./level-list.ts";

const VWAP_BANDS = ["mid", "up1", "up2", "up3", "down1", "down2", "down3"] as const;
const VWAP_KINDS = kindsBy(
  ["session", "rth", "week", "anchored"],
  VWAP_BANDS,
  (anchor, band) => `vwap.${anchor}.${band}`,
);
const AREA_KINDS = kindsBy(
  ["developing", "developingRth", "prior", "priorRth", "composite"],
  ["poc", "vah", "val"],
  (id, part) => `profile.${id}.${part}`,
);
const NAKED_POC = LEVEL_KIND_INDEX["profile.nakedPoc"];
const ZONE_KINDS = { high: LEVEL_KIND_INDEX["profile.hvn"], low: LEVEL_KIND_INDEX["profile.lvn"] };
const PIVOT_NUMBERS = [1, 2, 3, 4] as const;
const PIVOT_KINDS = kindsBy(
  ["classic", "fibonacci", "camarilla"],
  ["pp", ...PIVOT_NUMBERS.map((n) => `r${n}` as const), ...PIVOT_NUMBERS.map((n) => `s${n}` as const)],
  (set, pivot) => `pivot.${set}.${pivot}`,
);

/** Adds a VWAP and its bands; they lie between ticks. Null has none yet. */
export function pushVwapLevels(vwap: VwapLine | null, levels: LevelList): void {
  if (vwap === null) return;
  const { anchorMs, vwapTicks, sigmaTicks: sigma } = vwap;
  const kinds = VWAP_KINDS[vwap.anchor === "custom" ? "anchored" : vwap.anchor];
  pushLine(levels, kinds.mid, vwapTicks, anchorMs);
  if (sigma === 0) return;
  pushLine(levels, kinds.up1, vwapTicks + sigma, anchorMs);
  pushLine(levels, kinds.down1, vwapTicks - sigma, anchorMs);
  pushLine(levels, kinds.up2, vwapTicks + 2 * sigma, anchorMs);
  pushLine(levels, kinds.down2, vwapTicks - 2 * sigma, anchorMs);
  pushLine(levels, kinds.up3, vwapTicks + 3 * sigma, anchorMs);
  pushLine(levels, kinds.down3, vwapTicks - 3 * sigma, anchorMs);
}

/** Adds the pivots of all three methods; `bornMs`: the open of the session they are for. They lie between ticks. */
export function pushPivotLevels(pivots: Pivots, bornMs: number, levels: LevelList): void {
  if (pivots.status !== "ready") return;
  pushPivots("classic", pivots.classic, bornMs, levels);
  pushPivots("fibonacci", pivots.fibonacci, bornMs, levels);
  pushPivots("camarilla", pivots.camarilla, bornMs, levels);
}

/** Value of the running session and RTH, known since `sessionOpenMs`; null: nothing has traded in it. */
export type RunningValues = { session: RunningValue | null; rth: RunningValue | null; sessionOpenMs: number };

/** Adds what moves with every bar: the developing points of control and value areas. */
export function pushRunningLevels({ session, rth, sessionOpenMs }: RunningValues, levels: LevelList): void {
  if (session !== null) pushArea("developing", session, sessionOpenMs, levels);
  if (rth !== null) pushArea("developingRth", rth, sessionOpenMs, levels);
}

/** What `pushClosedLevels` reads. */
export type ClosedRead = { composite: VolumeProfile; closed: ClosedProfiles; sessionOpenMs: number };

/** Adds what past sessions leave: their value, naked points of control, the composite's zones at their extremes. */
export function pushClosedLevels({ composite, closed, sessionOpenMs }: ClosedRead, levels: LevelList): void {
  if (composite.status === "ready") {
    const { atMs, zones } = composite;
    pushArea("composite", composite, atMs, levels);
    for (const { kind, extremeTicks, fromTicks, toTicks } of zones) {
      pushZone(levels, ZONE_KINDS[kind], extremeTicks, { bornMs: atMs, topTicks: toTicks, bottomTicks: fromTicks });
    }
  }
  pushClosed(closed, sessionOpenMs, levels);
}

function pushPivots(
  id: PivotMethod,
  { ppTicks, resistancesTicks, supportsTicks }: PivotSet,
  bornMs: number,
  levels: LevelList,
): void {
  const kinds = PIVOT_KINDS[id];
  if (ppTicks !== null) pushLine(levels, kinds.pp, ppTicks, bornMs);
  for (const [index, n] of PIVOT_NUMBERS.entries()) {
    if (index < resistancesTicks.length) pushLine(levels, kinds[`r${n}`], resistancesTicks[index], bornMs);
    if (index < supportsTicks.length) pushLine(levels, kinds[`s${n}`], supportsTicks[index], bornMs);
  }
}

function pushArea(id: ProfileId, area: RunningValue, bornMs: number, levels: LevelList): void {
  const { poc, vah, val } = AREA_KINDS[id];
  pushLine(levels, poc, area.pocTicks, bornMs);
  pushLine(levels, vah, area.vahTicks, bornMs);
  pushLine(levels, val, area.valTicks, bornMs);
}

/**
 * The newest closed session and RTH; older points of control while they are naked, each price once. One touched since
 * the session's open stays: what follows from its touch is still to be seen.
 */
function pushClosed({ profiles, pocs }: ClosedProfiles, sessionOpenMs: number, levels: LevelList): void {
  const newest = { session: -1, rth: -1 };
  for (const [index, { span }] of profiles.entries()) newest[span] = index;
  for (const span of ["session", "rth"] as const) {
    const profile = profiles[newest[span]];
    if (profile === undefined) continue;
    const { pocTicks, vahTicks, valTicks, shiftTicks: shift, atMs } = profile;
    const area = { pocTicks: pocTicks + shift, vahTicks: vahTicks + shift, valTicks: valTicks + shift };
    pushArea(span === "session" ? "prior" : "priorRth", area, atMs, levels);
  }
  const seen: number[] = [];
  for (const [index, { pocTicks, touchedMs }] of pocs.entries()) {
    const isNewest = index === newest.session || index === newest.rth;
    if (isNewest || touchedMs < sessionOpenMs || seen.includes(pocTicks)) continue;
    seen.push(pocTicks);
    pushLine(levels, NAKED_POC, pocTicks, profiles[index].atMs);
  }
}

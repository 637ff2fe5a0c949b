/** Which profiles of past sessions are kept, moved at a roll, summed, and whose point of control is still naked? */
import { addPackedRows, type PackedRows, packRows } from "./packed-rows.ts";
import { createPriceRows, type PriceRows } from "./price-rows.ts";
import { profileOf, type TakenOver, type VolumeProfile } from "./profile.ts";
import { tradedAreaOf, type ValueAreaRule } from "./value-area.ts";

/** A finished session as it was when it closed: never changed, but for `shiftTicks` of a copy made at a roll. */
export type ClosedProfile = {
  readonly tradeDate: number;
  readonly span: "session" | "rth";
  /** End of its newest bar. */
  readonly atMs: number;
  readonly pocTicks: number;
  readonly valTicks: number;
  readonly vahTicks: number;
  /** Whole ticks to add to every price, because the contract has rolled since; 0: the contract's own. */
  readonly shiftTicks: number;
  /** Symbol of the contract that traded it, where it was taken over at a roll; null: this one. */
  readonly from: string | null;
  readonly rows: PackedRows;
};

/** A past point of control, moved as the rolls ask; `touchedMs` is the end of the bar that reached it, NaN: naked. */
export type PastPoc = {
  tradeDate: number;
  span: "session" | "rth";
  pocTicks: number;
  adjustedTicks: number;
  touchedMs: number;
};

/** Oldest first; RTH of a date stands before its session. `pocs` in step with `profiles`. */
export type ClosedProfiles = { profiles: ClosedProfile[]; pocs: PastPoc[] };

/** Bytes of packed rows of a contract, so that 24 contracts fit into one snapshot; the oldest profiles go. */
export const CLOSED_PROFILE_BYTES_MAX = 65_536;

export function createClosedProfiles(): ClosedProfiles {
  return { profiles: [], pocs: [] };
}

/** Closes rows into a record, kept with those of the newest `dates` closed trade dates. Nothing traded: no record. */
export function closeProfile(
  closed: ClosedProfiles,
  rows: PriceRows,
  about: { tradeDate: number; span: "session" | "rth"; atMs: number; rule: ValueAreaRule; dates: number },
): void {
  const area = tradedAreaOf(rows, about.rule);
  if (area === null) return;
  const { tradeDate, span, atMs } = about;
  const pocTicks = rows.lowTicks + area.poc;
  closed.profiles.push({
    tradeDate,
    span,
    atMs,
    pocTicks,
    valTicks: rows.lowTicks + area.low,
    vahTicks: rows.lowTicks + area.high,
    shiftTicks: 0,
    from: null,
    rows: packRows(rows),
  });
  closed.pocs.push({ tradeDate, span, pocTicks, adjustedTicks: 0, touchedMs: Number.NaN });
  trim(closed, about.dates);
}

function trim(closed: ClosedProfiles, dates: number): void {
  const { profiles, pocs } = closed;
  let bytes = 0;
  for (const profile of profiles) bytes += profile.rows.bytes.length;
  while (profiles.length > 0 && (sessions(profiles) > dates || bytes > CLOSED_PROFILE_BYTES_MAX)) {
    bytes -= profiles[0].rows.bytes.length;
    profiles.shift();
    pocs.shift();
  }
}

/** Every past point of control that lies within a bar's range is touched: it is naked no longer. */
export function touchPocs(closed: ClosedProfiles, bar: { lowTicks: number; highTicks: number; endMs: number }): void {
  for (const poc of closed.pocs) {
    if (Number.isNaN(poc.touchedMs) && bar.lowTicks <= poc.pocTicks && poc.pocTicks <= bar.highTicks) {
      poc.touchedMs = bar.endMs;
    }
  }
}

/**
 * At the roll the new front takes over what the former front (of symbol `from`) traded on dates before `fromTradeDate`:
 * every price moves by the spread of the two settlements, to the nearest whole tick, for rows lie on ticks. Profiles
 * that the new contract made of its own thin trading on those dates go: volumes of two contracts are never one. Spread
 * +46.4 ticks: a point of control at 19,200 → 19,246.
 */
export function takeOverProfiles(
  closed: ClosedProfiles,
  former: ClosedProfiles,
  roll: { fromTradeDate: number; spreadTicks: number; from: string },
): void {
  const shift = Math.round(roll.spreadTicks);
  const isOlder = (one: { tradeDate: number }): boolean => one.tradeDate < roll.fromTradeDate;
  const isNewer = (one: { tradeDate: number }): boolean => one.tradeDate >= roll.fromTradeDate;
  closed.profiles = [
    ...former.profiles.filter(isOlder).map((one) => ({
      ...one,
      shiftTicks: one.shiftTicks + shift,
      from: one.from ?? roll.from,
    })),
    ...closed.profiles.filter(isNewer),
  ];
  closed.pocs = [
    ...former.pocs.filter(isOlder).map((poc) => ({
      ...poc,
      pocTicks: poc.pocTicks + shift,
      adjustedTicks: poc.adjustedTicks + shift,
    })),
    ...closed.pocs.filter(isNewer),
  ];
}

/** One profile of the newest `dates` closed trade dates of a span, those before a roll adjusted. */
export function compositeProfile(
  closed: ClosedProfiles,
  options: { span: "session" | "rth"; dates: number; rule?: ValueAreaRule },
): VolumeProfile {
  const { rows, chosen } = compositeRows(closed, options);
  return profileOf(rows, {
    span: "composite",
    atMs: chosen.at(-1)?.atMs ?? Number.NaN,
    dates: chosen.length,
    takenOver: takenOverOf(chosen),
    ...(options.rule === undefined ? {} : { rule: options.rule }),
  });
}

/** The rows of the newest `dates` closed trade dates of a span, and the records that they come from. */
export function compositeRows(
  closed: ClosedProfiles,
  { span, dates }: { span: "session" | "rth"; dates: number },
): { rows: PriceRows; chosen: ClosedProfile[] } {
  const rows = createPriceRows();
  const chosen = closed.profiles.filter((one) => one.span === span).slice(-dates);
  for (const profile of chosen) addPackedRows(rows, profile.rows, profile.shiftTicks);
  return { rows, chosen };
}

/** All that one closed session says, as on the day itself; a copy made at a roll says that it is adjusted. */
export function closedProfileOf(one: ClosedProfile, rule: ValueAreaRule): VolumeProfile {
  const rows = createPriceRows();
  addPackedRows(rows, one.rows, one.shiftTicks);
  return profileOf(rows, { span: one.span, atMs: one.atMs, rule, takenOver: takenOverOf([one]) });
}

/** Whose profiles these are where they are not the contract's own, oldest first. */
function takenOverOf(profiles: readonly ClosedProfile[]): TakenOver[] {
  const found: TakenOver[] = [];
  for (const { from, shiftTicks } of profiles) {
    const newest = found.at(-1);
    if (from === null) continue;
    if (newest?.contract === from) newest.dates += 1;
    else found.push({ contract: from, dates: 1, adjustedTicks: shiftTicks });
  }
  return found;
}

function sessions(profiles: readonly ClosedProfile[]): number {
  return profiles.filter((one) => one.span === "session").length;
}

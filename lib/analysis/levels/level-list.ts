/** Which levels stand after a closed bar? Columns, written anew with each bar: a place a level, and no objects. */

/** Levels as their makers hand them over. Kinds are positions in LEVEL_KINDS; times and prices as in `Level`. */
export type LevelList = {
  length: number;
  kind: Uint8Array;
  /** On a tick, but for averages (VWAP, pivots, settlements, middles), which may lie between. */
  priceTicks: Float64Array;
  /** When it became known: nothing counts before. */
  bornMs: Float64Array;
  /** 1: its range still grows. It is shown, but no touch of it counts. */
  isDeveloping: Uint8Array;
  /** Edges of a zone, whose near edge the price is; NaN for a line. */
  topTicks: Float64Array;
  bottomTicks: Float64Array;
};

const PLACES_AT_FIRST = 64;

/** An empty list; it grows as it must. */
export function createLevelList(capacity: number = PLACES_AT_FIRST): LevelList {
  return {
    length: 0,
    kind: new Uint8Array(capacity),
    priceTicks: new Float64Array(capacity),
    bornMs: new Float64Array(capacity),
    isDeveloping: new Uint8Array(capacity),
    topTicks: new Float64Array(capacity),
    bottomTicks: new Float64Array(capacity),
  };
}

/** Adds a line that is known and done. */
export function pushLine(list: LevelList, kind: number, priceTicks: number, bornMs: number): void {
  const at = list.length;
  if (at === list.kind.length) grow(list);
  list.length = at + 1;
  list.kind[at] = kind;
  list.priceTicks[at] = priceTicks;
  list.bornMs[at] = bornMs;
  list.isDeveloping[at] = 0;
  list.topTicks[at] = Number.NaN;
  list.bottomTicks[at] = Number.NaN;
}

/** Adds a line whose range still grows, until it is final. */
export function pushGrowing(
  list: LevelList,
  kind: number,
  priceTicks: number,
  { bornMs, isFinal }: { bornMs: number; isFinal: boolean },
): void {
  pushLine(list, kind, priceTicks, bornMs);
  if (!isFinal) list.isDeveloping[list.length - 1] = 1;
}

/** Adds a zone at `priceTicks`, the edge or row of it that counts. */
export function pushZone(
  list: LevelList,
  kind: number,
  priceTicks: number,
  zone: { bornMs: number; topTicks: number; bottomTicks: number },
): void {
  pushLine(list, kind, priceTicks, zone.bornMs);
  list.topTicks[list.length - 1] = zone.topTicks;
  list.bottomTicks[list.length - 1] = zone.bottomTicks;
}

function grow(list: LevelList): void {
  const { length, ...columns } = list;
  const next = createLevelList(columns.kind.length * 2);
  next.kind.set(columns.kind);
  next.priceTicks.set(columns.priceTicks);
  next.bornMs.set(columns.bornMs);
  next.isDeveloping.set(columns.isDeveloping);
  next.topTicks.set(columns.topTicks);
  next.bottomTicks.set(columns.bottomTicks);
  Object.assign(list, next, { length });
}

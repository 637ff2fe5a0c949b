/** How does price stand to a zone that should hold it? Both sides by one rule, so that neither differs by accident. */

/** Bullish: support below the price; bearish: resistance above it. */
export type IctSide = "bullish" | "bearish";

/** What all ICT objects share. `bornMs` is the end of the bar that made it known; nothing reads it before. */
export type IctObject = {
  id: string;
  side: IctSide;
  /** Open of the bar that it is drawn from. */
  fromMs: number;
  bornMs: number;
  /** Price has come back to it since. */
  touched: boolean;
};

export type IctZone = IctObject & { topTicks: number; bottomTicks: number };

type Prices = { highTicks: number; lowTicks: number; closeTicks: number };

/** 1 for bullish, −1 for bearish: a bearish rule is the bullish one on mirrored prices. */
export function signOf(side: IctSide): 1 | -1 {
  return side === "bullish" ? 1 : -1;
}

export function otherSide(side: IctSide): IctSide {
  return side === "bullish" ? "bearish" : "bullish";
}

/** The edge that price meets first on its way back: the top of a bullish zone. */
export function nearEdgeTicks(zone: IctZone): number {
  return zone.side === "bullish" ? zone.topTicks : zone.bottomTicks;
}

/** How far the bar reaches into the zone: 0 at the near edge, 1 at the far one or past it; negative: not reached. */
export function reachInto(zone: IctZone, bar: Prices): number {
  const depth = zone.side === "bullish" ? zone.topTicks - bar.lowTicks : bar.highTicks - zone.bottomTicks;
  const size = zone.topTicks - zone.bottomTicks;
  if (depth < 0 || size <= 0) return depth < 0 ? -1 : 1;
  return Math.min(1, depth / size);
}

/** The bar closes beyond the far edge: the zone did not hold. */
export function closesThrough(zone: IctZone, bar: Prices): boolean {
  return zone.side === "bullish" ? bar.closeTicks < zone.bottomTicks : bar.closeTicks > zone.topTicks;
}

/** Makes room for one more in a bounded list: an object that is over goes first, else the oldest. */
export function makeRoom<Item>(list: Item[], max: number, isOver: (item: Item) => boolean): void {
  if (list.length < max) return;
  const over = list.findIndex(isOver);
  list.splice(Math.max(0, over), 1);
}

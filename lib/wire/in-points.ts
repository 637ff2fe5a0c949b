/** How does a tree of ticks leave the house? In points: names in …Ticks lose the ending, distances keep theirs. */
import { pointsFromTicks } from "#lib/units.ts";

/** How far, how wide, how many rows: said in ticks on every screen. */
type KeptKey =
  | "distanceTicks"
  | "stopDistanceTicks"
  | "extensionUpTicks"
  | "extensionDownTicks"
  | "momentumTicks"
  | "rowTicks"
  | "widthTicks";
const KEPT: ReadonlySet<string> = new Set<KeptKey>([
  "distanceTicks",
  "stopDistanceTicks",
  "extensionUpTicks",
  "extensionDownTicks",
  "momentumTicks",
  "rowTicks",
  "widthTicks",
]);

type PointsKey<Key> = Key extends KeptKey ? Key : Key extends `${infer Name}Ticks` ? Name : Key;

/** The same tree with prices in points; NaN and infinities become null, typed arrays become arrays. */
export type InPoints<Tree> = Tree extends number
  ? number | null
  : Tree extends string | boolean | null | undefined
    ? Tree
    : Tree extends Int32Array | Uint32Array | Float64Array | Float32Array | Uint8Array | Uint16Array
      ? (number | null)[]
      : Tree extends readonly (infer Item)[]
        ? InPoints<Item>[]
        : { [Key in keyof Tree as PointsKey<Key>]: InPoints<Tree[Key]> };

/**
 * {pocTicks: 17000, distanceTicks: 3, volume: 5} of ES (tick 0.25) → {poc: 4250, distanceTicks: 3, volume: 5}. Prices
 * between ticks stay between them.
 */
export function inPoints<Tree>(tree: Tree, tickSize: number): InPoints<Tree> {
  return convert(tree, tickSize, false) as InPoints<Tree>; // safe: convert follows the type key by key
}

function convert(value: unknown, tickSize: number, isPrice: boolean): unknown {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return null;
    return isPrice ? pointsFromTicks(value, tickSize) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, tickSize, isPrice));
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (item) => convert(item, tickSize, isPrice));
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const isTicks = key.endsWith("Ticks") && !KEPT.has(key);
    // A record of prices has the ending on its own name: centroidsTicks.
    const isItemPrice = isTicks || (isPrice && !KEPT.has(key));
    out[isTicks ? key.slice(0, -"Ticks".length) : key] = convert(item, tickSize, isItemPrice);
  }
  return out;
}

/** Which ICT objects are levels? The living zones, at the edge that price meets first, and pools of equal swings. */
import type { IctZones } from "#lib/analysis/ict/ict.ts";
import { type IctZone, nearEdgeTicks } from "#lib/analysis/ict/zone.ts";
import { kindsBy, LEVEL_KIND_INDEX } from "./level-kinds.ts";
import { type LevelList, pushLine, pushZone } from "./level-list.ts";

const KINDS = kindsBy(
  ["fvg", "inverseFvg", "orderBlock", "breaker", "mitigationBlock"],
  ["bullish", "bearish"],
  (id, side) => `ict.${id}.${side}`,
);

/** Adds the levels of what is known; what is dead, failed, swept or filled is none. */
export function pushIctLevels(zones: IctZones | null, levels: LevelList): void {
  if (zones === null) return;
  for (const gap of zones.gaps) {
    if (gap.state === "open") push("fvg", gap, gap.bornMs, levels);
    // An inverted gap is another level, since the bar that closed through it.
    if (gap.state === "inverted") push("inverseFvg", gap, gap.invertedMs ?? gap.bornMs, levels);
  }
  for (const block of zones.orderBlocks) {
    if (block.state !== "failed") push("orderBlock", block, block.bornMs, levels);
  }
  for (const block of zones.failedBlocks) {
    if (block.state !== "dead") push(block.kind, block, block.bornMs, levels);
  }
  for (const { kind, state, levelTicks, bornMs } of zones.equalSwings) {
    if (state !== "live") continue;
    pushLine(levels, LEVEL_KIND_INDEX[`ict.${kind}`], levelTicks, bornMs);
  }
}

function push(id: keyof typeof KINDS, zone: Readonly<IctZone>, bornMs: number, levels: LevelList): void {
  const { topTicks, bottomTicks } = zone;
  pushZone(levels, KINDS[id][zone.side], nearEdgeTicks(zone), { bornMs, topTicks, bottomTicks });
}

/** Which ICT objects are levels? The living zones, at the edge that price meets first, and pools of equal swings. */
import type { IctZones } from "#lib/analysis/ict/ict.ts";
import { type IctZone, nearEdgeTicks } from "#lib/analysis/ict/zone.ts";
import type { IctZoneKind, LevelInput } from "./level-kinds.ts";

/** Adds the levels of what is known; what is dead, failed, swept or filled is none. */
export function pushIctLevels(zones: IctZones | null, levels: LevelInput[]): void {
  if (zones === null) return;
  for (const gap of zones.gaps) {
    if (gap.state === "open") pushZone("fvg", gap, gap.bornMs, levels);
    // An inverted gap is another level, since the bar that closed through it.
    if (gap.state === "inverted") pushZone("inverseFvg", gap, gap.invertedMs ?? gap.bornMs, levels);
  }
  for (const block of zones.orderBlocks) {
    if (block.state !== "failed") pushZone("orderBlock", block, block.bornMs, levels);
  }
  for (const block of zones.failedBlocks) {
    if (block.state !== "dead") pushZone(block.kind, block, block.bornMs, levels);
  }
  for (const { kind, state, levelTicks, bornMs } of zones.equalSwings) {
    if (state !== "live") continue;
    levels.push({ kind: `ict.${kind}`, priceTicks: levelTicks, bornMs, isDeveloping: false, zone: null });
  }
}

function pushZone(id: IctZoneKind, zone: Readonly<IctZone>, bornMs: number, levels: LevelInput[]): void {
  const { topTicks, bottomTicks } = zone;
  levels.push({
    kind: `ict.${id}.${zone.side}`,
    priceTicks: nearEdgeTicks(zone),
    bornMs,
    isDeveloping: false,
    zone: { topTicks, bottomTicks },
  });
}

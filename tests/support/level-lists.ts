/** How does a test write the levels of a list down, one by one, and read them back? */
import { LEVEL_KIND_INDEX, LEVEL_KINDS, type LevelKind } from "#lib/analysis/levels/level-kinds.ts";
import { createLevelList, type LevelList, pushGrowing, pushLine, pushZone } from "#lib/analysis/levels/level-list.ts";

export type ListedLevel = {
  kind: LevelKind;
  priceTicks: number;
  bornMs: number;
  isDeveloping: boolean;
  zone: { topTicks: number; bottomTicks: number } | null;
};

/** A line that is known and done. */
export function line(kind: LevelKind, priceTicks: number, bornMs: number): ListedLevel {
  return { kind, priceTicks, bornMs, isDeveloping: false, zone: null };
}

export function listOf(levels: readonly ListedLevel[]): LevelList {
  const list = createLevelList();
  for (const { kind, priceTicks, bornMs, isDeveloping, zone } of levels) {
    const index = LEVEL_KIND_INDEX[kind];
    if (zone !== null) pushZone(list, index, priceTicks, { bornMs, ...zone });
    else if (isDeveloping) pushGrowing(list, index, priceTicks, { bornMs, isFinal: false });
    else pushLine(list, index, priceTicks, bornMs);
  }
  return list;
}

export function levelsIn(list: LevelList): ListedLevel[] {
  return Array.from({ length: list.length }, (_, row) => {
    const [topTicks, bottomTicks] = [list.topTicks[row], list.bottomTicks[row]];
    return {
      kind: LEVEL_KINDS[list.kind[row]].kind,
      priceTicks: list.priceTicks[row],
      bornMs: list.bornMs[row],
      isDeveloping: list.isDeveloping[row] === 1,
      zone: Number.isNaN(topTicks) ? null : { topTicks, bottomTicks },
    };
  });
}

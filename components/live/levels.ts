/** Which levels are shown, on the board and on the chart alike, and in which colour each family? */

import { createPersisted } from "#components/ui/persisted.ts";
import type { Palette } from "#components/ui/theme.ts";
import type { LevelParts, LevelsView } from "#lib/wire/insight-stream.ts";

export type LevelView = LevelParts["levels"]["levels"][number];

/** `isProvisional`: its price is that of the forming bars, not what was published. */
export type ShownLevel = { level: LevelView; price: number; isProvisional: boolean };

/** So many levels are shown until all are asked for. */
const NEAREST = 8;

/** The reader's wish: all levels, and the one that stands out on the chart ("ES vwap.session.mid"); null: none. */
export type LevelChoice = { isAll: boolean; chosen: string | null };

export const levelChoice = createPersisted<LevelChoice>({
  key: "rightseat.levels",
  initial: { isAll: false, chosen: null },
  read: (stored) => {
    if (typeof stored !== "object" || stored === null) return null;
    const { isAll, chosen } = stored as Record<string, unknown>;
    const isText = typeof chosen === "string";
    return typeof isAll === "boolean" ? { isAll, chosen: isText ? chosen : null } : null;
  },
});

export function choiceOf(root: string, level: Pick<LevelView, "id">): string {
  return `${root} ${level.id}`;
}

/** Chooses a level; the chosen one is let go. */
export function toggleLevel(root: string, level: Pick<LevelView, "id">): void {
  const { isAll, chosen } = levelChoice.get();
  const choice = choiceOf(root, level);
  levelChoice.set({ isAll, chosen: chosen === choice ? null : choice });
}

const FAMILY_HUES: Readonly<Record<LevelView["family"], keyof Palette>> = {
  day: "down",
  week: "down",
  month: "down",
  settlement: "mid",
  overnight: "caution",
  session: "caution",
  opening: "text",
  open: "text",
  gap: "text",
  vwap: "vwap",
  profile: "selection",
  pivot: "dim",
  ict: "up",
};

/** Each family's colour, an ICT level's by its side; the label beside it says what it is. */
export function hueOf({ family, kind }: Pick<LevelView, "family" | "kind">): keyof Palette {
  const isAbove = kind.endsWith(".bearish") || kind === "ict.equalHighs";
  return family === "ict" && isAbove ? "down" : FAMILY_HUES[family];
}

/**
 * The nearest eight levels (or all), highest price first, and the chosen one in any case. Prices and distances are
 * those of the forming bars where there are such; a level whose price differs from the published one says so.
 */
export function shownLevels(view: LevelsView, { isAll, chosen }: LevelChoice): ShownLevel[] {
  const published = view.parts?.levels.levels ?? [];
  const board = boardOf(view)?.levels ?? [];
  const priceOf = new Map(published.map((level) => [level.id, level.price]));
  return board
    .filter((level, index) => isAll || index < NEAREST || choiceOf(view.instrument, level) === chosen)
    .flatMap((level) => {
      const { price } = level;
      return price === null ? [] : [{ level, price, isProvisional: priceOf.get(level.id) !== price }];
    })
    .sort((a, b) => b.price - a.price || (a.level.id < b.level.id ? -1 : 1));
}

/** The board as it would stand now, else as it was published; null before the first. */
export function boardOf({ parts, provisional }: LevelsView): LevelParts["levels"] | null {
  return provisional?.levels ?? parts?.levels ?? null;
}

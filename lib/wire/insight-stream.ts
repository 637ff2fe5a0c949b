/** How do analyses travel on the stream? What was published once, then what the forming bars change of it. */
import type { InsightView } from "./insight.ts";
import { type BoardRows, boardFromRows, boardRows } from "./level-rows.ts";
import { applyPatch, patchOf, type TreePatch } from "./tree-patch.ts";

type Parts = NonNullable<InsightView["parts"]>;
type Views<Of> = { parts: Of | null; provisional: Of | null };

/** All that the cards show: levels and ICT, which are long, have a topic of their own. */
export type CardParts = Omit<Parts, "levels" | "ict">;
export type CardsView = Omit<InsightView, "parts" | "provisional"> & Views<CardParts>;

/** What lies on prices: the level board and ICT's zones and swings. */
export type LevelParts = Pick<Parts, "levels" | "ict">;
export type LevelsView = Omit<InsightView, "parts" | "provisional" | "frames" | "regimeRuns" | "bars"> &
  Views<LevelParts>;
/** With the parts as they travelled: what a change is a change of. */
export type HeldLevels = LevelsView & { rows: LevelRows | null };
type LevelRows = { levels: BoardRows; ict: Parts["ict"] };

/** `change`: what of `published.parts` would be otherwise if the bars closed now; null: nothing forms. */
type Said<Published> = { published: Published; change: TreePatch | null };
/** What was published is said again with each close; a delta holds the change alone. */
export type Heard<Published> = ({ kind: "snapshot" } & Said<Published>) | { kind: "delta"; change: TreePatch | null };

export type SaidCards = Omit<CardsView, "provisional">;
export type SaidLevels = Omit<HeldLevels, "parts" | "provisional">;

export function sayCards({ parts, provisional, ...view }: InsightView): Said<SaidCards> {
  const said = parts === null ? null : cardsOf(parts);
  return { published: { ...view, parts: said }, change: provisional && patchOf(said, cardsOf(provisional)) };
}

function cardsOf({ levels: _levels, ict: _ict, ...cards }: Parts): CardParts {
  return cards;
}

export function sayLevels(view: InsightView): Said<SaidLevels> {
  const { parts, provisional, frames: _frames, regimeRuns: _runs, bars: _bars, ...rest } = view;
  const rows = parts === null ? null : rowsOf(parts);
  return { published: { ...rest, rows }, change: provisional && patchOf(rows, rowsOf(provisional)) };
}

function rowsOf({ levels, ict }: Parts): LevelRows {
  return { levels: boardRows(levels), ict };
}

/** What stands after the message; a change before anything was published is none of ours: null. */
export function hearCards(former: CardsView | null, message: Heard<SaidCards>): CardsView | null {
  const published = message.kind === "snapshot" ? message.published : former;
  if (published === null) return null;
  const { parts } = published;
  return { ...published, provisional: changed(parts, message.change) };
}

/** As hearCards; parts that were heard before stay the same objects. */
export function hearLevels(former: HeldLevels | null, message: Heard<SaidLevels>): HeldLevels | null {
  const parts = message.kind === "snapshot" ? levelsOf(message.published, message.published.rows) : former?.parts;
  const published = message.kind === "snapshot" ? message.published : former;
  if (published === null || parts === undefined) return null;
  const rows = changed(published.rows, message.change);
  return { ...published, parts, provisional: levelsOf(published, rows) };
}

function changed<Of>(parts: Of | null, change: TreePatch | null): Of | null {
  return parts === null || change === null ? null : applyPatch(parts, change);
}

function levelsOf({ tickSize }: SaidLevels, rows: LevelRows | null): LevelParts | null {
  return rows === null ? null : { ict: rows.ict, levels: boardFromRows(rows.levels, tickSize) };
}

/** How does a level board travel? Without distances and order, which every trade changes: the reader makes them. */
import type { InsightParts } from "./insight.ts";

type Board = InsightParts["levels"];
type Level = Board["levels"][number];

/** Levels by their id. */
export type BoardRows = Omit<Board, "levels"> & {
  levels: Record<string, Omit<Level, "id" | "distanceTicks" | "distanceAtr">>;
};

export function boardRows({ levels, ...board }: Board): BoardRows {
  const rows = levels.map(({ id, distanceTicks: _ticks, distanceAtr: _atr, ...row }) => [id, row] as const);
  return { ...board, levels: Object.fromEntries(rows) };
}

/** Ticks are cleared of binary dust, or mirrored levels would not lie equally far. */
const CLEAN = 1e6;

/** Nearest first, as the analysis orders them. ES last 6,000, level 6,003.50, ATR 5 points: 14 ticks, 0.7 ATR. */
export function boardFromRows({ levels, ...board }: BoardRows, tickSize: number): Board {
  const { last, atr } = board;
  const all = Object.entries(levels).map(([id, row]): Level => {
    const away = row.price === null || last === null ? null : row.price - last;
    const distanceTicks = away === null ? null : Math.round((away / tickSize) * CLEAN) / CLEAN;
    return { ...row, id, distanceTicks, distanceAtr: away === null || atr === null ? null : away / atr };
  });
  const awayOf = ({ distanceTicks }: Level): number => Math.abs(distanceTicks ?? Number.POSITIVE_INFINITY);
  return { ...board, levels: all.sort((a, b) => awayOf(a) - awayOf(b) || (a.id < b.id ? -1 : 1)) };
}

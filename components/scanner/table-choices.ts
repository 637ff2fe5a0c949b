/** Which columns and which order did the reader choose for the instrument table? */

import { VISIBLE_AT_FIRST } from "#components/scanner/columns.ts";
import { createPersisted } from "#components/ui/persisted.ts";

export type Sorting = { id: string; desc: boolean }[];

function readSorting(stored: unknown): Sorting | null {
  if (!Array.isArray(stored)) return null;
  const isEntry = (entry: unknown): entry is Sorting[number] =>
    typeof entry === "object" && entry !== null && "id" in entry && typeof entry.id === "string" && "desc" in entry;
  return stored.every(isEntry) && stored.every((entry) => entry.id in VISIBLE_AT_FIRST) ? stored.slice(0, 3) : null;
}

function readVisible(stored: unknown): Record<string, boolean> | null {
  if (typeof stored !== "object" || stored === null) return null;
  const known = Object.entries(stored).filter(([id, shown]) => id in VISIBLE_AT_FIRST && typeof shown === "boolean");
  return { ...VISIBLE_AT_FIRST, ...Object.fromEntries(known) };
}

export const sorting = createPersisted<Sorting>({ key: "rightseat.table.sorting", initial: [], read: readSorting });

export const visibleColumns = createPersisted<Record<string, boolean>>({
  key: "rightseat.table.columns",
  initial: VISIBLE_AT_FIRST,
  read: readVisible,
});

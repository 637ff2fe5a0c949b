/** How does this browser want the screen: which colour pair, which panel sizes? */

import { useComputedColorScheme } from "@mantine/core";
import { useEffect } from "react";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { type ColourPair, type Palette, paletteOf } from "#components/ui/theme.ts";

export const colourPair = createPersisted<ColourPair>({
  key: "rightseat.pair",
  initial: "standard",
  read: (stored) => (stored === "standard" || stored === "blind" ? stored : null),
});

/** Sets the pair on the root element, where tokens.css reads it. */
export function useColourPairOnRoot(): void {
  const pair = usePersisted(colourPair);
  useEffect(() => {
    document.documentElement.dataset.pair = pair;
  }, [pair]);
}

/** The colours to draw canvases with, now. */
export function usePalette(): Palette {
  const pair = usePersisted(colourPair);
  const scheme = useComputedColorScheme("dark");
  return paletteOf(scheme, pair);
}

/** Sizes of the movable panels, px; null: as designed. */
export type Layout = { left: number | null; right: number | null; table: number | null };

const DESIGNED: Layout = { left: null, right: null, table: null };
const SIZE_MIN = 120;
const SIZE_MAX = 1_600;

function readSize(stored: unknown): number | null {
  return typeof stored === "number" && stored >= SIZE_MIN && stored <= SIZE_MAX ? stored : null;
}

export const layout = createPersisted<Layout>({
  key: "rightseat.layout",
  initial: DESIGNED,
  read: (stored) => {
    if (typeof stored !== "object" || stored === null) return null;
    const { left, right, table } = stored as Record<string, unknown>;
    return { left: readSize(left), right: readSize(right), table: readSize(table) };
  },
});

export function resetLayout(): void {
  layout.set(DESIGNED);
}

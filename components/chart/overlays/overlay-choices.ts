/** Which overlays does the reader want on the charts? */

import { createPersisted } from "#components/ui/persisted.ts";

export const OVERLAYS = [
  { id: "vwap", name: "VWAP", meaning: "VWAP of the trade date with 1, 2 and 3 σ, from the bars of the chart" },
  {
    id: "profile",
    name: "Profile",
    meaning: "Volume by price of the trade date at the right edge, POC and value area",
  },
  { id: "levels", name: "Levels", meaning: "The levels of the board: the nearest eight, or all where it shows all" },
  { id: "zones", name: "FVG/OB", meaning: "Fair value gaps and order blocks that still stand" },
  { id: "swings", name: "Swings", meaning: "Confirmed swing highs and lows" },
  { id: "cvd", name: "CVD", meaning: "Bought less sold contracts since the session's open, in a pane of its own" },
] as const;

export type OverlayId = (typeof OVERLAYS)[number]["id"];
export type OverlayChoices = Readonly<Record<OverlayId, boolean>>;

const INITIAL: OverlayChoices = { vwap: true, profile: true, levels: true, zones: false, swings: false, cvd: true };

export const overlayChoices = createPersisted<OverlayChoices>({
  key: "rightseat.overlays",
  initial: INITIAL,
  read: (stored) => {
    if (typeof stored !== "object" || stored === null) return null;
    const known = Object.entries(stored).filter(([id, isOn]) => id in INITIAL && typeof isOn === "boolean");
    return { ...INITIAL, ...Object.fromEntries(known) };
  },
});

/** Where does the average contract of the trade date lie? VWAP with one, two and three σ over the bars. */

import type { Frame } from "#components/chart/overlays/overlay.ts";
import { paintCurve } from "#components/chart/overlays/session-curve.ts";
import { faded, type Palette } from "#components/ui/theme.ts";
import type { SessionLines } from "#lib/wire/session-lines.ts";

const BANDS = [
  { sigmas: 1, opacity: 0.55 },
  { sigmas: 2, opacity: 0.4 },
  { sigmas: 3, opacity: 0.28 },
] as const;

export function paintVwap(frame: Frame, lines: SessionLines, formingFrom: number, palette: Palette): void {
  const { from, vwap, sigma } = lines;
  for (const { sigmas, opacity } of BANDS) {
    for (const sign of [1, -1]) {
      const valueAt = (index: number): number => vwap[index] + sign * sigmas * sigma[index];
      paintCurve(frame, { from, valueAt, formingFrom }, { colour: faded(palette.vwap, opacity), width: 1 });
    }
  }
  paintCurve(frame, { from, valueAt: (index) => vwap[index], formingFrom }, { colour: palette.vwap, width: 1.5 });
}

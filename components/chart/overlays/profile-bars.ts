/** At which prices was most traded? The volume profile at the chart's right edge, with POC and value area. */

import type { Frame } from "#components/chart/overlays/overlay.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import { formatQuantity } from "#lib/format.ts";
import type { PriceRow, ProfileAnswer } from "#lib/wire/footprint.ts";

/** Rows put together so that one is high enough to be seen: from `low`, in points. */
export type ProfileBin = { low: number; volume: number };

/** Least height of a bar on screen, and share of the pane that the widest takes. */
const BIN_PX_MIN = 2;
const WIDTH_SHARE = 0.18;
const WIDTH_PX_MAX = 150;
/** Above the names of the day's windows. */
const CAPTION_BOTTOM_PX = 22;

/** How many ticks one bar covers where a tick is so many px high: 0.7 px → 3. */
export function ticksPerBin(tickPx: number): number {
  return tickPx > 0 ? Math.max(1, Math.ceil(BIN_PX_MIN / tickPx)) : 1;
}

/** Rows in bins of `ticks` ticks on the grid of its multiples; every contract is in one bin. */
export function binRows(rows: readonly PriceRow[], ticks: number, tickSize: number): ProfileBin[] {
  const bins: ProfileBin[] = [];
  for (const { price, buy, sell, unsigned } of rows) {
    const low = Math.floor(Math.round(price / tickSize) / ticks) * ticks * tickSize;
    const last = bins[bins.length - 1];
    const volume = buy + sell + unsigned;
    if (last?.low === low) last.volume += volume;
    else bins.push({ low, volume });
  }
  return bins;
}

export function paintProfile(frame: Frame, profile: ProfileAnswer, palette: Palette): void {
  const { context, width, height } = frame;
  const { rows, tickSize, poc, val, vah } = profile;
  if (poc === null || val === null || vah === null) return;
  const tickPx = Math.abs(frame.y(poc) - frame.y(poc + tickSize));
  const ticks = ticksPerBin(tickPx);
  const bins = binRows(rows, ticks, tickSize);
  const most = bins.reduce((max, { volume }) => Math.max(max, volume), 0);
  const room = Math.min(WIDTH_PX_MAX, width * WIDTH_SHARE);
  const binPx = tickPx * ticks;
  for (const { low, volume } of bins) {
    const top = frame.y(low + (ticks - 0.5) * tickSize);
    if (!(top < height && top + binPx > 0)) continue;
    const isPoc = low <= poc && poc < low + ticks * tickSize;
    const isInside = low + (ticks - 1) * tickSize >= val && low <= vah;
    context.fillStyle = isPoc
      ? faded(palette.caution, 0.75)
      : faded(isInside ? palette.selection : palette.dim, isInside ? 0.34 : 0.22);
    const barWidth = (volume / most) * room;
    context.fillRect(width - barWidth, top, barWidth, Math.max(1, binPx - (binPx > 3 ? 1 : 0)));
  }
  paintCaption(frame, profile, palette);
}

const SPAN_WORDS: Readonly<Record<ProfileAnswer["span"], string>> = {
  session: "SESSION",
  rth: "RTH",
  composite: "COMPOSITE",
  range: "RANGE",
};

/** What the bars are made of: "SESSION 183,134 · 12 % estimated"; a share that is next to nothing is still said. */
export function captionOf({ span, n, estimatedShare }: ProfileAnswer): string {
  const share = estimatedShare < 0.01 ? "<1" : String(Math.round(estimatedShare * 100));
  const estimated = estimatedShare > 0 ? ` · ${share} % estimated` : "";
  return `${SPAN_WORDS[span]} ${formatQuantity(n)}${estimated}`;
}

function paintCaption({ context, width, height }: Frame, profile: ProfileAnswer, palette: Palette): void {
  context.font = `10px ${FACE_WORDS}`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillStyle = faded(palette.dim, 0.9);
  context.fillText(captionOf(profile), width - 6, height - CAPTION_BOTTOM_PX);
}

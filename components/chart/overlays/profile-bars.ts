/** At which prices was most traded? The volume profile at the chart's right edge, with POC and value area. */

import type { Frame } from "#components/chart/overlays/overlay.ts";
import { indexAtOrAfter } from "#components/live/bar-window.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import { formatQuantity } from "#lib/format.ts";
import type { PriceRow, ProfileAnswer } from "#lib/wire/footprint.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

/** Rows put together so that one is high enough to be seen: from `low`, in points. */
export type ProfileBin = { low: number; volume: number };

/** Least height of a bar on screen, and share of the pane that the widest takes. */
const BIN_PX_MIN = 2;
const WIDTH_SHARE = 0.18;
const WIDTH_PX_MAX = 150;
/** Above the names of the day's windows. */
const CAPTION_BOTTOM_PX = 22;
/** Share of a range's width that its widest bar takes; where its caption ends, below the read-out. */
const RANGE_SHARE = 0.6;
const RANGE_CAPTION_PX = 60;

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
  const { width, height } = frame;
  if (profile.poc === null) return;
  paintBins(frame, profile, { palette, x: width, room: -Math.min(WIDTH_PX_MAX, width * WIDTH_SHARE) });
  paintCaption(
    frame,
    { text: captionOf(profile), x: width - 6, y: height - CAPTION_BOTTOM_PX, align: "right" },
    palette,
  );
}

/** The stretch tinted, its profile from its left edge on, named above. */
export function paintRange(
  frame: Frame,
  profile: ProfileAnswer,
  { bars, palette }: { bars: readonly BarTuple[]; palette: Palette },
): void {
  const { range } = profile;
  if (range === null || bars.length === 0) return;
  const halfPx = (frame.x(1) - frame.x(0)) / 2;
  const left = frame.x(indexAtOrAfter(bars, range.fromMs)) - halfPx;
  const right = frame.x(indexAtOrAfter(bars, range.toMs) - 1) + halfPx;
  if (!(right > left)) return;
  frame.context.fillStyle = faded(palette.selection, 0.07);
  frame.context.fillRect(left, 0, right - left, frame.height);
  if (profile.poc !== null) paintBins(frame, profile, { palette, x: left, room: (right - left) * RANGE_SHARE });
  paintCaption(frame, { text: captionOf(profile), x: left + 4, y: RANGE_CAPTION_PX, align: "left" }, palette);
}

/** `room`: px that the widest bar takes, to the right of `x` or (negative) to its left. */
type BinLook = { palette: Palette; x: number; room: number };

function paintBins(frame: Frame, profile: ProfileAnswer, { palette, x, room }: BinLook): void {
  const { context, height } = frame;
  const { rows, tickSize, poc, val, vah } = profile;
  if (poc === null || val === null || vah === null) return;
  const tickPx = Math.abs(frame.y(poc) - frame.y(poc + tickSize));
  const ticks = ticksPerBin(tickPx);
  const bins = binRows(rows, ticks, tickSize);
  const most = bins.reduce((max, { volume }) => Math.max(max, volume), 0);
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
    context.fillRect(Math.min(x, x + barWidth), top, Math.abs(barWidth), Math.max(1, binPx - (binPx > 3 ? 1 : 0)));
  }
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

type Caption = { text: string; x: number; y: number; align: "left" | "right" };

function paintCaption({ context }: Frame, { text, x, y, align }: Caption, palette: Palette): void {
  context.font = `10px ${FACE_WORDS}`;
  context.textAlign = align;
  context.textBaseline = "bottom";
  context.fillStyle = faded(palette.dim, 0.9);
  context.fillText(text, x, y);
}

/** Where did the market turn? Confirmed swing highs and lows, each at the bar that made its extreme. */

import { type Frame, PROVISIONAL_DASH, setLine } from "#components/chart/overlays/overlay.ts";
import { indexAtOrAfter } from "#components/live/bar-window.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import type { LevelParts, LevelsView } from "#lib/wire/insight-stream.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

export type SwingMark = { side: "high" | "low"; price: number; atMs: number; isProvisional: boolean };

/** Swings of the analysis' interval; one that only the forming bar confirms is provisional. */
export function swingsOf({ parts, provisional }: LevelsView): SwingMark[] {
  const published = new Set(swingsIn(parts?.ict).map(keyOf));
  return swingsIn(provisional?.ict ?? parts?.ict).map((swing) => ({
    ...swing,
    isProvisional: !published.has(keyOf(swing)),
  }));
}

type Swing = Omit<SwingMark, "isProvisional">;

function keyOf({ side, atMs }: Swing): string {
  return `${side} ${atMs}`;
}

function swingsIn(ict: LevelParts["ict"] | undefined): Swing[] {
  if (ict?.status !== "ready") return [];
  const named = (side: Swing["side"]) => (swing: { price: number | null; atMs: number | null }) =>
    swing.price === null || swing.atMs === null ? [] : [{ side, price: swing.price, atMs: swing.atMs }];
  return [...ict.swingHighs.flatMap(named("high")), ...ict.swingLows.flatMap(named("low"))];
}

/**
 * The chart's bar that made the swing: of those opening within the analysis' bar the one with its extreme, else the one
 * that holds its open; −1 where the chart begins later.
 */
export function swingIndex(bars: readonly BarTuple[], { side, price, atMs }: Swing, intervalMs: number): number {
  for (let index = indexAtOrAfter(bars, atMs); index < bars.length && bars[index][0] < atMs + intervalMs; index += 1) {
    if (bars[index][side === "high" ? 2 : 3] === price) return index;
  }
  return indexAtOrAfter(bars, atMs + 1) - 1;
}

const SIZE_PX = 4;
const AWAY_PX = 5;

export function paintSwings(
  frame: Frame,
  swings: readonly SwingMark[],
  { bars, intervalMs, palette }: { bars: readonly BarTuple[]; intervalMs: number; palette: Palette },
): void {
  const { context } = frame;
  context.font = `9px ${FACE_WORDS}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const swing of swings) {
    const index = swingIndex(bars, swing, intervalMs);
    if (index < frame.from || index > frame.to) continue;
    const sign = swing.side === "high" ? -1 : 1;
    const [x, y] = [frame.x(index), frame.y(swing.price) + sign * AWAY_PX];
    const hue = faded(palette.text, swing.isProvisional ? 0.5 : 0.85);
    setLine(context, { colour: hue, width: 1.25, dash: swing.isProvisional ? PROVISIONAL_DASH : [] });
    context.beginPath();
    context.moveTo(x - SIZE_PX, y);
    context.lineTo(x, y + sign * SIZE_PX);
    context.lineTo(x + SIZE_PX, y);
    context.stroke();
    context.fillStyle = hue;
    context.fillText(swing.side === "high" ? "SH" : "SL", x, y + sign * (SIZE_PX + 7));
  }
}

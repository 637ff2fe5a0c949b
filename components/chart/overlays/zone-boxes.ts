/** Which ICT zones still stand? Fair value gaps, order blocks and what became of them, as boxes to the right edge. */

import { type Frame, PROVISIONAL_DASH, setLine } from "#components/chart/overlays/overlay.ts";
import { indexAtOrAfter } from "#components/live/bar-window.ts";
import { FACE_NUMBERS, faded, type Palette } from "#components/ui/theme.ts";
import type { LevelParts, LevelsView } from "#lib/wire/insight-stream.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

export type ZoneBox = {
  id: string;
  /** "5m FVG up". */
  label: string;
  isUp: boolean;
  fromMs: number;
  top: number;
  bottom: number;
  /** Only with the forming bar, or another than was published. */
  isProvisional: boolean;
};

type Ict = Extract<LevelParts["ict"], { status: "ready" }>;
type Zone = Pick<Ict["gaps"][number], "id" | "side" | "fromMs" | "top" | "bottom"> & { name: string };

/** As many as levels: the nearest. */
const NEAREST = 8;

/** Zones that still stand, the nearest eight to the last price. */
export function zonesOf({ parts, provisional, interval }: LevelsView): ZoneBox[] {
  const published = new Set(standing(parts?.ict).map(keyOf));
  const last = provisional?.levels.last ?? parts?.levels.last ?? null;
  const boxes = standing(provisional?.ict ?? parts?.ict).flatMap((zone) => {
    const { id, side, fromMs, top, bottom, name } = zone;
    if (fromMs === null || top === null || bottom === null) return [];
    const isUp = side === "bullish";
    const label = `${interval} ${name} ${isUp ? "up" : "down"}`;
    return [{ id, label, isUp, fromMs, top, bottom, isProvisional: !published.has(keyOf(zone)) }];
  });
  const away = ({ top, bottom }: ZoneBox): number => Math.max(0, bottom - (last ?? bottom), (last ?? top) - top);
  return boxes.sort((a, b) => away(a) - away(b)).slice(0, NEAREST);
}

function keyOf({ id, side, name }: Zone): string {
  return `${id} ${side} ${name}`;
}

function standing(ict: LevelParts["ict"] | undefined): Zone[] {
  if (ict?.status !== "ready") return [];
  const gaps = ict.gaps.filter(({ state }) => state === "open" || state === "inverted");
  const blocks = ict.orderBlocks.filter(({ state }) => state !== "failed");
  const failed = ict.failedBlocks.filter(({ state }) => state !== "dead");
  return [
    ...gaps.map((gap) => ({ ...gap, name: gap.state === "inverted" ? "iFVG" : "FVG" })),
    ...blocks.map((block) => ({ ...block, name: "OB" })),
    ...failed.map((block) => ({ ...block, name: block.kind === "breaker" ? "breaker" : "mitigation" })),
  ];
}

export function paintZones(
  frame: Frame,
  zones: readonly ZoneBox[],
  { bars, palette }: { bars: readonly BarTuple[]; palette: Palette },
): void {
  const { context, width } = frame;
  context.font = `10px ${FACE_NUMBERS}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { label, isUp, fromMs, top, bottom, isProvisional } of zones) {
    const hue = isUp ? palette.up : palette.down;
    const left = Math.max(0, frame.x(Math.max(0, indexAtOrAfter(bars, fromMs + 1) - 1)));
    const [upper, lower] = [frame.y(top), frame.y(bottom)];
    if (!(left < width)) continue;
    context.fillStyle = faded(hue, isProvisional ? 0.03 : 0.06);
    context.fillRect(left, upper, width - left, lower - upper);
    setLine(context, { colour: faded(hue, 0.5), width: 1, dash: isProvisional ? PROVISIONAL_DASH : [] });
    context.strokeRect(Math.round(left) + 0.5, Math.round(upper) + 0.5, width - left, Math.max(1, lower - upper));
    context.fillStyle = faded(hue, isProvisional ? 0.6 : 0.95);
    context.fillText(label, left + 4, (upper + lower) / 2);
  }
}

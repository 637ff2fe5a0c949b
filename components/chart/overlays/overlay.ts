/** How is an overlay drawn? A primitive of the library that hands one frame's canvas and scales to a paint function. */

import type {
  AutoscaleInfo,
  IChartApi,
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  PrimitivePaneViewZOrder,
  Time,
} from "lightweight-charts";

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];
export type OverlaySeries = ISeriesApi<"Candlestick" | "Line">;

/** What a paint function draws with: px of the pane, x by index of a bar, y by price (NaN: the scale is empty). */
export type Frame = {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** Bars in sight, as indices; may reach beyond the bars. */
  from: number;
  to: number;
  x(index: number): number;
  y(price: number): number;
};

export type OverlayOptions = {
  chart: IChartApi;
  series: OverlaySeries;
  zOrder: PrimitivePaneViewZOrder;
  paint: (frame: Frame) => void;
  /** A price that the scale has to hold; null: none. */
  mustShow?: () => number | null;
};

/** Attaches the overlay to its series; `redraw` asks for a frame, many times as cheaply as once. */
export function attachOverlay(options: OverlayOptions): { redraw(): void; detach(): void } {
  let request: (() => void) | null = null;
  const renderer: IPrimitivePaneRenderer = { draw: (target) => drawFrame(target, options) };
  const views = [{ zOrder: () => options.zOrder, renderer: () => renderer }];
  const primitive: ISeriesPrimitive<Time> = {
    paneViews: () => views,
    attached: ({ requestUpdate }) => {
      request = requestUpdate;
    },
    detached: () => {
      request = null;
    },
    autoscaleInfo: () => rangeAround(options.mustShow?.() ?? null),
  };
  options.series.attachPrimitive(primitive);
  return { redraw: () => request?.(), detach: () => options.series.detachPrimitive(primitive) };
}

function rangeAround(price: number | null): AutoscaleInfo | null {
  return price === null ? null : { priceRange: { minValue: price, maxValue: price } };
}

function drawFrame(target: Target, { chart, series, paint }: OverlayOptions): void {
  const scale = chart.timeScale();
  const visible = scale.getVisibleLogicalRange();
  if (visible === null) return;
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook, a method of the library's canvas.
  target.useMediaCoordinateSpace(({ context, mediaSize }) => {
    context.save();
    paint({
      context,
      width: mediaSize.width,
      height: mediaSize.height,
      from: Math.floor(visible.from),
      to: Math.ceil(visible.to),
      x: (index) => scale.logicalToCoordinate(index as Logical) ?? Number.NaN, // safe: the library's index, branded
      y: (price) => series.priceToCoordinate(price) ?? Number.NaN,
    });
    context.restore();
  });
}

export type Line = { colour: string; width: number; dash?: readonly number[] };

export function setLine(context: CanvasRenderingContext2D, { colour, width, dash = [] }: Line): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
}

/** A level line over part of the pane, on whole pixels so that it stays thin. */
export function horizontal(context: CanvasRenderingContext2D, y: number, fromX: number, toX: number): void {
  const crisp = Math.round(y) + 0.5;
  context.beginPath();
  context.moveTo(fromX, crisp);
  context.lineTo(toX, crisp);
  context.stroke();
}

/** Dashes of what may still change. */
export const PROVISIONAL_DASH = [3, 3] as const;

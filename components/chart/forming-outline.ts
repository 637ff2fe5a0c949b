/** Which candle is not final yet? A dashed outline around the forming bar's body. */

import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  Time,
} from "lightweight-charts";
import { faded, type Palette } from "#components/ui/theme.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

/** Share of the bar's room that its body takes, as the library draws it. */
const BODY_SHARE = 0.8;

export class FormingOutline implements ISeriesPrimitive<Time> {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<"Candlestick">;
  #bar: BarTuple | null = null;
  #index = 0;
  #palette: Palette;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(chart: IChartApi, series: ISeriesApi<"Candlestick">, palette: Palette) {
    this.#chart = chart;
    this.#series = series;
    this.#palette = palette;
    const renderer: IPrimitivePaneRenderer = { draw: (target) => this.#draw(target) };
    this.#views = [{ zOrder: () => "top", renderer: () => renderer }];
  }

  /** The forming bar and its place; null where the newest bar is closed. */
  set(bar: BarTuple | null, index: number, palette: Palette): void {
    this.#bar = bar;
    this.#index = index;
    this.#palette = palette;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  #draw(target: Target): void {
    const bar = this.#bar;
    if (bar === null) return;
    const x = this.#chart.timeScale().logicalToCoordinate(this.#index as Logical);
    const openY = this.#series.priceToCoordinate(bar[1]);
    const closeY = this.#series.priceToCoordinate(bar[4]);
    if (x === null || openY === null || closeY === null) return;
    const width = Math.max(3, this.#chart.timeScale().options().barSpacing * BODY_SHARE);
    // biome-ignore lint/correctness/useHookAtTopLevel: no hook, a method of the library's canvas.
    target.useMediaCoordinateSpace(({ context }) => {
      context.setLineDash([2, 2]);
      context.lineWidth = 1;
      context.strokeStyle = faded(bar[4] >= bar[1] ? this.#palette.up : this.#palette.down, 0.9);
      const top = Math.round(Math.min(openY, closeY)) + 0.5;
      context.strokeRect(
        Math.round(x - width / 2) + 0.5,
        top,
        Math.round(width),
        Math.max(1, Math.abs(openY - closeY)),
      );
      context.setLineDash([]);
    });
  }
}

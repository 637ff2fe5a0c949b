/** Which part of the exchange's day lies behind the candles? A primitive that shades windows and marks RTH. */

import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  Time,
} from "lightweight-charts";
import { type Shade, type ShadeKind, shadesBetween } from "#components/chart/chart-data.ts";
import { indexAtOrAfter } from "#components/live/bar-window.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

export type ShadingInput = { root: string; bars: readonly BarTuple[]; isOn: boolean; palette: Palette };

const LABELS: Readonly<Record<ShadeKind, string>> = { asia: "ASIA", london: "LONDON", newYork: "NEW YORK", rth: "" };
const RTH_BAND_PX = 2;
const LABEL_ROOM_PX = 56;
/** From the pane's lower edge: its upper one belongs to the readout. */
const LABEL_BOTTOM_PX = 8;

export class SessionShading implements ISeriesPrimitive<Time> {
  readonly #chart: IChartApi;
  #input: ShadingInput;
  #shades: Shade[] = [];
  #coveredFromMs = Number.POSITIVE_INFINITY;
  #coveredToMs = Number.NEGATIVE_INFINITY;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(chart: IChartApi, input: ShadingInput) {
    this.#chart = chart;
    this.#input = input;
    const renderer: IPrimitivePaneRenderer = {
      draw: () => undefined,
      drawBackground: (target) => this.#draw(target),
    };
    this.#views = [{ zOrder: () => "bottom", renderer: () => renderer }];
  }

  setInput(input: ShadingInput): void {
    if (input.root !== this.#input.root) this.#forget();
    this.#input = input;
    this.#cover();
  }

  #forget(): void {
    this.#coveredFromMs = Number.POSITIVE_INFINITY;
    this.#coveredToMs = Number.NEGATIVE_INFINITY;
    this.#shades = [];
  }

  /** Computes the windows again only when the bars reach beyond what is known. */
  #cover(): void {
    const { bars, root, isOn } = this.#input;
    if (!isOn || bars.length === 0) return;
    const fromMs = bars[0][0];
    const toMs = bars[bars.length - 1][0];
    const lastKnownMs = this.#shades.length === 0 ? 0 : this.#shades[this.#shades.length - 1].toMs;
    if (fromMs >= this.#coveredFromMs && (toMs <= this.#coveredToMs || toMs < lastKnownMs)) return;
    this.#shades = shadesBetween(root, fromMs, toMs);
    this.#coveredFromMs = fromMs;
    this.#coveredToMs = toMs;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  #draw(target: Target): void {
    const { bars, isOn, palette } = this.#input;
    const visible = this.#chart.timeScale().getVisibleLogicalRange();
    if (!isOn || bars.length === 0 || visible === null) return;
    const half = this.#chart.timeScale().options().barSpacing / 2;
    const toX = (index: number): number => (this.#chart.timeScale().logicalToCoordinate(index as Logical) ?? 0) - half;
    // biome-ignore lint/correctness/useHookAtTopLevel: no hook, a method of the library's canvas.
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      for (const shade of this.#shades) {
        const from = indexAtOrAfter(bars, shade.fromMs);
        const to = indexAtOrAfter(bars, shade.toMs);
        if (to <= from || to < visible.from || from > visible.to) continue;
        const left = Math.max(0, toX(from));
        const right = Math.min(mediaSize.width, toX(to));
        if (right > left) paintShade({ context, height: mediaSize.height, kind: shade.kind, left, right, palette });
      }
    });
  }
}

type Stroke = {
  context: CanvasRenderingContext2D;
  height: number;
  kind: ShadeKind;
  left: number;
  right: number;
  palette: Palette;
};

function paintShade({ context, height, kind, left, right, palette }: Stroke): void {
  if (kind === "rth") {
    context.fillStyle = palette.rth;
    context.fillRect(left, 0, right - left, RTH_BAND_PX);
    context.fillStyle = faded(palette.rth, 0.45);
    context.fillRect(Math.round(left), 0, 1, height);
    return;
  }
  context.fillStyle = palette[kind];
  context.fillRect(left, 0, right - left, height);
  if (right - left < LABEL_ROOM_PX) return;
  context.fillStyle = faded(palette.dim, 0.75);
  context.font = `10px ${FACE_WORDS}`;
  context.textBaseline = "bottom";
  context.fillText(LABELS[kind], left + 6, height - LABEL_BOTTOM_PX);
}

/** Who pressed since the session's open? CVD in a pane of its own below the volume, with the source of its sides. */

import { type IChartApi, type ISeriesApi, LineSeries, type UTCTimestamp } from "lightweight-charts";
import { attachOverlay, type Frame, horizontal, setLine } from "#components/chart/overlays/overlay.ts";
import { paintCurve } from "#components/chart/overlays/session-curve.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import { formatSigned } from "#lib/format.ts";
import type { SessionLines } from "#lib/wire/session-lines.ts";
import type { DeltaSource } from "#lib/wire/stream.ts";

/** Below candles and volume. */
export const CVD_PANE = 2;
/** Beside candles (5) and volume (1). */
const SHARE = 1.2;

export type CvdInput = {
  lines: SessionLines;
  formingFrom: number;
  palette: Palette;
  /** Of the analysis; null: not known. */
  source: DeltaSource | null;
  anchor: "session" | "RTH";
};

/** "CVD session · aggressor · 3 % without a side". */
export function cvdTitle({ lines, source, anchor }: Pick<CvdInput, "lines" | "source" | "anchor">): string {
  const last = lines.from.length - 1;
  const share = last < 0 || lines.volume[last] === 0 ? 0 : lines.unsigned[last] / lines.volume[last];
  if (share === 1) return `CVD ${anchor} · no side of any trade is known`;
  const percent = Math.round(share * 100);
  const unsigned = share === 0 ? "" : ` · ${percent === 0 ? "<1" : percent} % without a side`;
  const said = source === null || source === "none" ? "source not known yet" : source;
  return `CVD ${anchor} · ${said}${unsigned}`;
}

/** As wide as "+12,345": the label of the newest value then covers the axis text that it lies on. */
export function cvdAxisText(value: number): string {
  return formatSigned(value, 0).padStart(7, "\u00a0");
}

/** The pane while it is shown: the series carries scale and crosshair, the line itself is drawn by session. */
export class CvdPane {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<"Line">;
  readonly #overlay: { redraw(): void };
  #input: CvdInput;

  constructor(chart: IChartApi, input: CvdInput) {
    this.#chart = chart;
    this.#input = input;
    this.#series = chart.addSeries(
      LineSeries,
      {
        lineVisible: false,
        pointMarkersVisible: false,
        crosshairMarkerVisible: false,
        priceLineVisible: false,
        priceFormat: { type: "custom", minMove: 1, formatter: cvdAxisText },
      },
      CVD_PANE,
    );
    chart.panes()[CVD_PANE].setStretchFactor(SHARE);
    const paint = (frame: Frame): void => this.#paint(frame);
    this.#overlay = attachOverlay({ chart, series: this.#series, zOrder: "normal", paint });
    this.setInput(input);
  }

  setInput(input: CvdInput): void {
    this.#input = input;
    if (this.#series.options().color !== input.palette.selection) {
      this.#series.applyOptions({ color: input.palette.selection });
    }
    this.#overlay.redraw();
  }

  /** Takes the values of bars from index `first` on; `times` are those of the candles. */
  setValues(times: (index: number) => number, first: number): void {
    const { cvd } = this.#input.lines;
    // Safe: the library's time is our seconds, branded.
    const item = (index: number) => ({ time: times(index) as UTCTimestamp, value: cvd[index] });
    if (first === 0) this.#series.setData(cvd.map((_, index) => item(index)));
    else for (let index = first; index < cvd.length; index += 1) this.#series.update(item(index));
  }

  dispose(): void {
    this.#chart.removeSeries(this.#series);
  }

  #paint(frame: Frame): void {
    const { lines, formingFrom, palette } = this.#input;
    const { context } = frame;
    setLine(context, { colour: faded(palette.dim, 0.35), width: 1 });
    horizontal(context, frame.y(0), 0, frame.width);
    const valueAt = (index: number): number => lines.cvd[index];
    paintCurve(frame, { from: lines.from, valueAt, formingFrom }, { colour: palette.selection, width: 1.5 });
    context.font = `10px ${FACE_WORDS}`;
    context.textBaseline = "top";
    context.fillStyle = faded(palette.dim, 0.95);
    context.fillText(cvdTitle(this.#input), 8, 6);
  }
}

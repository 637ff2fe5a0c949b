/** Where did VWAP and CVD run since the user's own anchors? Sums over the bars of the chart, one an anchor. */

import { type IChartApi, type ISeriesApi, LineSeries, type UTCTimestamp } from "lightweight-charts";
import { cvdAxisText } from "#components/chart/overlays/cvd-pane.ts";
import { type Frame, setLine } from "#components/chart/overlays/overlay.ts";
import { paintCurve } from "#components/chart/overlays/session-curve.ts";
import { FACE_WORDS, faded, type Palette } from "#components/ui/theme.ts";
import { createSessionLines, extendAnchoredLines, type SessionLines } from "#lib/wire/session-lines.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

export type AnchoredCurve = { atMs: number; lines: SessionLines };

/** The curves of these anchors; known ones are kept. */
export function curvesOf(anchors: readonly number[], known: readonly AnchoredCurve[]): AnchoredCurve[] {
  return anchors.map((atMs) => known.find((one) => one.atMs === atMs) ?? { atMs, lines: createSessionLines() });
}

export function extendCurves(
  curves: readonly AnchoredCurve[],
  bars: readonly BarTuple[],
  first: number,
  tickSize: number,
): void {
  for (const { atMs: anchorMs, lines } of curves) extendAnchoredLines(lines, bars, first, { anchorMs, tickSize });
}

/** Told by it from the session's own curves. */
const DASH = [6, 3] as const;

export type AnchoredLook = {
  formingFrom: number;
  palette: Palette;
  nameOf: (atMs: number) => string;
  clockOf: (atMs: number) => string;
};

/** VWAP with one σ from its anchor on; a dotted upright marks where it begins, its foot says when. */
export function paintAnchored(frame: Frame, curves: readonly AnchoredCurve[], look: AnchoredLook): void {
  const { vwap: colour } = look.palette;
  for (const [at, { atMs, lines }] of curves.entries()) {
    const { from, vwap, sigma } = lines;
    const start = vwap.findIndex((value) => !Number.isNaN(value));
    if (start < 0) continue;
    const curve = (valueAt: (index: number) => number) => ({ from, valueAt, formingFrom: look.formingFrom });
    for (const sign of [1, -1]) {
      const band = curve((index) => vwap[index] + sign * sigma[index]);
      paintCurve(frame, band, { colour: faded(colour, 0.45), width: 1, dash: DASH });
    }
    paintCurve(
      frame,
      curve((index) => vwap[index]),
      { colour, width: 1.5, dash: DASH },
    );
    markStart(frame, { x: frame.x(start), line: at, name: `aVWAP ${look.nameOf(atMs)}` }, colour);
  }
}

type Start = { x: number; line: number; name: string };

/** Names of starts out of sight stand at the left edge, each on a line of its own. */
function markStart({ context, height }: Frame, { x, line, name }: Start, colour: string): void {
  setLine(context, { colour: faded(colour, 0.6), width: 1, dash: [1, 3] });
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.font = `10px ${FACE_WORDS}`;
  context.textBaseline = "bottom";
  context.fillStyle = colour;
  context.fillText(name, Math.max(8, x + 4), height - 6 - line * 13);
}

/** CVD since each anchor as a line of the CVD pane, named at its newest value. */
export class AnchoredCvd {
  readonly #chart: IChartApi;
  readonly #pane: number;
  readonly #series = new Map<number, ISeriesApi<"Line">>();

  constructor(chart: IChartApi, pane: number) {
    this.#chart = chart;
    this.#pane = pane;
  }

  /** Draws values of bars from index `first` on; `timeOf` is that of the candle. */
  set(curves: readonly AnchoredCurve[], first: number, timeOf: (index: number) => number, look: AnchoredLook): void {
    for (const [atMs, series] of this.#series) {
      if (curves.some((one) => one.atMs === atMs)) continue;
      this.#chart.removeSeries(series);
      this.#series.delete(atMs);
    }
    for (const { atMs, lines } of curves) {
      const known = this.#series.get(atMs);
      const series = known ?? this.#chart.addSeries(LineSeries, SERIES_OPTIONS, this.#pane);
      this.#series.set(atMs, series);
      const [color, title] = [look.palette.vwap, look.clockOf(atMs)];
      const now = series.options();
      if (now.color !== color || now.title !== title) series.applyOptions({ color, title });
      const begin = known === undefined ? 0 : first;
      // Safe: the library's time is our seconds, branded.
      const item = (value: number, index: number) => ({ time: timeOf(index) as UTCTimestamp, value });
      const isBlank = Number.isNaN;
      if (begin === 0) series.setData(lines.cvd.map(item).filter(({ value }) => !isBlank(value)));
      else {
        for (let index = begin; index < lines.cvd.length; index += 1) {
          if (!isBlank(lines.cvd[index])) series.update(item(lines.cvd[index], index));
        }
      }
    }
  }

  dispose(): void {
    for (const series of this.#series.values()) this.#chart.removeSeries(series);
    this.#series.clear();
  }
}

const SERIES_OPTIONS = {
  lineWidth: 1 as const,
  lineStyle: 2 as const,
  priceLineVisible: false,
  crosshairMarkerVisible: false,
  priceFormat: { type: "custom" as const, minMove: 1, formatter: cvdAxisText },
};

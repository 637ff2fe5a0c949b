/** How is a chart driven without React? Bars in, drawing out: candles, volume, shading, crosshair, older history. */

import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineStyle,
  type Logical,
  type MouseEventParams,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { axisLabel, axisTickLabel } from "#components/chart/axis-labels.ts";
import { axisSeconds, candleOf, isForming } from "#components/chart/chart-data.ts";
import { FormingOutline } from "#components/chart/forming-outline.ts";
import { ChartOverlays } from "#components/chart/overlays/chart-overlays.ts";
import { SessionShading } from "#components/chart/session-shading.ts";
import { applyBarMessage, type BarWindow, indexAtOrAfter, prependBars } from "#components/live/bar-window.ts";
import { FACE_NUMBERS, faded, type Palette } from "#components/ui/theme.ts";
import { formatPrice } from "#lib/format.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import type { Zone } from "#lib/time-zone.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import type { BarMessage, BarTuple } from "#lib/wire/stream.ts";

export type ChartSetup = { root: string; isShaded: boolean; zone: Zone; palette: Palette };

export type ChartEvents = {
  /** The bar to read out: below the crosshair, else the newest; null without bars. */
  onBar: (bar: BarTuple | null) => void;
  /** The pointer stands at this time, or left the chart. */
  onPoint: (openMs: number | null) => void;
  /** The reader looks at the oldest bars: there may be more before this time. */
  onOldest: (openMs: number) => void;
};

/** Bars left of the screen at which older ones are asked for. */
const OLDER_MARGIN_BARS = 40;
/** Room of one bar in the first view, px. */
const BAR_ROOM_PX = 7.5;
/** Room at the right for the names of levels. */
const RIGHT_OFFSET_BARS = 11;
/** Of fewer bars the first view is so wide, not a corner of the chart. */
const SHOWN_BARS_MIN = 60;
const PANE_SHARES = [5, 1] as const;

export class CandleChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  readonly #shading: SessionShading;
  readonly #outline: FormingOutline;
  readonly #events: ChartEvents;
  /** What lies over the candles. */
  readonly overlays: ChartOverlays;
  #setup: ChartSetup;
  #window: BarWindow = { bars: [], why: null };
  /** The bar under the crosshair; null: the newest is read out. */
  #pointed: number | null = null;

  constructor(container: HTMLElement, setup: ChartSetup, events: ChartEvents) {
    this.#setup = setup;
    this.#events = events;
    this.#chart = createChart(container, { autoSize: true });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {});
    this.#volume = this.#chart.addSeries(
      HistogramSeries,
      { priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false },
      1,
    );
    this.#shading = new SessionShading(this.#chart, { ...setup, isOn: setup.isShaded, bars: [] });
    this.#outline = new FormingOutline(this.#chart, this.#candles, setup.palette);
    this.#candles.attachPrimitive(this.#shading);
    this.#candles.attachPrimitive(this.#outline);
    const { onOldest } = events;
    this.overlays = new ChartOverlays({ chart: this.#chart, candles: this.#candles, onOldest }, overlaySetup(setup));
    for (const [index, share] of PANE_SHARES.entries()) this.#chart.panes()[index].setStretchFactor(share);
    this.#chart.subscribeCrosshairMove((param) => this.#onCrosshair(param));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      const [oldest] = this.#window.bars;
      if (range !== null && oldest !== undefined && range.from < OLDER_MARGIN_BARS) events.onOldest(oldest[0]);
    });
    this.setSetup(setup);
  }

  dispose(): void {
    this.#chart.remove();
  }

  bars(): readonly BarTuple[] {
    return this.#window.bars;
  }

  /** Another instrument, zone or palette; the bars stay. */
  setSetup(setup: ChartSetup): void {
    this.#setup = setup;
    const instrument = instrumentOf(setup.root);
    this.#chart.applyOptions(chartOptions(setup));
    this.#candles.applyOptions(candleOptions(setup.palette, instrument));
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0 } });
    this.overlays.setSetup(overlaySetup(setup));
    this.#drawAll();
  }

  /** Begins with these bars and shows the newest of them. */
  open(window: BarWindow | null): void {
    this.#window = { bars: window === null ? [] : [...window.bars], why: window?.why ?? null };
    this.#pointed = null;
    this.#drawAll();
    this.showNewest();
    this.#readOut();
  }

  showNewest(): void {
    const to = this.#window.bars.length + RIGHT_OFFSET_BARS;
    if (this.#window.bars.length === 0) return;
    const room = Math.round(this.#chart.timeScale().width() / BAR_ROOM_PX);
    const shown = Math.max(20, Math.min(room, Math.max(to, SHOWN_BARS_MIN)));
    this.#chart.timeScale().setVisibleLogicalRange({ from: to - shown, to });
  }

  /** Takes the messages of one frame; a snapshot keeps older history that was loaded before it. */
  apply(messages: readonly BarMessage[]): void {
    const { bars } = this.#window;
    const wasEmpty = bars.length === 0;
    let isWhole = wasEmpty;
    for (const message of messages) {
      if (message.kind === "snapshot") {
        const fresh = applyBarMessage(null, message);
        this.#window = { bars: prependBars(fresh.bars, this.#window.bars), why: message.why };
        isWhole = true;
        continue;
      }
      const firstTouched = message.bars.reduce((least, bar) => Math.min(least, bar[0]), Number.POSITIVE_INFINITY);
      const held = this.#window.bars;
      const newestMs = held.length === 0 ? Number.NEGATIVE_INFINITY : held[held.length - 1][0];
      if (firstTouched < newestMs) isWhole = true;
      const oldestMs = held[0]?.[0];
      this.#window = applyBarMessage(this.#window, message);
      // At the bound the oldest go, and every bar gets another place.
      if (this.#window.bars[0]?.[0] !== oldestMs) isWhole = true;
      if (!isWhole) this.#drawTail(indexAtOrAfter(this.#window.bars, firstTouched));
    }
    if (isWhole) this.#drawAll();
    if (wasEmpty) this.showNewest();
    if (this.#pointed === null) this.#readOut();
  }

  /** Older history in front, with the view kept where it is. */
  prepend(older: readonly BarTuple[]): void {
    const before = this.#window.bars.length;
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    this.#window = { ...this.#window, bars: prependBars(this.#window.bars, older) };
    const added = this.#window.bars.length - before;
    if (added <= 0) return;
    if (this.#pointed !== null) this.#pointed += added;
    this.#drawAll();
    if (range !== null) {
      this.#chart.timeScale().setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    }
  }

  /** The bar at a place of the container, px from its left, or (null) the one that is read out; null: none there. */
  barAt(x: number | null): { openMs: number; endMs: number; x: number } | null {
    const { bars } = this.#window;
    const scale = this.#chart.timeScale();
    const index = x === null ? (this.#pointed ?? bars.length - 1) : scale.coordinateToLogical(x);
    const bar = index === null ? undefined : bars[Math.round(index)];
    if (bar === undefined) return null;
    const at = bars.indexOf(bar);
    // The newest bar ends, as far as a chart knows, where one as long as the bar before it would.
    const endMs = bars[at + 1]?.[0] ?? 2 * bar[0] - (bars[at - 1]?.[0] ?? bar[0] - MS_PER_MINUTE);
    // Safe: the library's index, branded.
    return { openMs: bar[0], endMs, x: x ?? scale.logicalToCoordinate(index as Logical) ?? 0 };
  }

  /** Puts the crosshair on the bar that holds this time (another chart's pointer); null takes it away. */
  pointAt(openMs: number | null): void {
    if (openMs === null) {
      this.#pointed = null;
      this.#chart.clearCrosshairPosition();
    } else {
      const after = indexAtOrAfter(this.#window.bars, openMs + 1);
      if (after > 0) this.#point(after - 1);
    }
    this.#readOut();
  }

  /** Moves the read-out by bars, for the keyboard: −1 older, +1 newer. */
  stepPoint(step: number): void {
    const last = this.#window.bars.length - 1;
    if (last < 0) return;
    const index = Math.min(last, Math.max(0, (this.#pointed ?? last) + step));
    this.#scrollTo(index);
    this.#point(index);
    this.#readOut();
    this.#events.onPoint(this.#window.bars[this.#pointed ?? last][0]);
  }

  /** Moves the view by as much as it needs to hold the bar. */
  #scrollTo(index: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const over = index < range.from ? index - range.from - 1 : Math.max(0, index + 1 - range.to);
    if (over !== 0) this.#chart.timeScale().setVisibleLogicalRange({ from: range.from + over, to: range.to + over });
  }

  #point(index: number): void {
    const bar = this.#window.bars[index];
    this.#pointed = index;
    // Safe: the library's time is our seconds, branded.
    const time = axisSeconds(bar[0], this.#setup.zone) as UTCTimestamp;
    this.#chart.setCrosshairPosition(bar[4], time, this.#candles);
  }

  #onCrosshair(param: MouseEventParams<Time>): void {
    // Moves that we made ourselves carry no event of the pointer.
    if (param.sourceEvent === undefined && param.point !== undefined) return;
    const { bars } = this.#window;
    const index = param.logical === undefined ? null : Math.round(param.logical);
    const bar = index === null ? undefined : bars[index];
    this.#pointed = bar === undefined ? null : index;
    this.#events.onPoint(bar === undefined ? null : bar[0]);
    this.#readOut();
  }

  #readOut(): void {
    const { bars } = this.#window;
    this.#events.onBar(bars[this.#pointed ?? bars.length - 1] ?? null);
  }

  #drawAll(): void {
    const { bars } = this.#window;
    this.#candles.setData(bars.map((bar) => this.#candleItem(bar)));
    this.#volume.setData(bars.map((bar) => this.#volumeItem(bar)));
    this.overlays.setBars(bars, 0);
    this.#drawSides();
  }

  #drawTail(from: number): void {
    const { bars } = this.#window;
    // The bar before turns from forming to closed in the same frame as its successor begins.
    for (let index = Math.max(0, from); index < bars.length; index += 1) {
      this.#candles.update(this.#candleItem(bars[index]));
      this.#volume.update(this.#volumeItem(bars[index]));
    }
    this.overlays.setBars(bars, Math.max(0, from));
    this.#drawSides();
  }

  #drawSides(): void {
    const { bars } = this.#window;
    const newest = bars[bars.length - 1];
    const { root, isShaded, palette } = this.#setup;
    this.#shading.setInput({ root, bars, isOn: isShaded, palette });
    this.#outline.set(newest !== undefined && isForming(newest) ? newest : null, bars.length - 1, palette);
    const lastColour = newest !== undefined && newest[4] < newest[1] ? palette.down : palette.up;
    if (this.#candles.options().priceLineColor !== lastColour)
      this.#candles.applyOptions({ priceLineColor: lastColour });
  }

  #candleItem(bar: BarTuple) {
    // Safe: the library's time is our seconds, branded.
    const candle = { ...candleOf(bar, this.#setup.zone), time: axisSeconds(bar[0], this.#setup.zone) as UTCTimestamp };
    if (!isForming(bar)) return candle;
    const { palette } = this.#setup;
    const half = faded(bar[4] >= bar[1] ? palette.up : palette.down, 0.5);
    return { ...candle, color: faded(palette.panel, 0), borderColor: faded(palette.panel, 0), wickColor: half };
  }

  #volumeItem(bar: BarTuple) {
    const { palette, zone } = this.#setup;
    const colour = bar[4] >= bar[1] ? palette.up : palette.down;
    const time = axisSeconds(bar[0], zone) as UTCTimestamp; // safe: as above
    return { time, value: bar[5], color: faded(colour, isForming(bar) ? 0.25 : 0.45) };
  }
}

/** Bars of up to an hour, as for shading, have lines over the trade date. */
function overlaySetup({ root, zone, palette, isShaded }: ChartSetup) {
  return { root, zone, palette, isSessional: isShaded };
}

function candleOptions(palette: Palette, instrument: Instrument | null) {
  const { tickSizes } = instrument ?? { tickSizes: [{ size: 0.01 }] };
  const write = (price: number): string => (instrument === null ? String(price) : formatPrice(price, instrument));
  return {
    upColor: faded(palette.ground, 0),
    downColor: palette.down,
    borderUpColor: palette.up,
    borderDownColor: palette.down,
    wickUpColor: palette.up,
    wickDownColor: palette.down,
    priceLineStyle: LineStyle.Dashed,
    priceLineWidth: 1 as const,
    priceFormat: { type: "custom" as const, formatter: write, minMove: tickSizes[tickSizes.length - 1].size },
  };
}

function chartOptions({ palette, zone }: ChartSetup) {
  const line = { color: faded(palette.dim, 0.6), labelBackgroundColor: palette.lineStrong };
  return {
    layout: {
      background: { type: ColorType.Solid as const, color: palette.ground },
      textColor: palette.dim,
      fontFamily: FACE_NUMBERS,
      fontSize: 10.5,
      panes: { separatorColor: palette.line, separatorHoverColor: faded(palette.selection, 0.2), enableResize: true },
      attributionLogo: true,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: faded(palette.line, 0.55) } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: line, horzLine: line },
    rightPriceScale: { borderVisible: false, minimumWidth: 68 },
    timeScale: {
      borderColor: palette.line,
      timeVisible: true,
      secondsVisible: false,
      rightOffset: RIGHT_OFFSET_BARS,
      tickMarkFormatter: axisTickLabel,
    },
    localization: { timeFormatter: (time: Time) => axisLabel(time, zone) },
  };
}

/** What lies over the candles? Keeps each overlay's input and draws what is switched on, once a frame. */

import type { IChartApi, ISeriesApi } from "lightweight-charts";
import { anchorName } from "#components/chart/anchors/anchor-words.ts";
import { axisSeconds, intradayMs, isForming } from "#components/chart/chart-data.ts";
import {
  type AnchoredCurve,
  AnchoredCvd,
  curvesOf,
  extendCurves,
  paintAnchored,
} from "#components/chart/overlays/anchored-curves.ts";
import { CVD_PANE, CvdPane } from "#components/chart/overlays/cvd-pane.ts";
import { type LevelMark, levelMarks, paintLevels } from "#components/chart/overlays/level-lines.ts";
import { attachOverlay, type Frame } from "#components/chart/overlays/overlay.ts";
import { type OverlayChoices, overlayChoices } from "#components/chart/overlays/overlay-choices.ts";
import { paintProfile, paintRange } from "#components/chart/overlays/profile-bars.ts";
import { paintSwings, type SwingMark, swingsOf } from "#components/chart/overlays/swing-marks.ts";
import { paintVwap } from "#components/chart/overlays/vwap-lines.ts";
import { paintZones, type ZoneBox, zonesOf } from "#components/chart/overlays/zone-boxes.ts";
import { type LevelChoice, levelChoice } from "#components/live/levels.ts";
import type { Palette } from "#components/ui/theme.ts";
import { formatClock, formatPrice } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { Zone } from "#lib/time-zone.ts";
import type { ProfileAnswer } from "#lib/wire/footprint.ts";
import type { LevelsView } from "#lib/wire/insight-stream.ts";
import { createSessionLines, extendSessionLines, type SessionLines } from "#lib/wire/session-lines.ts";
import type { BarTuple, DeltaSource } from "#lib/wire/stream.ts";

/** `isSessional`: bars are so short that lines over a trade date make sense. */
export type OverlaySetup = { root: string; zone: Zone; palette: Palette; isSessional: boolean };

type Parts = {
  chart: IChartApi;
  candles: ISeriesApi<"Candlestick">;
  /** An anchor lies before these oldest bars: there may be more before this time. */
  onOldest: (openMs: number) => void;
};

export class ChartOverlays {
  readonly #parts: Parts;
  readonly #overlays: { redraw(): void }[];
  #setup: OverlaySetup;
  #choices: OverlayChoices = overlayChoices.initial;
  #levelChoice: LevelChoice = levelChoice.initial;
  #isRth = false;
  #bars: readonly BarTuple[] = [];
  #lines: SessionLines = createSessionLines();
  #analysis: LevelsView | null = null;
  #source: DeltaSource | null = null;
  #profile: ProfileAnswer | null = null;
  #range: ProfileAnswer | null = null;
  #levels: readonly LevelMark[] = [];
  #zones: readonly ZoneBox[] = [];
  #swings: readonly SwingMark[] = [];
  #cvd: CvdPane | null = null;
  #curves: AnchoredCurve[] = [];
  #anchoredCvd: AnchoredCvd | null = null;

  constructor(parts: Parts, setup: OverlaySetup) {
    const { chart, candles: series } = parts;
    this.#parts = parts;
    this.#setup = setup;
    const behind = attachOverlay({ chart, series, zOrder: "bottom", paint: (frame) => this.#paintBehind(frame) });
    const mustShow = (): number | null => this.#levels.find(({ isChosen }) => isChosen)?.price ?? null;
    const above = attachOverlay({ chart, series, zOrder: "top", paint: (frame) => this.#paintAbove(frame), mustShow });
    this.#overlays = [behind, above];
  }

  /** The bars are set again behind it. */
  setSetup(setup: OverlaySetup): void {
    this.#setup = setup;
    this.#readAnchors();
  }

  /** Bars from index `first` on are new or changed. */
  setBars(bars: readonly BarTuple[], first: number): void {
    const instrument = instrumentOf(this.#setup.root);
    this.#bars = bars;
    if (instrument === null || !this.#setup.isSessional) this.#lines = createSessionLines();
    else {
      const tickSize = instrument.tickSizes[instrument.tickSizes.length - 1].size;
      extendSessionLines(this.#lines, bars, first, { calendar: instrument.calendar, tickSize });
      extendCurves(this.#curves, bars, first, tickSize);
      this.#askForAnchors();
    }
    this.#syncCvd(first);
  }

  setChoices(choices: OverlayChoices, levels: LevelChoice, isRth: boolean): void {
    this.#choices = choices;
    this.#levelChoice = levels;
    this.#isRth = isRth;
    this.#readAnalysis();
    this.#syncCvd(0);
    this.#redraw();
  }

  setAnalysis(analysis: LevelsView | null): void {
    this.#analysis = analysis;
    this.#readAnalysis();
    if (this.#readAnchors()) this.setBars(this.#bars, 0);
    this.#redraw();
  }

  /** Who tells the sides of the trades that CVD sums; null: not known. */
  setDeltaSource(source: DeltaSource | null): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#cvd?.setInput(this.#cvdInput());
  }

  setProfile(profile: ProfileAnswer | null): void {
    this.#profile = profile;
    this.#redraw();
  }

  /** The profile of the range that was chosen on the chart; null: none. */
  setRange(range: ProfileAnswer | null): void {
    this.#range = range;
    this.#redraw();
  }

  #readAnalysis(): void {
    const analysis = this.#analysis?.instrument === this.#setup.root ? this.#analysis : null;
    const { levels, zones, swings } = this.#choices;
    this.#levels = analysis !== null && levels ? levelMarks(analysis, this.#levelChoice) : [];
    this.#zones = analysis !== null && zones ? zonesOf(analysis) : [];
    this.#swings = analysis !== null && swings ? swingsOf(analysis) : [];
  }

  /** Curves follow the anchors that stand on the contract; true: there are others now, still to be summed. */
  #readAnchors(): boolean {
    const { root, isSessional } = this.#setup;
    const anchors = this.#analysis?.instrument === root && isSessional ? this.#analysis.anchors : [];
    const known = this.#curves;
    if (anchors.length === known.length && anchors.every((atMs, at) => known[at].atMs === atMs)) return false;
    this.#curves = curvesOf(anchors, known);
    return true;
  }

  /** Older bars are asked for until they reach back to every anchor. */
  #askForAnchors(): void {
    const [oldest] = this.#bars;
    if (oldest !== undefined && this.#curves.some(({ atMs }) => atMs < oldest[0])) this.#parts.onOldest(oldest[0]);
  }

  #redraw(): void {
    for (const overlay of this.#overlays) overlay.redraw();
  }

  #cvdInput() {
    return {
      lines: this.#lines,
      formingFrom: this.#formingFrom(),
      palette: this.#setup.palette,
      source: this.#source,
      anchor: this.#isRth ? ("RTH" as const) : ("session" as const),
    };
  }

  #syncCvd(first: number): void {
    const isShown = this.#choices.cvd && this.#setup.isSessional;
    if (!isShown) {
      this.#anchoredCvd?.dispose();
      this.#anchoredCvd = null;
      this.#cvd?.dispose();
      this.#cvd = null;
      return;
    }
    const isNew = this.#cvd === null;
    this.#cvd ??= new CvdPane(this.#parts.chart, this.#cvdInput());
    this.#cvd.setInput(this.#cvdInput());
    const timeOf = (index: number): number => axisSeconds(this.#bars[index][0], this.#setup.zone);
    this.#cvd.setValues(timeOf, isNew ? 0 : first);
    this.#anchoredCvd ??= new AnchoredCvd(this.#parts.chart, CVD_PANE);
    this.#anchoredCvd.set(this.#curves, first, timeOf, this.#anchoredLook());
  }

  #anchoredLook() {
    const { palette, zone } = this.#setup;
    const hours = this.#isRth ? " RTH" : "";
    const nameOf = (atMs: number): string => anchorName(atMs, zone) + hours;
    const clockOf = (atMs: number): string => formatClock(zone, atMs).slice(0, 5) + hours;
    return { formingFrom: this.#formingFrom(), palette, nameOf, clockOf };
  }

  /** Index of the first bar that may still change. */
  #formingFrom(): number {
    const last = this.#bars.length - 1;
    return last >= 0 && isForming(this.#bars[last]) ? last : last + 1;
  }

  #paintBehind(frame: Frame): void {
    const { palette } = this.#setup;
    if (this.#choices.profile && this.#profile !== null) paintProfile(frame, this.#profile, palette);
    if (this.#range !== null) paintRange(frame, this.#range, { bars: this.#bars, palette });
    paintZones(frame, this.#zones, { bars: this.#bars, palette });
    if (!this.#choices.vwap) return;
    paintVwap(frame, this.#lines, this.#formingFrom(), palette);
    paintAnchored(frame, this.#curves, this.#anchoredLook());
  }

  #paintAbove(frame: Frame): void {
    const { palette, root } = this.#setup;
    const instrument = instrumentOf(root);
    const intervalMs = intradayMs(this.#analysis?.interval ?? "5m") ?? 0;
    paintSwings(frame, this.#swings, { bars: this.#bars, intervalMs, palette });
    const write = (price: number): string => (instrument === null ? String(price) : formatPrice(price, instrument));
    paintLevels(frame, this.#levels, { palette, write });
  }
}

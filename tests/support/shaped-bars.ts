/** Which bars show an analysis a given shape of the market? Planted paths, laid into real sessions of ES. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { parseCivilDay } from "#lib/civil.ts";
import { createRandom, type Random } from "#lib/prng.ts";
import { isFullTradeDate, nextTradeDate, rthOf, segmentsOf, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import { MS_PER_MINUTE, type TradeDate, tradeDate } from "#lib/units.ts";

export type BarShape = { open: number; high: number; low: number; close: number; volume?: number };

/** ES bars of these shapes, one behind the other in the windows of trade date `from` (ISO) and those behind it. */
export function barsOf(
  shapes: readonly BarShape[],
  { from = "2026-10-05", minutes = 5 }: { from?: string; minutes?: number } = {},
): AnalysisBar[] {
  const bars: AnalysisBar[] = [];
  const windowMs = minutes * MS_PER_MINUTE;
  const first = parseCivilDay(from);
  if (first === null) throw new Error(`from was ${from}, expected YYYY-MM-DD`);
  for (let date = tradeDate(first); bars.length < shapes.length; date = nextTradeDate("equity", date)) {
    for (const { openMs, closeMs } of segmentsOf("equity", date)) {
      for (let ms: number = openMs; ms < closeMs && bars.length < shapes.length; ms += windowMs) {
        bars.push(barAt(shapes[bars.length], { date, openMs: ms, windowMs, isAfterBreak: ms === openMs }));
      }
    }
  }
  return bars;
}

/** Bars that a full trade date of ES has of so many minutes. */
export function barsPerDay(minutes: number): number {
  return (23 * 60) / minutes;
}

type Place = { date: TradeDate; openMs: number; windowMs: number; isAfterBreak: boolean };

function barAt(shape: BarShape, { date, openMs, windowMs, isAfterBreak }: Place): AnalysisBar {
  const { open, high, low, close, volume = 100 } = shape;
  const rth = rthOf("ES", date);
  return {
    openMs,
    endMs: openMs + windowMs,
    openTicks: open,
    highTicks: high,
    lowTicks: low,
    closeTicks: close,
    volume,
    buyVolume: 0,
    sellVolume: 0,
    vwapSum: Number.NaN,
    deltaSource: 0,
    tradeDate: date,
    sessionOpenMs: sessionOpenMs("equity", date),
    sessionCloseMs: sessionCloseMs("equity", date),
    rthOpenMs: rth?.openMs ?? Number.NaN,
    rthCloseMs: rth?.closeMs ?? Number.NaN,
    isAfterBreak,
    isFullSession: isFullTradeDate("equity", date),
  };
}

/** A bar that opens at `start` and moves by the steps given; prices are rounded to whole ticks. */
export function shapeOf(start: number, steps: readonly number[], volume = 100): BarShape {
  const path = [start];
  for (const step of steps) path.push(path[path.length - 1] + step);
  const whole = path.map((price) => Math.round(price));
  return { open: whole[0], high: Math.max(...whole), low: Math.min(...whole), close: whole[whole.length - 1], volume };
}

/** A standard normal draw (Box and Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export type WalkShape = { driftTicks?: number; sdTicks?: number; start?: number };

/** Bars of a walk, eight steps each: `driftTicks` and `sdTicks` a bar, from `start` on. */
export function walkShapes(random: Random, count: number, walk: WalkShape = {}): BarShape[] {
  const { driftTicks = 0, sdTicks = 12, start = 20_000 } = walk;
  const shapes: BarShape[] = [];
  let price = start;
  for (let bar = 0; bar < count; bar += 1) {
    const steps = Array.from({ length: 8 }, () => driftTicks / 8 + (sdTicks * gaussian(random)) / Math.sqrt(8));
    shapes.push(shapeOf(price, steps, 50 + Math.floor(random() * 100)));
    price = shapes[bar].close;
  }
  return shapes;
}

/** A seeded walk whose segments open 40 ticks higher than the last one closed. */
export function gappedWalk(seed: number, count: number, minutes = 5): AnalysisBar[] {
  const bars = barsOf(walkShapes(createRandom(seed), count), { minutes });
  let gap = -40;
  for (const bar of bars) {
    if (bar.isAfterBreak) gap += 40;
    bar.openTicks += gap;
    bar.highTicks += gap;
    bar.lowTicks += gap;
    bar.closeTicks += gap;
  }
  return bars;
}

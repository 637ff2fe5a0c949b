/** Where does the price of a mini (and with it its micro) go on a trade date, minute by minute? */

import { hashSeed } from "#lib/prng.ts";
import type { ClockShape } from "#lib/simulator/clock-shape.ts";
import type { FamilyDay } from "#lib/simulator/family-day.ts";
import { nextLogistic, placeStream, type Stream, wanderingNoise } from "#lib/simulator/noise.ts";
import type { PriceProfile } from "#lib/simulator/product-profile.ts";
import type { TradeDateGrid } from "#lib/simulator/trade-date-grid.ts";
import type { TradeDate } from "#lib/units.ts";

export type PriceDay = {
  readonly grid: TradeDateGrid;
  /** Word that places every stream of this price and date. */
  readonly base: number;
  /** The price before minute i at [i], after it at [i + 1], in ticks of the mini with fractions. */
  readonly levelTicks: Float64Array;
  /** Standard deviation of the price within each minute, in ticks. */
  readonly sigmaTicks: Float64Array;
  /** Expected share of an ordinary day's volume in each minute, with clusters and news. */
  readonly activity: Float64Array;
};

export type PriceDayInput = {
  seed: number;
  root: string;
  date: TradeDate;
  previousDate: TradeDate;
  tickSize: number;
  profile: PriceProfile;
  shape: ClockShape;
  family: FamilyDay;
  grid: TradeDateGrid;
};

/** Opening gap in parts of the price: over the daily break, over a weekend or holiday. */
const BREAK_GAP = 0.0005;
const WEEKEND_GAP = 0.0025;

/**
 * The day between two anchors. Anchors are a function of the date alone; minutes walk from the gapped former anchor by
 * loading × factor + own noise and are bent to end at the day's own anchor in proportion to variance passed, a
 * Brownian bridge, so that any date can be asked for without those before it.
 */
export function createPriceDay(input: PriceDayInput): PriceDay {
  const { seed, root, date, profile, shape, family, grid } = input;
  const { count } = grid;
  const base = hashSeed(seed, "price", root) | 0;
  const stream: Stream = { word: 0 };
  placeStream(stream, base, date, -1);
  const own = Math.sqrt(1 - profile.loading * profile.loading);
  const formerTicks = anchorTicks(input, input.previousDate);
  const gapSigma = date - input.previousDate > 1 ? WEEKEND_GAP : BREAK_GAP;
  const gap = gapSigma * (profile.loading * family.gap + own * nextLogistic(stream)) * (profile.dailySigma / 0.01);
  const levelTicks = new Float64Array(count + 1);
  const sigmaTicks = new Float64Array(count);
  const activity = new Float64Array(count);
  levelTicks[0] = formerTicks * (1 + gap);
  let variance = 0;
  for (let minute = 0; minute < count; minute += 1) {
    const clock = grid.clockMinute[minute];
    const sigma = formerTicks * profile.minuteSigma * shape.swing[clock] * family.swing[minute];
    const draw = profile.loading * family.factor[minute] + own * nextLogistic(stream);
    sigmaTicks[minute] = sigma;
    activity[minute] = shape.volumeShare[clock] * family.activity[minute];
    levelTicks[minute + 1] = levelTicks[minute] + sigma * draw;
    variance += sigma * sigma;
  }
  bendToAnchor({ levelTicks, sigmaTicks, variance, missTicks: anchorTicks(input, date) - levelTicks[count] });
  return { grid, base: (base + Math.imul(date, 0x27d4eb2f)) | 0, levelTicks, sigmaTicks, activity };
}

type Bend = { levelTicks: Float64Array; sigmaTicks: Float64Array; variance: number; missTicks: number };

function bendToAnchor({ levelTicks, sigmaTicks, variance, missTicks }: Bend): void {
  if (variance === 0) return;
  let passed = 0;
  for (let minute = 0; minute < sigmaTicks.length; minute += 1) {
    passed += sigmaTicks[minute] * sigmaTicks[minute];
    levelTicks[minute + 1] += (missTicks * passed) / variance;
  }
}

/** The price at the end of a trade date, in ticks: the level of the table × e^(family's and own wandering). */
function anchorTicks({ seed, root, tickSize, profile }: PriceDayInput, date: TradeDate): number {
  const shared = wanderingNoise(seed, `anchor/${profile.family}`, date);
  const own = wanderingNoise(seed, `anchor/${root}`, date);
  const mixed = profile.loading * shared + Math.sqrt(1 - profile.loading * profile.loading) * own;
  return (profile.levelPoints / tickSize) * Math.exp(profile.dailySigma * mixed);
}

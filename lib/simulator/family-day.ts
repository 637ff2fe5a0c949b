/** What moves a whole family of products on a trade date: its factor, its mood, its news? */
import { hashSeed } from "#lib/prng.ts";
import { nextLogistic, nextUniform, placeStream, type Stream, smoothNoise } from "#lib/simulator/noise.ts";
import type { Family } from "#lib/simulator/product-profile.ts";
import type { TradeDateGrid } from "#lib/simulator/trade-date-grid.ts";
import type { TradeDate } from "#lib/units.ts";

export type FamilyDay = {
  /** The factor of each minute: mean 0, variance 1, logistic. */
  readonly factor: Float64Array;
  /** What swings are multiplied by in each minute: mood of the day, clusters, news. */
  readonly swing: Float64Array;
  /** What volume is multiplied by in each minute. */
  readonly activity: Float64Array;
  /** The opening gap of the family's factor: mean 0, variance 1. */
  readonly gap: number;
};

export type FamilyDayInput = { seed: number; family: Family; date: TradeDate; grid: TradeDateGrid };

/** Clusters: the log of swings is an AR(1) with a half-life of 46 minutes and this standard deviation. */
const CLUSTER_PERSISTENCE = 0.985;
const CLUSTER_SIGMA = 0.4;
/** Volume follows the clusters of swings by this part of their log. */
const ACTIVITY_PART = 0.7;
/** News decays by this part a minute: half of it is gone after 5 minutes. */
const NEWS_DECAY = 0.87;
/** No minute is wilder or busier than this many ordinary ones at its clock time. */
const SWING_MAX = 5;
const HOLIDAY_SWING = 0.6;
const HOLIDAY_ACTIVITY = 0.25;

/** Releases that come by the clock: Chicago minute, chance on a date, strength from and to, weekday or any. */
const RELEASES: readonly { minute: number; chance: number; from: number; to: number }[] = [
  { minute: 7 * 60 + 30, chance: 0.5, from: 1, to: 3.5 },
  { minute: 9 * 60, chance: 0.4, from: 0.6, to: 1.8 },
  { minute: 13 * 60, chance: 0.12, from: 1, to: 3.5 },
];
/** Chance of news out of the blue in any minute of trading: about one and a half a trade date. */
const SURPRISE_CHANCE = 0.0011;

/** The family's day, whole: minute m depends on the draws before it, all of them on (seed, family, trade date). */
export function createFamilyDay({ seed, family, date, grid }: FamilyDayInput): FamilyDay {
  const { count } = grid;
  const factor = new Float64Array(count);
  const swing = new Float64Array(count);
  const activity = new Float64Array(count);
  const stream: Stream = { word: 0 };
  placeStream(stream, hashSeed(seed, "family", family), date, 0);
  const gap = nextLogistic(stream);
  const mood = Math.exp(0.35 * smoothNoise({ seed, name: `mood/${family}`, day: date, periodDays: 8 }));
  const shock = Math.sqrt(1 - CLUSTER_PERSISTENCE * CLUSTER_PERSISTENCE) * CLUSTER_SIGMA;
  let cluster = CLUSTER_SIGMA * nextLogistic(stream);
  let news = 0;
  for (let minute = 0; minute < count; minute += 1) {
    cluster = CLUSTER_PERSISTENCE * cluster + shock * nextLogistic(stream);
    news = news * NEWS_DECAY + newsAt(stream, grid, minute);
    const calm = Math.exp(cluster - CLUSTER_SIGMA * CLUSTER_SIGMA);
    const isHoliday = grid.isHoliday[minute] === 1;
    factor[minute] = nextLogistic(stream);
    swing[minute] = Math.min(SWING_MAX, mood * calm * (1 + news)) * (isHoliday ? HOLIDAY_SWING : 1);
    const bustle = Math.exp(ACTIVITY_PART * (cluster - CLUSTER_SIGMA * CLUSTER_SIGMA));
    activity[minute] = Math.min(SWING_MAX, mood * bustle * (1 + news)) * (isHoliday ? HOLIDAY_ACTIVITY : 1);
  }
  return { factor, swing, activity, gap };
}

/** Strength of the news that breaks in a minute, mostly 0; always three draws, so that minutes stay comparable. */
function newsAt(stream: Stream, grid: TradeDateGrid, minute: number): number {
  const surprise = nextUniform(stream);
  const chance = nextUniform(stream);
  const strength = nextUniform(stream);
  if (grid.isHoliday[minute] === 0) {
    for (const release of RELEASES) {
      if (release.minute !== grid.clockMinute[minute] || chance >= release.chance) continue;
      return release.from + strength * (release.to - release.from);
    }
  }
  return surprise < SURPRISE_CHANCE ? 0.5 + 2 * strength : 0;
}

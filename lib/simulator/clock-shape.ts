/** How busy and how restless is a product at each minute of the Chicago clock on an ordinary day? */

/** Volume of each clock minute as a share of the day (sums to 1), and swings relative to the average RTH minute. */
export type ClockShape = { readonly volumeShare: Float64Array; readonly swing: Float64Array };

/** RTH of an ordinary day in minutes of the Chicago day, and how lively Asia and London are (1 = as in equities). */
export type ClockShapeInput = { rthOpenMinute: number; rthCloseMinute: number; asia: number; london: number };

type Knot = readonly [minute: number, volume: number, swing: number];

const MINUTES_PER_DAY = 1440;
const SESSION_OPEN = 1020;
/** 16:15, the close of former years; since then the last quarter of an hour has no minutes. */
const SESSION_CLOSE = 975;

/**
 * The shape between knots by straight lines: a U over RTH, a lull overnight with Asia's and London's openings in it,
 * a rise before RTH. The break before 17:00 CT is empty. Equity: 08:30 CT has about 40 times the volume of 22:00 CT.
 */
export function createClockShape(input: ClockShapeInput): ClockShape {
  const { rthOpenMinute, rthCloseMinute } = input;
  const volume = new Float64Array(MINUTES_PER_DAY);
  const swing = new Float64Array(MINUTES_PER_DAY);
  for (const stretch of [evening(input), night(input), rth(input), afterRth(input)]) fill(stretch, volume, swing);
  let volumeSum = 0;
  for (const value of volume) volumeSum += value;
  let swingSum = 0;
  for (let minute = rthOpenMinute; minute < rthCloseMinute; minute += 1) swingSum += swing[minute];
  const swingMean = swingSum / (rthCloseMinute - rthOpenMinute);
  return { volumeShare: volume.map((value) => value / volumeSum), swing: swing.map((value) => value / swingMean) };
}

function evening({ asia }: ClockShapeInput): Knot[] {
  return [
    [SESSION_OPEN, 0.5, 0.6],
    [SESSION_OPEN + 15, 0.16 * asia, 0.34],
    [1140, 0.13 * asia, 0.34],
    [1260, 0.09 * asia, 0.28],
    [MINUTES_PER_DAY, 0.08 * asia, 0.25],
  ];
}

function night({ rthOpenMinute, asia, london }: ClockShapeInput): Knot[] {
  return [
    [0, 0.08 * asia, 0.25],
    [60, 0.09 * asia, 0.27],
    [119, 0.11 * london, 0.3],
    [120, 0.27 * london, 0.5],
    [180, 0.22 * london, 0.42],
    [300, 0.13 * london, 0.32],
    [rthOpenMinute - 90, 0.24 * london, 0.4],
    [rthOpenMinute - 60, 0.5, 0.6],
    [rthOpenMinute - 20, 0.42, 0.5],
    [rthOpenMinute, 0.6, 0.6],
  ];
}

function rth({ rthOpenMinute, rthCloseMinute }: ClockShapeInput): Knot[] {
  const at = (part: number) => Math.round(rthOpenMinute + part * (rthCloseMinute - rthOpenMinute));
  return [
    [rthOpenMinute, 4.4, 2],
    [rthOpenMinute + 15, 3.2, 1.65],
    [rthOpenMinute + 40, 2.4, 1.4],
    [at(0.25), 1.6, 1.1],
    [at(0.5), 0.9, 0.75],
    [at(0.65), 0.8, 0.72],
    [at(0.8), 1.1, 0.85],
    [at(0.93), 1.7, 1],
    [rthCloseMinute - 10, 2.4, 1.1],
    [rthCloseMinute, 4, 1.35],
  ];
}

function afterRth({ rthCloseMinute }: ClockShapeInput): Knot[] {
  return [
    [rthCloseMinute, 1, 0.6],
    [rthCloseMinute + 15, 0.3, 0.35],
    [SESSION_CLOSE, 0.12, 0.22],
  ];
}

function fill(knots: readonly Knot[], volume: Float64Array, swing: Float64Array): void {
  for (let index = 1; index < knots.length; index += 1) {
    const [from, fromVolume, fromSwing] = knots[index - 1];
    const [to, toVolume, toSwing] = knots[index];
    for (let minute = from; minute < to; minute += 1) {
      const part = (minute - from) / (to - from);
      volume[minute] = fromVolume + part * (toVolume - fromVolume);
      swing[minute] = fromSwing + part * (toSwing - fromSwing);
    }
  }
}

/** Which prices does the book visit within a minute, in which order and for how long? */
import { assert } from "#lib/assert.ts";
import { nextUniform, placeStream, type Stream } from "#lib/simulator/noise.ts";
import type { PriceDay } from "#lib/simulator/price-day.ts";

/**
 * Visits in order: during visit i the bid is bidTicks[i] and the ask one tick above, from startMs[i] to startMs[i + 1]
 * (whole ms from the minute's beginning; startMs[count] is 60,000). A mini and its micro share the path, which keeps
 * them within one tick of each other.
 */
export type MinutePath = {
  count: number;
  bidTicks: Int32Array;
  startMs: Float64Array;
  /** 1 on the way up, −1 on the way down, 0 while standing. */
  direction: Int8Array;
  lowBidTicks: number;
  highBidTicks: number;
};

const MINUTE_MS = 60_000;
/** A visit lasts at least this long on average; a faster move skips prices. */
const VISIT_MS_MIN = 100;
/** Legs of this many ticks are broken into advance, retracement, advance. */
const BROKEN_LEG_TICKS = 4;
const BREAK_DEPTH_MAX = 2;
/** 60,000 ÷ 100 visits, plus one for each of at most 27 legs and the last. */
const VISITS_MAX = 640;

/** Room for one path, written over and over. */
export function createMinutePath(): MinutePath {
  return {
    count: 0,
    bidTicks: new Int32Array(VISITS_MAX + 1),
    startMs: new Float64Array(VISITS_MAX + 2),
    direction: new Int8Array(VISITS_MAX + 1),
    lowBidTicks: 0,
    highBidTicks: 0,
  };
}

/**
 * Writes the path of a minute: from the bid at its beginning over its two extremes to the bid at its end. The extremes
 * are drawn from the exact law of a Brownian bridge's maximum, (a + b + √((b − a)² − 2σ² ln u)) ÷ 2: a = b = 0, σ = 10,
 * u = 0.5 → 5.89.
 */
export function writeMinutePath(path: MinutePath, day: PriceDay, minute: number, stream: Stream): void {
  placeStream(stream, day.base, minute, 1);
  const fromTicks = day.levelTicks[minute];
  const toTicks = day.levelTicks[minute + 1];
  const move = toTicks - fromTicks;
  const spread = 2 * day.sigmaTicks[minute] * day.sigmaTicks[minute];
  const up = Math.sqrt(move * move - spread * Math.log(nextUniform(stream) + 1e-9));
  const down = Math.sqrt(move * move - spread * Math.log(nextUniform(stream) + 1e-9));
  const fromBid = Math.floor(fromTicks);
  const toBid = Math.floor(toTicks);
  const high = Math.max(fromBid, toBid, Math.floor((fromTicks + toTicks + up) / 2));
  const low = Math.min(fromBid, toBid, Math.floor((fromTicks + toTicks - down) / 2));
  const isLowFirst = nextUniform(stream) < (move > 0 ? 0.75 : 0.25);
  path.count = 0;
  path.lowBidTicks = low;
  path.highBidTicks = high;
  const first = isLowFirst ? low : high;
  const second = isLowFirst ? high : low;
  const travel = Math.abs(first - fromBid) + (high - low) + Math.abs(toBid - second) + 1;
  const a = 0.3 + nextUniform(stream) + (2 * Math.abs(first - fromBid)) / travel;
  const b = 0.3 + nextUniform(stream) + (2 * (high - low)) / travel;
  const c = 0.3 + nextUniform(stream) + (2 * Math.abs(toBid - second)) / travel;
  const firstMs = (MINUTE_MS * a) / (a + b + c);
  const secondMs = (MINUTE_MS * (a + b)) / (a + b + c);
  writeLeg(path, stream, fromBid, first, 0, firstMs, 0);
  writeLeg(path, stream, first, second, firstMs, secondMs, 0);
  writeLeg(path, stream, second, toBid, secondMs, MINUTE_MS, 0);
  closePath(path, toBid);
}

/** Plain numbers, for this runs for every leg of every minute of history. Writes [from, to), never `to` itself. */
function writeLeg(
  path: MinutePath,
  stream: Stream,
  from: number,
  to: number,
  fromMs: number,
  toMs: number,
  depth: number,
): void {
  const ticks = to > from ? to - from : from - to;
  if (ticks >= BROKEN_LEG_TICKS && depth < BREAK_DEPTH_MAX && (depth === 0 || ticks >= 4 * BROKEN_LEG_TICKS)) {
    const advance = 0.5 + 0.35 * nextUniform(stream);
    const retreat = advance - 0.15 - 0.25 * nextUniform(stream);
    const peak = from + Math.round((to - from) * advance);
    const trough = from + Math.round((to - from) * retreat);
    const ms = toMs - fromMs;
    const peakMs = fromMs + ms * (0.25 + 0.2 * nextUniform(stream));
    const troughMs = peakMs + ms * (0.12 + 0.15 * nextUniform(stream));
    writeLeg(path, stream, from, peak, fromMs, peakMs, depth + 1);
    writeLeg(path, stream, peak, trough, peakMs, troughMs, depth + 1);
    writeLeg(path, stream, trough, to, troughMs, toMs, depth + 1);
    return;
  }
  writeVisits(path, from, to, fromMs, toMs);
}

function writeVisits(path: MinutePath, from: number, to: number, fromMs: number, toMs: number): void {
  const ticks = to > from ? to - from : from - to;
  const direction = to > from ? 1 : to < from ? -1 : 0;
  const visitsMax = Math.max(1, Math.floor((toMs - fromMs) / VISIT_MS_MIN));
  const stride = Math.max(1, Math.ceil(ticks / visitsMax));
  const visits = Math.max(1, Math.ceil(ticks / stride));
  const visitMs = (toMs - fromMs) / visits;
  for (let step = 0; step < visits; step += 1) {
    const index = path.count;
    path.bidTicks[index] = from + direction * stride * step;
    path.startMs[index] = Math.round(fromMs + visitMs * step);
    path.direction[index] = direction;
    path.count = index + 1;
  }
}

/** The arrival at the last price: it takes the second half of the visit before it. */
function closePath(path: MinutePath, toBid: number): void {
  const last = path.count - 1;
  if (path.bidTicks[last] !== toBid) {
    path.startMs[last + 1] = Math.round((path.startMs[last] + MINUTE_MS) / 2);
    path.bidTicks[last + 1] = toBid;
    path.direction[last + 1] = path.direction[last];
    path.count = last + 2;
  }
  assert(path.count <= VISITS_MAX, `minute path: ${path.count} visits, expected at most ${VISITS_MAX}`);
  path.startMs[path.count] = MINUTE_MS;
}

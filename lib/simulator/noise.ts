/** Which number does chance give at this place? Streams and smooth noise that depend on their seed alone. */
import { hashSeed, mix } from "#lib/prng.ts";

/** A stream of draws in one word that its owner keeps, so that hot loops make no closure. */
export type Stream = { word: number };

const TWO_TO_MINUS_32 = 1 / 4_294_967_296;
/** Scales a logistic draw to variance 1: √3 ÷ π. */
const LOGISTIC_SCALE = 0.5513288954217921;
/** Octaves of the anchor noise: periods of 1, 2, 4 … 256 days. */
const OCTAVES = 9;

/** Sets a stream to the beginning of a place: the group's word and up to two coordinates. */
export function placeStream(stream: Stream, base: number, first: number, second: number): void {
  const word = mix((mix((base + Math.imul(first, 0x9e3779b1)) | 0) + Math.imul(second, 0x85ebca77)) | 0);
  stream.word = word === 0 ? 0x6d2b79f5 : word | 0;
}

/** The next draw in [0, 1): Marsaglia's xorshift32 (2003), triple 13, 17, 5. */
export function nextUniform(stream: Stream): number {
  let word = stream.word;
  word ^= word << 13;
  word ^= word >>> 17;
  word ^= word << 5;
  stream.word = word;
  return (word >>> 0) * TWO_TO_MINUS_32;
}

/** The next draw of a logistic distribution with mean 0 and variance 1: kurtosis 4.2, fatter than the normal's 3. */
export function nextLogistic(stream: Stream): number {
  const uniform = nextUniform(stream) * 0.999999 + 5e-7;
  return Math.log(uniform / (1 - uniform)) * LOGISTIC_SCALE;
}

/**
 * A wandering level by day, like a random walk over days and bound to stay near 0 over years; any day at once.
 * Linear value noise of periods 1 … 256 days with amplitudes √period; its change from day to day has a standard
 * deviation of about 1.
 */
export function wanderingNoise(seed: number, name: string, day: number): number {
  let sum = 0;
  for (let octave = 0, period = 1; octave < OCTAVES; octave += 1, period *= 2) {
    const cell = Math.floor(day / period);
    const part = day / period - cell;
    const from = cellNoise(seed, `${name}/${octave}`, cell);
    const to = part === 0 ? 0 : cellNoise(seed, `${name}/${octave}`, cell + 1);
    sum += Math.sqrt(period) * (from * (1 - part) + to * part);
  }
  return sum / 1.1547;
}

/** Smooth noise in [−1, 1] that changes over `periodDays`. */
export function smoothNoise(place: { seed: number; name: string; day: number; periodDays: number }): number {
  const cell = Math.floor(place.day / place.periodDays);
  const part = place.day / place.periodDays - cell;
  return cellNoise(place.seed, place.name, cell) * (1 - part) + cellNoise(place.seed, place.name, cell + 1) * part;
}

function cellNoise(seed: number, name: string, cell: number): number {
  return hashSeed(seed, name, cell) * TWO_TO_MINUS_32 * 2 - 1;
}

/** How do many bars of history stay small in the log? Differences as LEB128: some 15 bytes a bar instead of 52. */
import { CodecError } from "../events/codec-error.ts";
import type { FactBar } from "./fact.ts";

/** A bar takes at most so many bytes: twelve whole numbers of up to eight bytes, a VWAP and the flags. */
const BAR_BYTES_MAX = 112;
/** How the VWAP is kept: not at all, as its whole Σ price × size, or as the double itself. */
const VWAP = { none: 0, whole: 1, raw: 2 } as const;

/** Sums below it, and twice their differences, are exact. */
const SUM_MAX = 2_251_799_813_685_248;

type Place = { bytes: Uint8Array; view: DataView; at: number };

function placeAt(bytes: Uint8Array): Place {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
}

/** A whole number from 0 to 2^53 − 1, seven bits a byte. */
function putWhole(place: Place, value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) place.bytes[place.at++] = (rest % 128) + 128;
  place.bytes[place.at++] = rest;
}

function takeWhole(place: Place): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    if (place.at >= place.bytes.length) throw new CodecError("packed bars end inside a number", place.at);
    const byte = place.bytes[place.at++];
    value += (byte % 128) * scale;
    if (byte < 128) return value;
  }
}

/** Signed: 0, −1, 1, −2, 2 … become 0, 1, 2, 3, 4 … */
function putSigned(place: Place, value: number): void {
  putWhole(place, value < 0 ? -2 * value - 1 : 2 * value);
}

function takeSigned(place: Place): number {
  const folded = takeWhole(place);
  return folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
}

/** Σ price × size where that gives the very same VWAP again; else null. */
function wholeSum({ vwapTicks, volume, closeTicks }: FactBar): number | null {
  if (vwapTicks === null) return null;
  const sum = Math.round(vwapTicks * volume);
  const isExact = Math.abs(sum) < SUM_MAX && Math.abs(closeTicks * volume) < SUM_MAX;
  return isExact && sum / volume === vwapTicks ? sum : null;
}

/**
 * Bars, oldest first, as bytes; each is told by its difference from the one before. Times must be whole milliseconds.
 * Throws CodecError. Read them again with unpackBars.
 */
export function packBars(bars: readonly FactBar[]): Uint8Array {
  const place = placeAt(new Uint8Array(bars.length * BAR_BYTES_MAX));
  let openMs = 0;
  let closeTicks = 0;
  for (const bar of bars) {
    if (!Number.isSafeInteger(bar.openMs)) throw new CodecError(`openMs was ${bar.openMs}, expected whole ms`, -1);
    const sum = wholeSum(bar);
    const kind = bar.vwapTicks === null ? VWAP.none : sum === null ? VWAP.raw : VWAP.whole;
    place.bytes[place.at++] = bar.deltaSource + bar.madeOf * 8 + kind * 32;
    putSigned(place, bar.openMs - openMs);
    putSigned(place, bar.openTicks - closeTicks);
    putSigned(place, bar.highTicks - bar.openTicks);
    putSigned(place, bar.openTicks - bar.lowTicks);
    putSigned(place, bar.closeTicks - bar.openTicks);
    putWhole(place, bar.volume);
    putWhole(place, bar.buyVolume);
    putSigned(place, bar.volume - bar.buyVolume - bar.sellVolume);
    putWhole(place, bar.trades);
    putWhole(place, bar.revision);
    if (sum !== null) putSigned(place, sum - bar.closeTicks * bar.volume);
    else if (bar.vwapTicks !== null) {
      place.view.setFloat64(place.at, bar.vwapTicks, true);
      place.at += 8;
    }
    openMs = bar.openMs;
    closeTicks = bar.closeTicks;
  }
  return place.bytes.subarray(0, place.at);
}

/** The `count` bars that packBars wrote. Throws CodecError where the bytes end too soon. */
export function unpackBars(bytes: Uint8Array, count: number): FactBar[] {
  const place = placeAt(bytes);
  const bars: FactBar[] = [];
  let openMs = 0;
  let closeTicks = 0;
  for (let row = 0; row < count; row++) {
    const flags = takeWholeByte(place);
    openMs += takeSigned(place);
    const openTicks = closeTicks + takeSigned(place);
    const highTicks = openTicks + takeSigned(place);
    const lowTicks = openTicks - takeSigned(place);
    closeTicks = openTicks + takeSigned(place);
    const volume = takeWhole(place);
    const buyVolume = takeWhole(place);
    const sellVolume = volume - buyVolume - takeSigned(place);
    const trades = takeWhole(place);
    const revision = takeWhole(place);
    const vwapTicks = takeVwap(place, Math.floor(flags / 32), { closeTicks, volume });
    bars.push({
      openMs,
      openTicks,
      highTicks,
      lowTicks,
      closeTicks,
      volume,
      buyVolume,
      sellVolume,
      trades,
      vwapTicks,
      revision,
      deltaSource: flags % 8,
      madeOf: Math.floor(flags / 8) % 4,
    });
  }
  return bars;
}

function takeWholeByte(place: Place): number {
  if (place.at >= place.bytes.length) throw new CodecError("packed bars end inside a bar", place.at);
  return place.bytes[place.at++];
}

function takeVwap(place: Place, kind: number, bar: { closeTicks: number; volume: number }): number | null {
  if (kind === VWAP.none) return null;
  if (kind === VWAP.whole) return (takeSigned(place) + bar.closeTicks * bar.volume) / bar.volume;
  if (place.at + 8 > place.bytes.length) throw new CodecError("packed bars end inside a VWAP", place.at);
  const vwapTicks = place.view.getFloat64(place.at, true);
  place.at += 8;
  return vwapTicks;
}

/** Which instant do these bytes name? The time columns of the formats, straight from a buffer. */
import { assert } from "#lib/assert.ts";
import { civilDayFrom, lastDayOfMonth } from "#lib/civil.ts";
import { utcMsFromLocal, type Zone } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "#lib/units.ts";
import { parseDigits } from "./parse-decimal.ts";

/**
 * epochNs: 1703545200085275419 · iso: 2023-12-25T23:00:00[.fraction][Z] · compact: 20131006 22:00 (hours and minutes) ·
 * ninjatrader: 20231225 230000[ 0852754] (the last part in 100 ns).
 */
export type TimeFormat = "epochNs" | "iso" | "compact" | "ninjatrader";

export type TimeParser = (bytes: Buffer, from: number, to: number) => number;

const POINT = 46;
const SPACE = 32;
const LETTER_T = 84;
const LETTER_Z = 90;
const NS_PER_MS = 1e6;

/** A parser of one column: epoch ms with its fraction, or NaN. Remembers the last hour, for rows come in order. */
export function createTimeParser(format: TimeFormat, zone: Zone): TimeParser {
  if (format === "epochNs") return parseEpochNs;
  let knownHour = -1;
  let knownHourMs = 0;
  /** `date` is yyyymmdd as a number. */
  function hourMs(date: number, hour: number): number {
    const key = date * 100 + hour;
    if (key !== knownHour) {
      knownHourMs = startOfHourMs(date, hour, zone);
      knownHour = Number.isNaN(knownHourMs) ? -1 : key;
    }
    return knownHourMs;
  }
  if (format === "iso") return (bytes, from, to) => parseIso(bytes, from, to, hourMs);
  if (format === "compact") return (bytes, from, to) => parseCompact(bytes, from, to, hourMs);
  assert(format === "ninjatrader", `time format ${format} is known`);
  return (bytes, from, to) => parseNinjaTrader(bytes, from, to, hourMs);
}

type HourMs = (date: number, hour: number) => number;

function startOfHourMs(date: number, hour: number, zone: Zone): number {
  const year = Math.floor(date / 10_000);
  const month = Math.floor(date / 100) % 100;
  const day = date % 100;
  if (date < 19_000_000 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return Number.NaN;
  const civil = civilDayFrom(year, month, day);
  return civil > lastDayOfMonth(year, month) ? Number.NaN : utcMsFromLocal(zone, civil, hour * MS_PER_HOUR);
}

function parseEpochNs(bytes: Buffer, from: number, to: number): number {
  if (to - from !== 19) return Number.NaN;
  const ms = parseDigits(bytes, from, 13);
  const ns = parseDigits(bytes, from + 13, 6);
  return ms < 0 || ns < 0 ? Number.NaN : ms + ns / NS_PER_MS;
}

/** Minutes and seconds in ms, or NaN where they are none. */
function withinHourMs(minute: number, second: number): number {
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  return minute * MS_PER_MINUTE + second * MS_PER_SECOND;
}

function parseIso(bytes: Buffer, from: number, to: number, hourMs: HourMs): number {
  const separator = bytes[from + 10];
  if (to - from < 19 || (separator !== LETTER_T && separator !== SPACE)) return Number.NaN;
  const year = parseDigits(bytes, from, 4);
  const month = parseDigits(bytes, from + 5, 2);
  const day = parseDigits(bytes, from + 8, 2);
  if (year < 0 || month < 0 || day < 0) return Number.NaN;
  const wholeMs =
    hourMs(year * 10_000 + month * 100 + day, parseDigits(bytes, from + 11, 2)) +
    withinHourMs(parseDigits(bytes, from + 14, 2), parseDigits(bytes, from + 17, 2));
  const end = bytes[to - 1] === LETTER_Z ? to - 1 : to;
  if (end === from + 19) return wholeMs;
  const decimals = end - from - 20;
  if (bytes[from + 19] !== POINT || decimals < 1 || decimals > 9) return Number.NaN;
  const fraction = parseDigits(bytes, from + 20, decimals);
  return fraction < 0 ? Number.NaN : wholeMs + (fraction * MS_PER_SECOND) / 10 ** decimals;
}

function parseCompact(bytes: Buffer, from: number, to: number, hourMs: HourMs): number {
  if (to - from !== 14 || bytes[from + 8] !== SPACE) return Number.NaN;
  const date = parseDigits(bytes, from, 8);
  return hourMs(date, parseDigits(bytes, from + 9, 2)) + withinHourMs(parseDigits(bytes, from + 12, 2), 0);
}

function parseNinjaTrader(bytes: Buffer, from: number, to: number, hourMs: HourMs): number {
  const length = to - from;
  if ((length !== 15 && length !== 23) || bytes[from + 8] !== SPACE) return Number.NaN;
  const date = parseDigits(bytes, from, 8);
  const wholeMs =
    hourMs(date, parseDigits(bytes, from + 9, 2)) +
    withinHourMs(parseDigits(bytes, from + 11, 2), parseDigits(bytes, from + 13, 2));
  if (length === 15) return wholeMs;
  const hundredNs = parseDigits(bytes, from + 16, 7);
  return hundredNs < 0 || bytes[from + 15] !== SPACE ? Number.NaN : wholeMs + hundredNs / 10_000;
}

/** How is this number written for people? Fixed decimals by tick size, never a bare "-0", "–" for what is unknown. */

import { civilParts } from "#lib/civil.ts";
import type { Instrument, PriceFormat } from "#lib/instrument.ts";
import { localParts, type Zone } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "#lib/units.ts";

/** What stands where a number is not known (null or not finite). */
export const UNKNOWN = "–";

const DECIMALS_MAX = 10;
const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** What formatPrice needs to know of an instrument. */
type PriceStyle = Pick<Instrument, "tickSizes" | "priceFormat">;

/** Decimals that write every multiple of a tick in full: 0.25 → 2, 0.00005 → 5, 0.0000005 → 7, 5 → 0. */
export function decimalsOf(tickSize: number): number {
  let scaled = tickSize;
  for (let decimals = 0; decimals < DECIMALS_MAX; decimals += 1) {
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 && Math.round(scaled) > 0) return decimals;
    scaled *= 10;
  }
  return DECIMALS_MAX;
}

/**
 * A price in points by its instrument's newest tick: ES 4800.5 → "4800.50", 6E 1.0925 → "1.09250",
 * ZN 110.515625 → "110'165", ZB 110.5 → "110'16", CL −37.63 → "-37.63". A price between ticks is rounded for the eye:
 * to the decimals, in 32nds to the nearest tick.
 */
export function formatPrice(points: number | null, instrument: PriceStyle): string {
  if (points === null || !Number.isFinite(points)) return UNKNOWN;
  const { priceFormat, tickSizes } = instrument;
  if (priceFormat.kind === "thirtySeconds") return formatThirtySeconds(points, priceFormat);
  return fixed(points, decimalsOf(tickSizes[tickSizes.length - 1].size));
}

/** A price difference in points with its sign: ES 1.5 → "+1.50", ZN −0.25 → "-0'080", 0 → "0.00". */
export function formatPriceChange(points: number | null, instrument: PriceStyle): string {
  const text = formatPrice(points, instrument);
  return points !== null && points > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A number with its sign and fixed decimals: (3.456, 1) → "+3.5", −0.04 → "0.0", null → "–". */
export function formatSigned(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const text = grouped(fixed(value, decimals));
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A count of contracts or trades: 12345 → "12,345", −1200 → "-1,200"; fractions are rounded. */
export function formatQuantity(value: number | null): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : grouped(fixed(value, 0));
}

/** A short time in milliseconds, without the unit: 4.23 → "4.2", 18.4 → "18", null → "–". */
export function formatMillis(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  return Math.abs(ms) < 9.95 ? fixed(ms, 1) : grouped(fixed(ms, 0));
}

/** A size in decimal units, three figures: 512 → "512 B", 48,213,004 → "48.2 MB". */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return UNKNOWN;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${fixed(value, unit === 0 || value >= 99.95 ? 0 : 1)} ${BYTE_UNITS[unit]}`;
}

/** Dollars with cents: 1234.5 → "$1,234.50", −0.375 → "-$0.38", −0.001 → "$0.00". */
export function formatUsd(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  const text = grouped(fixed(value, 2));
  return text.startsWith("-") ? `-$${text.slice(1)}` : `$${text}`;
}

/** How old something is: 230 ms → "0.2 s", 41,000 → "41 s", 192,000 → "3 m 12 s", 7,380,000 → "2 h 3 m", then days. */
export function formatAge(ageMs: number | null): string {
  if (ageMs === null || !Number.isFinite(ageMs)) return UNKNOWN;
  const ms = Math.max(0, ageMs);
  if (ms < 10 * MS_PER_SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / MS_PER_SECOND);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Time that is left, in started seconds: 4,673,000 ms → "1:17:53", 172,800,000 → "48:00:00", past → "0:00:00". */
export function formatCountdown(leftMs: number | null): string {
  if (leftMs === null || !Number.isFinite(leftMs)) return UNKNOWN;
  const seconds = Math.ceil(Math.max(0, leftMs) / MS_PER_SECOND);
  return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** The clock on the wall of a zone, 24 hours: (New York, 2024-01-02T13:12:07Z) → "08:12:07". */
export function formatClock(zone: Zone, ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  const { msOfDay } = localParts(zone, ms);
  const hours = Math.floor(msOfDay / MS_PER_HOUR);
  const minutes = Math.floor(msOfDay / MS_PER_MINUTE) % 60;
  return `${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(Math.floor(msOfDay / MS_PER_SECOND) % 60)}`;
}

/** An instant of this year or so by the clock of a zone: "11-20 08:35"; null → "–". */
export function formatDayClock(zone: Zone, ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  const { month, day } = civilParts(localParts(zone, ms).day);
  return `${twoDigits(month)}-${twoDigits(day)} ${formatClock(zone, ms).slice(0, 5)}`;
}

/** Points, thirty-seconds and, where the tick is half of one, a digit 0 or 5 for the half. */
function formatThirtySeconds(points: number, format: Extract<PriceFormat, { kind: "thirtySeconds" }>): string {
  const perPoint = 32 * format.ticksPerThirtySecond;
  const ticksWhole = Math.round(Math.abs(points) * perPoint);
  const sign = points < 0 && ticksWhole > 0 ? "-" : "";
  const rest = ticksWhole % perPoint;
  const thirtySeconds = twoDigits(Math.floor(rest / format.ticksPerThirtySecond));
  const half = format.ticksPerThirtySecond === 1 ? "" : rest % 2 === 1 ? "5" : "0";
  return `${sign}${Math.floor(ticksWhole / perPoint)}'${thirtySeconds}${half}`;
}

/** toFixed, half away from zero as people round (1.005 to 2 → "1.01"), and without "-0.00". */
function fixed(value: number, decimals: number): string {
  const magnitude = Math.abs(value);
  const text = (magnitude * (1 + Number.EPSILON)).toFixed(decimals);
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Commas between thousands of the whole part. */
function grouped(text: string): string {
  const [whole, fraction] = text.split(".");
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

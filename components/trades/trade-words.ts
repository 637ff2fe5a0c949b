/** In which words does the table say a trade? */

import { civilDayIso } from "#lib/civil.ts";
import { decimalsOf, formatAge, formatClock, formatSigned, formatUsd } from "#lib/format.ts";
import { localParts } from "#lib/time-zone.ts";
import type { Trade } from "#lib/wire/trades.ts";

const EXCHANGE_ZONE = "America/Chicago";

export const FEES_WORDS = {
  stated: { short: "stated", long: "The fees that the fills themselves say" },
  schedule: { short: "schedule", long: "The account's fee schedule of that date" },
  list: { short: "list", long: "No fee is said: exchange list prices without the broker's part, so net is too high" },
  mixed: { short: "mixed", long: "Some fills say their fee, others are taken from a list" },
} as const satisfies Record<Trade["feesBy"], { short: string; long: string }>;

/** Averages may lie between ticks: two more digits. */
export function priceText(price: number | null, tickSize: number): string {
  if (price === null) return "–";
  const text = price.toFixed(decimalsOf(tickSize) + 2);
  return text.endsWith("00") ? text.slice(0, -2) : text;
}

/** By the exchange's clock, with the year, as history goes back: "2026-06-12 09:45". */
export function timeText(ms: number | null): string {
  if (ms === null) return "–";
  return `${civilDayIso(localParts(EXCHANGE_ZONE, ms).day)} ${formatClock(EXCHANGE_ZONE, ms).slice(0, 5)}`;
}

export function rText(r: number | null): string {
  return r === null ? "–" : `${formatSigned(r)} R`;
}

export function holdingText(ms: number | null): string {
  return ms === null ? "open" : formatAge(ms);
}

export function moneyTone(usd: number): string {
  if (usd === 0) return "";
  return usd > 0 ? "up" : "down";
}

export function netText(usd: number): string {
  return usd > 0 ? `+${formatUsd(usd)}` : formatUsd(usd);
}

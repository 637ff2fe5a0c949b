/** What stands on the time axis? Its seconds are the exchange's wall clock already; this only writes them. */

import { TickMarkType, type Time } from "lightweight-charts";
import { civilParts } from "#lib/civil.ts";
import { formatClock } from "#lib/format.ts";
import type { Zone } from "#lib/time-zone.ts";
import { MS_PER_DAY } from "#lib/units.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What the zones are called on screen. */
export const ZONE_NAMES: Readonly<Record<Zone, string>> = {
  "America/Chicago": "CT",
  "America/New_York": "ET",
  UTC: "UTC",
};

function dayOf(seconds: number): { year: number; month: string; day: number } {
  const { year, month, day } = civilParts(Math.floor((seconds * 1_000) / MS_PER_DAY));
  return { year, month: MONTHS[month - 1], day };
}

/** A tick of the axis: "09:30", "20 Nov", "Nov", "2026". */
export function axisTickLabel(time: Time, kind: TickMarkType): string {
  const seconds = Number(time);
  const { year, month, day } = dayOf(seconds);
  switch (kind) {
    case TickMarkType.Year:
      return String(year);
    case TickMarkType.Month:
      return month;
    case TickMarkType.DayOfMonth:
      return `${day} ${month}`;
    case TickMarkType.TimeWithSeconds:
      return formatClock("UTC", seconds * 1_000);
    default:
      return formatClock("UTC", seconds * 1_000).slice(0, 5);
  }
}

/** The label under the crosshair: "20 Nov 09:30:00 CT". */
export function axisLabel(time: Time, zone: Zone): string {
  const seconds = Number(time);
  const { month, day } = dayOf(seconds);
  return `${day} ${month} ${formatClock("UTC", seconds * 1_000)} ${ZONE_NAMES[zone]}`;
}

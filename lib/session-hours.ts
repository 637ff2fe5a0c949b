/** When does each calendar trade on a given day? Hours, halts, early closes: dated data, Chicago clock. */

import { civilDayFrom, weekday } from "#lib/civil.ts";
import { holidayOn, isFirstFriday } from "#lib/holidays.ts";
import type { CivilDay } from "#lib/units.ts";

export type CalendarId = "equity" | "metals" | "energy" | "rates" | "fx" | "crypto";

/**
 * What happens in the 24 hours from 17:00 of the evening before to 17:00 of a civil day.
 * full, early: a trade date of its own; halt: a segment of the next clearing day; holiday, weekend: shut.
 */
export type DayPlan = TradingDay | { readonly kind: "holiday" | "weekend" };
export type TradingDay = {
  readonly kind: "full" | "early" | "halt";
  readonly closeMinute: number;
  readonly pause: Pause | null;
};

/** A pause inside a session, minutes of the Chicago day. */
export type Pause = { readonly fromMinute: number; readonly toMinute: number };

/** Trading opens at 17:00 of the evening before. */
export const OPEN_MINUTE = 17 * 60;

const CLOSE = 16 * 60;
const CLOSE_BEFORE_2015_09_21 = 16 * 60 + 15;
const FIRST_1600_CLOSE = civilDayFrom(2015, 9, 21);
const LAST_EQUITY_PAUSE = civilDayFrom(2021, 6, 25);
const EQUITY_PAUSE: Pause = { fromMinute: 15 * 60 + 15, toMinute: 15 * 60 + 30 };
/** Halts moved to noon between Presidents Day and Memorial Day 2014. */
const FIRST_NOON_HALT = civilDayFrom(2014, 5, 26);
/** Metals and energy halt at 13:30, FX and crypto no longer, from MLK 2022. */
const FIRST_2022_HALT = civilDayFrom(2022, 1, 17);

const FULL: DayPlan = { kind: "full", closeMinute: CLOSE, pause: null };
const FULL_WITH_PAUSE: DayPlan = { kind: "full", closeMinute: CLOSE, pause: EQUITY_PAUSE };
const FULL_1615: DayPlan = { kind: "full", closeMinute: CLOSE_BEFORE_2015_09_21, pause: null };
const FULL_1615_WITH_PAUSE: DayPlan = { kind: "full", closeMinute: CLOSE_BEFORE_2015_09_21, pause: EQUITY_PAUSE };
const HOLIDAY: DayPlan = { kind: "holiday" };
const WEEKEND: DayPlan = { kind: "weekend" };

/** Closes that no rule foretells: national days of mourning. Equity closed at 08:30 CT. */
const ONE_OFF_CLOSES: readonly { calendar: CalendarId; day: CivilDay; closeMinute: number }[] = [
  { calendar: "equity", day: civilDayFrom(2018, 12, 5), closeMinute: 8 * 60 + 30 },
  { calendar: "equity", day: civilDayFrom(2025, 1, 9), closeMinute: 8 * 60 + 30 },
];

/** The plan of a civil day: what trades in the 24 hours that end at its 17:00 CT. */
export function dayPlan(calendar: CalendarId, day: CivilDay): DayPlan {
  const dayOfWeek = weekday(day);
  if (dayOfWeek === 0 || dayOfWeek === 6) return WEEKEND;
  const holiday = holidayOn(day);
  if (holiday === null) return ordinaryDay(calendar, day);
  switch (holiday) {
    case "newYear":
    case "christmas":
      return HOLIDAY;
    case "goodFriday":
      return goodFridayPlan(calendar, day);
    case "dayBeforeJulyFourth":
      // Only equity closes early; crypto did while it followed equity's hours.
      if (calendar === "equity" || (calendar === "crypto" && day < FIRST_2022_HALT)) return early(12 * 60 + 15);
      return ordinaryDay(calendar, day);
    case "dayAfterThanksgiving":
    case "christmasEve":
      return early(calendar === "metals" || calendar === "energy" ? 12 * 60 + 45 : 12 * 60 + 15);
    default:
      return halt(haltMinute(calendar, day));
  }
}

function ordinaryDay(calendar: CalendarId, day: CivilDay): DayPlan {
  for (const oneOff of ONE_OFF_CLOSES) {
    if (day === oneOff.day && calendar === oneOff.calendar) return early(oneOff.closeMinute);
  }
  if (calendar === "equity" && day <= LAST_EQUITY_PAUSE) {
    return day < FIRST_1600_CLOSE ? FULL_1615_WITH_PAUSE : FULL_WITH_PAUSE;
  }
  if ((calendar === "metals" || calendar === "energy") && day < FIRST_1600_CLOSE) return FULL_1615;
  return FULL;
}

/** Shut, except for a few hours around payrolls when it is the first Friday of the month. */
function goodFridayPlan(calendar: CalendarId, day: CivilDay): DayPlan {
  if (!isFirstFriday(day)) return HOLIDAY;
  if (calendar === "equity") return halt(8 * 60 + 15);
  return calendar === "fx" || calendar === "rates" ? halt(10 * 60 + 15) : HOLIDAY;
}

/** Minute of the Chicago day at which trading stops on a holiday that has a session. */
function haltMinute(calendar: CalendarId, day: CivilDay): number {
  const isFriday = weekday(day) === 5;
  switch (calendar) {
    case "equity":
      return day < FIRST_NOON_HALT ? 10 * 60 + 30 : 12 * 60;
    case "metals":
    case "energy":
      if (day < FIRST_NOON_HALT) return 12 * 60 + 15;
      return day < FIRST_2022_HALT || isFriday ? 12 * 60 : 13 * 60 + 30;
    case "rates":
      return 12 * 60;
    case "fx":
    case "crypto":
      return day < FIRST_2022_HALT || isFriday ? 12 * 60 : CLOSE;
  }
}

/** Regular trading hours of a product from a day on, minutes of the Chicago day; the end is the settlement time. */
export type RthHours = { readonly fromDay: CivilDay; readonly openMinute: number; readonly closeMinute: number };
/** RTH by root, each list oldest first; a micro without a row of its own has its mini's. */
export type RthTable = Readonly<Record<string, readonly RthHours[]>>;

const SINCE_EVER = civilDayFrom(1970, 1, 1);
const EQUITY_RTH: readonly RthHours[] = [
  { fromDay: SINCE_EVER, openMinute: 8 * 60 + 30, closeMinute: 15 * 60 + 15 },
  { fromDay: civilDayFrom(2020, 10, 26), openMinute: 8 * 60 + 30, closeMinute: 15 * 60 },
];
const ENERGY_RTH: readonly RthHours[] = [{ fromDay: SINCE_EVER, openMinute: 8 * 60, closeMinute: 13 * 60 + 30 }];
const RATES_AND_FX_RTH: readonly RthHours[] = [{ fromDay: SINCE_EVER, openMinute: 7 * 60 + 20, closeMinute: 14 * 60 }];

/** The default RTH; settings may replace rows. */
export const RTH_HOURS: RthTable = {
  ES: EQUITY_RTH,
  NQ: EQUITY_RTH,
  YM: EQUITY_RTH,
  RTY: EQUITY_RTH,
  GC: [{ fromDay: SINCE_EVER, openMinute: 7 * 60 + 20, closeMinute: 12 * 60 + 30 }],
  SI: [{ fromDay: SINCE_EVER, openMinute: 7 * 60 + 25, closeMinute: 12 * 60 + 25 }],
  HG: [{ fromDay: SINCE_EVER, openMinute: 7 * 60 + 10, closeMinute: 12 * 60 }],
  CL: ENERGY_RTH,
  NG: ENERGY_RTH,
  ZN: RATES_AND_FX_RTH,
  ZB: RATES_AND_FX_RTH,
  "6E": RATES_AND_FX_RTH,
  "6B": RATES_AND_FX_RTH,
  "6J": RATES_AND_FX_RTH,
  BTC: [{ fromDay: SINCE_EVER, openMinute: 8 * 60 + 30, closeMinute: 15 * 60 }],
};

function early(closeMinute: number): DayPlan {
  return { kind: "early", closeMinute, pause: null };
}

function halt(closeMinute: number): DayPlan {
  return { kind: "halt", closeMinute, pause: null };
}

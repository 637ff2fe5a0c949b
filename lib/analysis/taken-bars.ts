/** Which of a contract's bars has an analysis taken? What an anchor in the past begins with. */
import type { BarSeries } from "#lib/bars/bar-series.ts";
import type { CalendarId } from "#lib/session-hours.ts";

/** The first `rows` of `series`, minutes of a product of that calendar. */
export type TakenBars = { series: BarSeries; rows: number; calendar: CalendarId };

/** What news is due, when, and for which products? The event calendar that the user keeps as a JSON file. */
import { z } from "zod";
import { parseCivilDay } from "#lib/civil.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { CALENDAR_EVENTS_MAX } from "#lib/limits.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";
import { MS_PER_HOUR, MS_PER_MINUTE } from "#lib/units.ts";

export const EVENT_IMPACTS = ["low", "medium", "high"] as const;
export type EventImpact = (typeof EVENT_IMPACTS)[number];

/** A release at an instant, for these roots; a micro has its mini's. */
export type CalendarEvent = { name: string; atMs: number; impact: EventImpact; roots: string[] };

/** What is usual for a release, so that the file need not say it. */
type KnownEvent = { readonly impact: EventImpact; readonly roots: readonly string[] };

const INDICES = ["ES", "NQ", "YM", "RTY"];
const RATES_AND_FX = ["ZN", "ZB", "6E", "6B", "6J"];
const MACRO = [...INDICES, ...RATES_AND_FX, "GC", "SI"];

/** Releases by the name that the file may use alone; impact and roots in the file win. */
export const KNOWN_EVENTS: Readonly<Record<string, KnownEvent>> = {
  FOMC: { impact: "high", roots: MACRO },
  CPI: { impact: "high", roots: MACRO },
  NFP: { impact: "high", roots: MACRO },
  PCE: { impact: "high", roots: MACRO },
  PPI: { impact: "medium", roots: MACRO },
  "Fed Minutes": { impact: "medium", roots: MACRO },
  Claims: { impact: "medium", roots: [...INDICES, "ZN", "ZB"] },
  GDP: { impact: "medium", roots: [...INDICES, "ZN", "ZB"] },
  ADP: { impact: "medium", roots: [...INDICES, "ZN", "ZB"] },
  "ISM Services": { impact: "medium", roots: INDICES },
  "ISM Manufacturing": { impact: "medium", roots: [...INDICES, "HG"] },
  "Retail Sales": { impact: "medium", roots: INDICES },
  "EIA Crude": { impact: "high", roots: ["CL"] },
  "EIA Natural Gas": { impact: "medium", roots: ["NG"] },
  "OPEC Meeting": { impact: "high", roots: ["CL"] },
  "Treasury Auction": { impact: "low", roots: [...INDICES, "ZN", "ZB", "GC"] },
  "Durable Goods": { impact: "low", roots: INDICES },
  "Consumer Confidence": { impact: "low", roots: INDICES },
  "Housing Starts": { impact: "low", roots: INDICES },
};

const NAME_CHARS_MAX = 80;
const eventSchema = z.strictObject({
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected YYYY-MM-DD"),
  /** New York, 24 hours. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected HH:MM, New York time"),
  impact: z.enum(EVENT_IMPACTS).optional(),
  roots: z.array(z.string().min(1)).min(1).optional(),
});

/** The file: `{"events": [{"name": "CPI", "date": "2026-12-10", "time": "08:30"}]}`; times are New York's. */
export const eventCalendarSchema = z.strictObject({ events: z.array(eventSchema).max(CALENDAR_EVENTS_MAX) });

/**
 * The events of a calendar file, oldest first, or why it is refused: which event, which field, what was expected. A
 * name of KNOWN_EVENTS needs no impact and no roots.
 * {"name": "CPI", "date": "2026-12-10", "time": "08:30"} → 13:30 UTC, high.
 */
export function parseEventCalendar(file: unknown): CalendarEvent[] | { refused: string } {
  const parsed = eventCalendarSchema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { refused: `event calendar: ${issue.path.join(".") || "file"}: ${issue.message}` };
  }
  const events: CalendarEvent[] = [];
  for (const [index, { name, date, time, ...rest }] of parsed.data.events.entries()) {
    const refuse = (what: string): { refused: string } => ({
      refused: `event calendar: events.${index} (${name}): ${what}`,
    });
    const known = KNOWN_EVENTS[name];
    const impact = rest.impact ?? known?.impact;
    const roots = rest.roots ?? known?.roots;
    if (impact === undefined || roots === undefined) return refuse("not a known release: expected impact and roots");
    const unknown = roots.find((root) => instrumentOf(root) === null);
    if (unknown !== undefined) return refuse(`root ${unknown} is none that we list`);
    const day = parseCivilDay(date);
    if (day === null) return refuse(`there is no day ${date}`);
    const [hours, minutes] = time.split(":").map(Number);
    const atMs = utcMsFromLocal("America/New_York", day, hours * MS_PER_HOUR + minutes * MS_PER_MINUTE);
    events.push({ name, atMs, impact, roots: [...roots] });
  }
  return events.sort((a, b) => a.atMs - b.atMs);
}

/** Events of a root (or of its mini) in [fromMs, toMs). */
export function eventsOf(
  events: readonly CalendarEvent[],
  root: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): CalendarEvent[] {
  const mini = instrumentOf(root)?.mini ?? null;
  const isOwn = ({ roots }: CalendarEvent): boolean => roots.includes(root) || (mini !== null && roots.includes(mini));
  return events.filter((event) => event.atMs >= fromMs && event.atMs < toMs && isOwn(event));
}

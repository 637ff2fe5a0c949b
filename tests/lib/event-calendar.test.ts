/** Is the user's event calendar read by New York time, and refused with the place and the reason? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CalendarEvent, eventsOf, KNOWN_EVENTS, parseEventCalendar } from "#lib/event-calendar.ts";
import { instrumentOf } from "#lib/instrument.ts";

function parsed(...events: object[]): CalendarEvent[] {
  const found = parseEventCalendar({ events });
  assert.ok(Array.isArray(found), JSON.stringify(found));
  return found;
}

const refusal = (file: unknown): string => {
  const found = parseEventCalendar(file);
  assert.ok(!Array.isArray(found), "was not refused");
  return found.refused;
};

test("times are New York's, in winter and in summer", () => {
  const [summer, winter] = parsed(
    { name: "CPI", date: "2026-12-10", time: "08:30" },
    { name: "FOMC", date: "2026-07-29", time: "14:00" },
  );
  assert.equal(summer.atMs, Date.parse("2026-07-29T18:00:00Z"));
  assert.equal(winter.atMs, Date.parse("2026-12-10T13:30:00Z"));
  assert.equal(winter.impact, "high");
});

test("what the file says wins over what is usual", () => {
  const [event] = parsed({ name: "CPI", date: "2026-12-10", time: "08:30", impact: "low", roots: ["CL"] });
  assert.deepEqual([event.impact, event.roots], ["low", ["CL"]]);
});

test("a refusal names the event, the field and what was expected", () => {
  const good = { name: "CPI", date: "2026-12-10", time: "08:30" };
  assert.match(refusal({ events: [good, { ...good, time: "8:30" }] }), /events\.1\.time: expected HH:MM, New York/);
  assert.match(refusal({ events: [{ ...good, date: "2026-02-30" }] }), /there is no day 2026-02-30/);
  assert.match(refusal({ events: [{ ...good, roots: ["XX"] }] }), /root XX is none that we list/);
  assert.match(refusal({ events: [{ ...good, name: "My meeting" }] }), /events\.0 \(My meeting\).*impact and roots/);
  assert.match(refusal({ events: [{ ...good, zone: "CT" }] }), /zone/);
  assert.match(refusal([]), /event calendar: file/);
});

test("an event of the mini is one of the micro; the end of the stretch is not in it", () => {
  const events = parsed({ name: "EIA Crude", date: "2026-11-25", time: "10:30" });
  const atMs = Date.parse("2026-11-25T15:30:00Z");
  const found = (root: string, toMs: number): number => eventsOf(events, root, { fromMs: atMs - 1, toMs }).length;
  assert.deepEqual([found("CL", atMs + 1), found("MCL", atMs + 1), found("ES", atMs + 1)], [1, 1, 0]);
  assert.equal(found("CL", atMs), 0);
});

test("every usual root is one that we list", () => {
  for (const [name, { roots }] of Object.entries(KNOWN_EVENTS)) {
    for (const root of roots) assert.ok(instrumentOf(root) !== null, `${name}: ${root}`);
  }
});

/** Is the user's calendar taken once, again when it changes, and never where it is bad? */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { CalendarEvent } from "#lib/event-calendar.ts";
import { CalendarFile } from "#server/event-calendar-file.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const CPI = { name: "CPI", date: "2026-12-10", time: "08:30" };
const QUIET = { info() {}, warn() {} };

type Reader = { calendar: CalendarFile; taken: (readonly CalendarEvent[])[] };

function read(file: string, first: readonly CalendarEvent[] | null = null): Reader {
  const taken: (readonly CalendarEvent[])[] = [];
  const known = (): readonly CalendarEvent[] | null => taken.at(-1) ?? first;
  return { taken, calendar: new CalendarFile({ file, known, publish: (events) => taken.push(events), logger: QUIET }) };
}

test("a good file is taken once; what the log knows already is not published again", (t) => {
  const file = path.join(temporaryFolder(t), "event-calendar.json");
  fs.writeFileSync(file, JSON.stringify({ events: [CPI] }));
  const one = read(file);
  t.after(() => one.calendar[Symbol.dispose]());
  assert.deepEqual(one.taken, [
    [{ name: "CPI", atMs: Date.parse("2026-12-10T13:30:00Z"), impact: "high", roots: one.taken[0][0].roots }],
  ]);
  assert.equal(one.calendar.report().message, "1 events");
  const again = read(file, one.taken[0]);
  t.after(() => again.calendar[Symbol.dispose]());
  assert.deepEqual(again.taken, []);
});

test("no file is no calendar; a bad one is named and changes nothing", (t) => {
  const file = path.join(temporaryFolder(t), "event-calendar.json");
  const absent = read(file);
  t.after(() => absent.calendar[Symbol.dispose]());
  assert.equal(absent.calendar.report().status, "absent");
  for (const [text, said] of [
    ["{", /no JSON/],
    [JSON.stringify({ events: [{ ...CPI, time: "8:30" }] }), /events\.0\.time.*HH:MM/],
    [JSON.stringify({ events: [{ ...CPI, name: "Unheard of" }] }), /expected impact and roots/],
  ] as const) {
    fs.writeFileSync(file, text);
    const { calendar, taken } = read(file);
    t.after(() => calendar[Symbol.dispose]());
    assert.deepEqual([calendar.report().status, taken], ["refused", []]);
    assert.match(calendar.report().message, said);
  }
});

test("an edited file is taken anew", async (t) => {
  const file = path.join(temporaryFolder(t), "event-calendar.json");
  fs.writeFileSync(file, JSON.stringify({ events: [CPI] }));
  const { calendar, taken } = read(file);
  t.after(() => calendar[Symbol.dispose]());
  fs.writeFileSync(file, JSON.stringify({ events: [CPI, { ...CPI, name: "PPI", date: "2026-12-11" }] }));
  // The file is looked at every two seconds.
  for (let tries = 0; taken.length < 2 && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual(
    taken.map((events) => events.map(({ name }) => name)),
    [["CPI"], ["CPI", "PPI"]],
  );
});

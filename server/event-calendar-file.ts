/** Which events are in the user's calendar file? Read at the start and at each change; a bad one changes nothing. */
import fs from "node:fs";
import path from "node:path";
import { type CalendarEvent, parseEventCalendar } from "#lib/event-calendar.ts";
import { CALENDAR_FILE_BYTES_MAX, CALENDAR_LOOK_MS } from "#lib/limits.ts";
import type { CalendarReport } from "#lib/wire/insight.ts";
import type { Logger } from "#server/logger.ts";

export type CalendarFileOptions = {
  /** DATA_DIR/event-calendar.json, which the user edits. */
  file: string;
  /** What the engine knows; null: no calendar. */
  known(): readonly CalendarEvent[] | null;
  publish(events: CalendarEvent[]): void;
  logger: Pick<Logger, "info" | "warn">;
};

/** A file that is not there is no calendar; one that goes away leaves what was known. */
export class CalendarFile {
  readonly #options: CalendarFileOptions;
  readonly #timer: NodeJS.Timeout;
  #report: CalendarReport;
  /** When the file that was read was written; null: none was. */
  #readMs: number | null = null;

  constructor(options: CalendarFileOptions) {
    this.#options = options;
    this.#report = { file: path.basename(options.file), status: "absent", message: "no calendar file" };
    this.#look();
    this.#timer = setInterval(() => this.#look(), CALENDAR_LOOK_MS);
    this.#timer.unref();
  }

  report(): CalendarReport {
    return this.#report;
  }

  #look(): void {
    const writtenMs = fs.statSync(this.#options.file, { throwIfNoEntry: false })?.mtimeMs ?? null;
    if (writtenMs === null || writtenMs === this.#readMs) return;
    this.#readMs = writtenMs;
    this.#read();
  }

  #read(): void {
    const { file, known, publish, logger } = this.#options;
    const name = path.basename(file);
    const events = parseFile(file);
    if ("refused" in events) {
      this.#report = { file: name, status: "refused", message: `${events.refused}; the calendar of before stays` };
      logger.warn({ file, reason: events.refused }, "the event calendar is not taken");
      return;
    }
    this.#report = { file: name, status: "read", message: `${events.length} events` };
    if (JSON.stringify(events) === JSON.stringify(known())) return;
    publish(events);
    logger.info({ file, events: events.length }, "the event calendar is taken");
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function parseFile(file: string): CalendarEvent[] | { refused: string } {
  const { size } = fs.statSync(file);
  if (size > CALENDAR_FILE_BYTES_MAX) {
    return { refused: `event calendar: ${size} bytes, expected at most ${CALENDAR_FILE_BYTES_MAX}` };
  }
  try {
    return parseEventCalendar(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (error) {
    return { refused: `event calendar: no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

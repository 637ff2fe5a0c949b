/** How is a record of the log shown to a person, a table or another program? */
import type { InputEvent } from "#lib/events/event.ts";
import type { Fact } from "#lib/outputs/fact.ts";

/** Plain JSON of an event or fact: columns as arrays, numbers that JSON has no word for as text. */
export function jsonOf(record: InputEvent | Fact | object): string {
  return JSON.stringify(record, (_key, value: unknown) => {
    // Safe: columns are typed arrays, no event holds a DataView.
    return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>, wordOf) : wordOf(value);
  });
}

function wordOf(value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** "2026-11-18T15:00:00.000Z"; a time that is none: "–". */
export function timeOf(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return "–";
  return new Date(ms).toISOString();
}

/** 1234567 → "1.2 MB". */
export function bytesOf(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;
}

/** A block of bars or trades in short: its columns would fill pages. */
export function shortOf(record: object): object {
  const entries = Object.entries(record).map(([key, value]: [string, unknown]) => {
    if (Array.isArray(value) && value.length > 3) return [key, `${value.length} rows`];
    const isBlock = typeof value === "object" && value !== null && "count" in value;
    return [key, isBlock ? `${String(value.count)} rows` : value];
  });
  return Object.fromEntries(entries);
}

export const CSV_HEAD = "seq,ordinal,type,now,received,contract,payload";

/** One line of CSV: what all records share, then the rest as JSON. `ordinal` is empty for an event. */
export function csvOf(record: InputEvent | Fact): string {
  const { seq, type, nowMs, receivedMs, ...rest } = record;
  const ordinal = "ordinal" in rest ? rest.ordinal : "";
  const contract = "contract" in rest ? rest.contract : "";
  const payload = jsonOf(rest).replaceAll('"', '""');
  return [seq, ordinal, type, timeOf(nowMs), timeOf(receivedMs), contract, `"${payload}"`].join(",");
}

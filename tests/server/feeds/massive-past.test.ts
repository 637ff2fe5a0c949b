/** Is the vendor asked for the past by UTC, in winter and in summer? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Listing } from "#server/feeds/massive/listing.ts";
import { barsOf } from "#server/feeds/massive/past.ts";
import type { RestQuery } from "#server/feeds/massive/rest-client.ts";

test("I-32 a stretch of time is asked for by UTC, without any zone's offset", async () => {
  const asked: RestQuery[] = [];
  const rest = {
    rows: async (_path: string, query: RestQuery) => {
      asked.push(query);
      return [];
    },
  };
  const listing = { ticker: "ESZ6" } as Listing; // Of a listing that answers no row only the ticker is read.
  for (const iso of ["2026-07-14T13:30:00Z", "2026-12-08T14:30:00Z"]) {
    const fromMs = Date.parse(iso);
    await barsOf(rest, listing, { fromMs, toMs: fromMs + 300_000, intervalMs: 60_000, reject: () => undefined });
    const query = asked.at(-1);
    assert.equal(BigInt(query?.["window_start.gte"] ?? 0), BigInt(fromMs) * 1_000_000n, iso);
    assert.equal(BigInt(query?.["window_start.lt"] ?? 0), BigInt(fromMs + 300_000) * 1_000_000n, iso);
  }
});

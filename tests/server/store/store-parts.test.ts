/** Is the lamp of the database green only while nothing waits for it? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROJECT_LAG_EVENTS_MAX, PROJECT_LAG_MS_MAX } from "#lib/limits.ts";
import { type DbInput, dbPart, redisPart } from "#server/store/store-parts.ts";

function lamp(over: Partial<NonNullable<DbInput["projection"]>>): string {
  const projection = {
    seq: 7,
    lagEvents: 0,
    refusedFacts: 0,
    newestRefused: null,
    broken: null,
    lagMs: 0,
    progressMs: 1,
    ...over,
  };
  return dbPart({ status: { state: "ok" } as DbInput["status"], place: "embedded", projection }).state;
}

test("green while it follows; not when it is behind in time, or in events that came all at once", () => {
  assert.equal(lamp({ lagMs: PROJECT_LAG_MS_MAX, lagEvents: PROJECT_LAG_EVENTS_MAX }), "ok");
  assert.equal(lamp({ lagMs: PROJECT_LAG_MS_MAX + 1 }), "degraded");
  assert.equal(lamp({ lagEvents: PROJECT_LAG_EVENTS_MAX + 1 }), "degraded", "a first history, a moment after it came");
  assert.equal(lamp({ refusedFacts: 1 }), "degraded");
});

test("a store that is away says why, and since when by the exchange's clock", () => {
  const sinceMs = Date.parse("2026-11-20T14:25:07Z");
  const status = { state: "away", reason: "127.0.0.1:5432/x: no server answers", sinceMs } as const;
  const db = dbPart({ status, place: "x", projection: null });
  assert.deepEqual([db.state, db.message], ["degraded", "127.0.0.1:5432/x: no server answers, since 08:25:07 CT"]);
  const redis = redisPart({ ...status, reason: "127.0.0.1:6379: Command timed out", progressMs: null });
  assert.equal(redis.message, "127.0.0.1:6379: Command timed out, since 08:25:07 CT");
  assert.equal(redis.state, "degraded");
});

/** Does the ops strip say every figure, and put none aside that is out of the ordinary? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { opsFigures } from "#components/ops/ops-figures.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import { OPS } from "#tests/server/http/fake-house.ts";

function figuresOf(change: Partial<OpsReport> = {}) {
  return new Map(opsFigures({ ...OPS, ...change }).map((figure) => [figure.id, figure]));
}

test("every figure of the report has its words", () => {
  const words = Object.fromEntries([...figuresOf()].map(([id, figure]) => [id, figure.words]));
  assert.deepEqual(words, {
    "ops-poisoned": "set aside: seq 900 ContractPinned, 2 in all",
    "ops-rejects": "4 rejected",
    "ops-gaps": "2 gaps",
    "ops-rate": "322 ev/s",
    "ops-queue": "17 queued",
    "ops-seq": "seq 1,234",
    "ops-flushed": "4 to flush",
    "ops-flush": "flush 2.0 / 12 ms",
    "ops-log": "log 65.5 kB",
    "ops-segment": "segment 1 m 30 s",
    "ops-snapshot": "snapshot 42 s",
    "ops-handlers": "postgres 30, redis 0 behind",
    "ops-clients": "3 clients",
  });
});

test("what is out of the ordinary is in colour and never gives way", () => {
  const well = figuresOf({
    ...{ poisoned: { count: 0, newest: [] }, rejects: [], gaps: { count: 0, open: 0, newest: null } },
  });
  assert.ok(![...well.values()].some(({ tone }) => tone !== "plain"));
  assert.equal(well.has("ops-poisoned"), false);
  const ill = figuresOf({
    queued: 16_384,
    handlers: [{ name: "project-postgres", seq: 3, lagEvents: 60_000 }],
    snapshotError: "ENOSPC: no space left",
    digest: { seq: 12, equal: false },
  });
  const findings = [
    ...["ops-poisoned", "ops-digest", "ops-rejects", "ops-gaps"],
    ...["ops-queue", "ops-snapshot", "ops-handlers"],
  ];
  for (const id of findings) {
    const figure = ill.get(id);
    assert.ok(figure !== undefined && figure.tone !== "plain" && !figure.isMinor, `${id}: ${figure?.words}`);
  }
  assert.equal(ill.get("ops-snapshot")?.title, "ENOSPC: no space left");
  assert.equal(ill.get("ops-poisoned")?.title, "seq 900 ContractPinned: planted poison");
});

test("what is not known yet is no number", () => {
  const start = figuresOf({
    flushMs: { p50: null, p99: null },
    segment: { number: 0, ageMs: null },
    snapshot: null,
    handlers: [],
  });
  const words = ["ops-flush", "ops-segment", "ops-snapshot", "ops-handlers"].map((id) => start.get(id)?.words);
  assert.deepEqual(words, ["flush –", "segment –", "no snapshot yet", "–"]);
});

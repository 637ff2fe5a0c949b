/** Does a scrape say what the reports say, and forget what is no longer there? */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeedsReport, TrustRow } from "#lib/wire/stream.ts";
import { createMetrics, type MetricsSource } from "#server/metrics.ts";
import { NOW_MS, OPS } from "./http/fake-house.ts";

function trustRow(contract: string, eventMs: number | null, staleSinceMs: number | null): TrustRow {
  const counts = { lateTrades: 2, droppedLate: 1, duplicates: 5 };
  return { contract, root: "ES", eventMs, delayMs: null, staleSinceMs, marketOpen: true, ...counts };
}

const FEEDS: FeedsReport = {
  feed: "simulator",
  mode: "SIM",
  state: "connected",
  message: "runs",
  speed: 1,
  jump: null,
  rejects: [
    { reason: "off-tick", count: 4, last: "row 7" },
    { reason: "duplicate", count: 1, last: "row 9" },
  ],
  contracts: [trustRow("ESZ6", NOW_MS - 1_500, null), trustRow("NQZ6", NOW_MS - 90_000, NOW_MS - 60_000)],
  gaps: [],
};

/** The samples of a scrape that are ours: name with labels → value. */
function samples(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line.startsWith("rightseat_"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]));
}

test("every figure of the reports is a sample, times in seconds", async () => {
  const metrics = createMetrics(() => ({ ops: OPS, feeds: FEEDS, nowMs: NOW_MS }));
  const found = Object.fromEntries(samples(await metrics.text()));
  const expected = {
    rightseat_events_total: "1234",
    rightseat_events_per_second: "321.5",
    rightseat_seq: "1234",
    rightseat_flushed_seq: "1230",
    'rightseat_flush_seconds{quantile="0.5"}': "0.002",
    'rightseat_flush_seconds{quantile="0.99"}': "0.012",
    rightseat_log_bytes: "65536",
    rightseat_segment_number: "3",
    rightseat_segment_age_seconds: "90.5",
    rightseat_snapshot_seq: "1100",
    rightseat_snapshot_age_seconds: "42",
    rightseat_snapshot_bytes: "4096",
    rightseat_snapshot_seconds: "0.0035",
    rightseat_snapshots_overtime_total: "1",
    rightseat_snapshot_failing: "0",
    rightseat_queued_events: "17",
    rightseat_poisoned_events: "2",
    'rightseat_poisoned_newest_seq{type="ContractPinned"}': "900",
    rightseat_clients: "3",
    rightseat_clients_cut_total: "1",
    rightseat_ready: "1",
    'rightseat_run_info{run="sim-1",mode="SIM",feed="simulator",code_version="0.1.0-test"}': "1",
    'rightseat_part_state{part="log",state="ok"}': "1",
    'rightseat_part_state{part="log",state="degraded"}': "0",
    'rightseat_part_state{part="log",state="failed"}': "0",
    'rightseat_part_state{part="log",state="absent"}': "0",
    'rightseat_part_state{part="db",state="ok"}': "0",
    'rightseat_part_state{part="db",state="degraded"}': "1",
    'rightseat_part_state{part="db",state="failed"}': "0",
    'rightseat_part_state{part="db",state="absent"}': "0",
    'rightseat_part_lag_seconds{part="log"}': "0.004",
    'rightseat_part_lag_seconds{part="db"}': "7",
    'rightseat_handler_seq{handler="project-postgres"}': "1200",
    'rightseat_handler_seq{handler="mirror-redis"}': "1230",
    'rightseat_handler_lag_events{handler="project-postgres"}': "30",
    'rightseat_handler_lag_events{handler="mirror-redis"}': "0",
    rightseat_projection_refused_facts: "2",
    rightseat_feed_gaps: "2",
    rightseat_feed_gaps_open: "1",
    'rightseat_rejects_total{reason="off-tick"}': "4",
    'rightseat_rejects_total{reason="duplicate"}': "1",
    'rightseat_last_event_age_seconds{contract="ESZ6"}': "1.5",
    'rightseat_last_event_age_seconds{contract="NQZ6"}': "90",
    'rightseat_contract_stale{contract="ESZ6"}': "0",
    'rightseat_contract_stale{contract="NQZ6"}': "1",
    'rightseat_late_trades_total{contract="ESZ6"}': "2",
    'rightseat_late_trades_total{contract="NQZ6"}': "2",
    'rightseat_dropped_late_total{contract="ESZ6"}': "1",
    'rightseat_dropped_late_total{contract="NQZ6"}': "1",
    'rightseat_duplicates_total{contract="ESZ6"}': "5",
    'rightseat_duplicates_total{contract="NQZ6"}': "5",
  };
  assert.deepEqual(found, expected);
});

test("a second scrape counts nothing twice, and drops contracts and figures that are gone", async () => {
  let source: MetricsSource = { ops: OPS, feeds: FEEDS, nowMs: NOW_MS };
  const metrics = createMetrics(() => source);
  await metrics.text();
  assert.equal(samples(await metrics.text()).get("rightseat_events_total"), "1234");
  source = {
    ops: {
      ...{ ...OPS, seq: 2_000, flushMs: { p50: null, p99: null }, ready: false, runId: "sim-2" },
      ...{ segment: { number: 0, ageMs: null }, snapshot: null, poisoned: { count: 0, newest: [] }, handlers: [] },
    },
    feeds: { ...FEEDS, contracts: [trustRow("ESH7", null, null)], rejects: [] },
    nowMs: NOW_MS,
  };
  const found = samples(await metrics.text());
  assert.equal(found.get("rightseat_events_total"), "2000");
  assert.equal(found.get("rightseat_ready"), "0");
  const names = [...found.keys()].join("\n");
  assert.doesNotMatch(names, /ESZ6|NQZ6|quantile|sim-1|off-tick|last_event_age_seconds/);
  assert.doesNotMatch(names, /ContractPinned|handler/);
  for (const name of ["segment_age", "snapshot_age", "snapshot"]) {
    assert.equal(found.get(`rightseat_${name}_seconds`), "Nan", `${name} is not known`);
  }
  assert.equal(found.get('rightseat_contract_stale{contract="ESH7"}'), "0");
});

test("the process's own figures are there too", async () => {
  const text = await createMetrics(() => ({ ops: OPS, feeds: FEEDS, nowMs: NOW_MS })).text();
  assert.match(text, /^process_resident_memory_bytes \d+/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
});

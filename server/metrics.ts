/** What does Prometheus read of us? The ops report and the feeds report as gauges and counters, at each scrape. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { type OpsReport, PART_STATES } from "#lib/wire/ops.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

/** What a scrape reads; `nowMs` is the feed's clock, by which the ages of contracts are told. */
export type MetricsSource = { ops: OpsReport; feeds: FeedsReport; nowMs: number };

export type Metrics = {
  /** The scrape's text, format 0.0.4. */
  text(): Promise<string>;
};

/** Creates the registry of one data-service, which calls `read` once a scrape. Times are in seconds. */
export function createMetrics(read: () => MetricsSource): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const sets = [houseMetrics, logMetrics, snapshotMetrics, partMetrics, handlerMetrics, feedMetrics];
  const fill = sets.map((set) => set(registry));
  return {
    text() {
      const source = read();
      for (const set of fill) set(source);
      return registry.metrics();
    },
  };
}

type Fill = (source: MetricsSource) => void;

function gauge<Label extends string = never>(registry: Registry, name: string, help: string, labelNames: Label[] = []) {
  return new Gauge<Label>({ name: `rightseat_${name}`, help, labelNames, registers: [registry] });
}

/** A counter whose value is counted elsewhere: each scrape sets it anew. */
function counter<Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[] = [],
) {
  return new Counter<Label>({ name: `rightseat_${name}`, help, labelNames, registers: [registry] });
}

function houseMetrics(registry: Registry): Fill {
  const events = counter(registry, "events_total", "Events sequenced in this run");
  const rate = gauge(registry, "events_per_second", "Events sequenced a second");
  const seq = gauge(registry, "seq", "Sequence number of the newest event");
  const queued = gauge(registry, "queued_events", "Events that wait for the sequencer");
  const poisoned = gauge(registry, "poisoned_events", "Events of this run that the engine broke at, set aside");
  const newest = gauge(registry, "poisoned_newest_seq", "The newest of them, by its type", ["type"]);
  const clients = gauge(registry, "clients", "Open stream connections");
  const cut = counter(registry, "clients_cut_total", "Stream connections cut because they read too slowly");
  const ready = gauge(registry, "ready", "1 when recovery and first history are done");
  const info = gauge(registry, "run_info", "The run, always 1", ["run", "mode", "feed", "code_version"]);
  return ({ ops, feeds }) => {
    setTotal(events, ops.seq);
    rate.set(ops.eventsPerSecond);
    seq.set(ops.seq);
    queued.set(ops.queued);
    poisoned.set(ops.poisoned.count);
    newest.reset();
    for (const { seq: at, eventType } of ops.poisoned.newest.slice(-1)) newest.set({ type: eventType }, at);
    clients.set(ops.clients);
    setTotal(cut, ops.clientsCut);
    ready.set(ops.ready ? 1 : 0);
    info.reset();
    info.set({ run: ops.runId, mode: feeds.mode, feed: feeds.feed, code_version: ops.codeVersion }, 1);
  };
}

function logMetrics(registry: Registry): Fill {
  const flushed = gauge(registry, "flushed_seq", "Sequence number up to which the log is on disk");
  const flush = gauge(registry, "flush_seconds", "Write to flushed, of the last minute", ["quantile"]);
  const logBytes = gauge(registry, "log_bytes", "Size of the run's event log");
  const segment = gauge(registry, "segment_number", "The log's file that is written");
  const segmentAge = gauge(registry, "segment_age_seconds", "Age of that file's first event");
  return ({ ops }) => {
    flushed.set(ops.flushedSeq);
    flush.reset();
    if (ops.flushMs.p50 !== null) flush.set({ quantile: "0.5" }, ops.flushMs.p50 / 1_000);
    if (ops.flushMs.p99 !== null) flush.set({ quantile: "0.99" }, ops.flushMs.p99 / 1_000);
    logBytes.set(ops.logBytes);
    segment.set(ops.segment.number);
    segmentAge.set(secondsOf(ops.segment.ageMs));
  };
}

function snapshotMetrics(registry: Registry): Fill {
  const seq = gauge(registry, "snapshot_seq", "Sequence number of the newest snapshot that lasts; 0: none");
  const age = gauge(registry, "snapshot_age_seconds", "Age of the newest snapshot that lasts");
  const bytes = gauge(registry, "snapshot_bytes", "Size of the newest snapshot that lasts, without columns");
  const took = gauge(registry, "snapshot_seconds", "What the newest snapshot held the event loop up");
  const overtime = counter(registry, "snapshots_overtime_total", "Snapshots that held the event loop up too long");
  const failing = gauge(registry, "snapshot_failing", "1 while the last try to take a snapshot has failed");
  return ({ ops: { snapshot, snapshotOvertime, snapshotError } }) => {
    seq.set(snapshot?.seq ?? 0);
    age.set(secondsOf(snapshot?.ageMs ?? null));
    bytes.set(snapshot?.bytes ?? 0);
    took.set(secondsOf(snapshot?.tookMs ?? null));
    setTotal(overtime, snapshotOvertime);
    failing.set(snapshotError === null ? 0 : 1);
  };
}

function partMetrics(registry: Registry): Fill {
  const state = gauge(registry, "part_state", "1 for the state that a part is in, else 0", ["part", "state"]);
  const lag = gauge(registry, "part_lag_seconds", "How far a part is behind", ["part"]);
  return ({ ops }) => {
    state.reset();
    lag.reset();
    for (const part of ops.parts) {
      for (const name of PART_STATES) state.set({ part: part.name, state: name }, part.state === name ? 1 : 0);
      if (part.lagMs !== null) lag.set({ part: part.name }, part.lagMs / 1_000);
    }
  };
}

function handlerMetrics(registry: Registry): Fill {
  const seq = gauge(registry, "handler_seq", "Sequence number up to which a handler is through", ["handler"]);
  const lag = gauge(registry, "handler_lag_events", "Flushed events that a handler is not through yet", ["handler"]);
  const refused = gauge(registry, "projection_refused_facts", "Facts that PostgreSQL refused and that were set aside");
  return ({ ops: { handlers, projection } }) => {
    for (const metric of [seq, lag]) metric.reset();
    for (const { name, ...place } of handlers) {
      seq.set({ handler: name }, place.seq);
      lag.set({ handler: name }, place.lagEvents);
    }
    refused.set(projection?.refusedFacts ?? 0);
  };
}

function feedMetrics(registry: Registry): Fill {
  const rejects = counter(registry, "rejects_total", "Rows and messages dropped, by reason", ["reason"]);
  const gaps = gauge(registry, "feed_gaps", "Stretches without data that nothing has filled");
  const openGaps = gauge(registry, "feed_gaps_open", "Those of them that go on");
  const age = gauge(registry, "last_event_age_seconds", "Age of a contract's newest event by the feed's clock", [
    "contract",
  ]);
  const stale = gauge(registry, "contract_stale", "1 while a contract is stale", ["contract"]);
  const late = counter(registry, "late_trades_total", "Trades that amended a bar they came late for", ["contract"]);
  const dropped = counter(registry, "dropped_late_total", "Trades too late for their bar, dropped", ["contract"]);
  const duplicates = counter(registry, "duplicates_total", "Trades that came twice, dropped", ["contract"]);
  return ({ ops, feeds, nowMs }) => {
    gaps.set(ops.gaps.count);
    openGaps.set(ops.gaps.open);
    for (const metric of [rejects, age, stale, late, dropped, duplicates]) metric.reset();
    for (const { reason, count } of feeds.rejects) rejects.inc({ reason }, count);
    for (const row of feeds.contracts) {
      const { contract } = row;
      if (row.eventMs !== null) age.set({ contract }, (nowMs - row.eventMs) / 1_000);
      stale.set({ contract }, row.staleSinceMs === null ? 0 : 1);
      late.inc({ contract }, row.lateTrades);
      dropped.inc({ contract }, row.droppedLate);
      duplicates.inc({ contract }, row.duplicates);
    }
  };
}

/** NaN where it is not known: without labels a sample cannot be left out, and 0 would look fresh. */
function secondsOf(ms: number | null): number {
  return ms === null ? Number.NaN : ms / 1_000;
}

function setTotal(total: Counter, value: number): void {
  total.reset();
  total.inc(value);
}

/** Which figures does the ops strip show, and in which words? The whole report, as text. */

import { formatAge, formatBytes, formatMillis, formatQuantity, UNKNOWN } from "#lib/format.ts";
import { PROJECT_LAG_EVENTS_MAX, QUEUE_EVENTS_FULL } from "#lib/limits.ts";
import type { OpsReport } from "#lib/wire/ops.ts";

/** A minor one gives way where the strip is too narrow for all; what is out of the ordinary never does. */
export type OpsFigure = {
  id: string;
  words: string;
  title: string;
  isMinor: boolean;
  tone: "plain" | "caution" | "bad";
};

export function opsFigures(ops: OpsReport): OpsFigure[] {
  return [
    ...poisonedFigures(ops),
    ...digestFigures(ops),
    rejectsFigure(ops),
    gapsFigure(ops),
    plain("ops-rate", `${formatQuantity(ops.eventsPerSecond)} ev/s`, "Input events a second"),
    queueFigure(ops),
    plain("ops-seq", `seq ${formatQuantity(ops.seq)}`, "Newest sequenced event"),
    minor(
      "ops-flushed",
      `${formatQuantity(ops.seq - ops.flushedSeq)} to flush`,
      `Flushed to disk up to seq ${formatQuantity(ops.flushedSeq)}`,
    ),
    plain(
      "ops-flush",
      `flush ${pairWords(ops.flushMs.p50, ops.flushMs.p99)}`,
      "Write to flushed, median and 99th percentile of the last minute",
    ),
    plain("ops-log", `log ${formatBytes(ops.logBytes)}`, "Size of this run's log"),
    minor("ops-segment", `segment ${formatAge(ops.segment.ageMs)}`, `Age of the log's file ${ops.segment.number}`),
    snapshotFigure(ops),
    handlersFigure(ops),
    minor(
      "ops-clients",
      `${formatQuantity(ops.clients)} ${ops.clients === 1 ? "client" : "clients"}`,
      `${ops.clientsCut} cut because they were too slow`,
    ),
  ];
}

function plain(id: string, words: string, title: string): OpsFigure {
  return { id, words, title, isMinor: false, tone: "plain" };
}

function minor(id: string, words: string, title: string): OpsFigure {
  return { id, words, title, isMinor: true, tone: "plain" };
}

/** Minor until there is something to look at. */
function minorUnless(isMany: boolean, figure: Pick<OpsFigure, "id" | "words" | "title">): OpsFigure {
  return { ...figure, isMinor: !isMany, tone: isMany ? "caution" : "plain" };
}

function queueFigure({ queued }: OpsReport): OpsFigure {
  const words = `${formatQuantity(queued)} queued`;
  const title = "Events that wait for the sequencer";
  return minorUnless(queued >= QUEUE_EVENTS_FULL, { id: "ops-queue", words, title });
}

/** Nothing, or the newest event that the engine broke at. */
function poisonedFigures({ poisoned }: OpsReport): OpsFigure[] {
  const newest = poisoned.newest.at(-1);
  if (newest === undefined) return [];
  const others = poisoned.count === 1 ? "" : `, ${formatQuantity(poisoned.count)} in all`;
  const words = `set aside: seq ${formatQuantity(newest.seq)} ${newest.eventType}${others}`;
  const title = poisoned.newest.map(({ seq, eventType, reason }) => `seq ${seq} ${eventType}: ${reason}`).join("\n");
  return [{ id: "ops-poisoned", words, title, isMinor: false, tone: "bad" }];
}

function digestFigures({ digest }: OpsReport): OpsFigure[] {
  if (digest === null || digest.equal) return [];
  const words = `digest differs at seq ${formatQuantity(digest.seq)}`;
  const title = "The state that recovery rebuilt is not the one that was recorded";
  return [{ id: "ops-digest", words, title, isMinor: false, tone: "bad" }];
}

function rejectsFigure({ rejects }: OpsReport): OpsFigure {
  const count = rejects.reduce((sum, reject) => sum + reject.count, 0);
  const reasons = rejects.map((reject) => `${reject.reason} ${formatQuantity(reject.count)}`).join(", ");
  return {
    id: "ops-rejects",
    words: `${formatQuantity(count)} rejected`,
    title: reasons === "" ? "No row was rejected" : reasons,
    isMinor: false,
    tone: count > 0 ? "caution" : "plain",
  };
}

function gapsFigure({ gaps: { count, open, newest } }: OpsReport): OpsFigure {
  const title = newest === null ? "No stretch without data" : `${open} go on; newest: ${newest.reason}`;
  const words = `${formatQuantity(count)} ${count === 1 ? "gap" : "gaps"}`;
  return minorUnless(count > 0, { id: "ops-gaps", words, title });
}

function snapshotFigure({ snapshot, snapshotOvertime, snapshotError }: OpsReport): OpsFigure {
  if (snapshotError !== null) {
    return { id: "ops-snapshot", words: "no snapshot", title: snapshotError, isMinor: false, tone: "caution" };
  }
  if (snapshot === null) return minor("ops-snapshot", "no snapshot yet", "A start would read the whole log");
  const { seq, ageMs, bytes, tookMs } = snapshot;
  const took = `held the engine up for ${formatMillis(tookMs)} ms`;
  const late = snapshotOvertime === 0 ? "" : `; too long ${formatQuantity(snapshotOvertime)} times`;
  const title = `Behind seq ${formatQuantity(seq)}, ${formatBytes(bytes)}, ${took}${late}`;
  return minor("ops-snapshot", `snapshot ${formatAge(ageMs)}`, title);
}

/** "postgres 30, redis 0 behind". */
function handlersFigure({ handlers }: OpsReport): OpsFigure {
  const behind = handlers.map(({ name, lagEvents }) => `${name.split("-").at(-1)} ${formatQuantity(lagEvents)}`);
  const title = handlers.map(({ name, seq }) => `${name} is through up to seq ${formatQuantity(seq)}`).join("\n");
  const isBehind = handlers.some(({ lagEvents }) => lagEvents > PROJECT_LAG_EVENTS_MAX);
  const words = behind.length === 0 ? UNKNOWN : `${behind.join(", ")} behind`;
  return minorUnless(isBehind, { id: "ops-handlers", words, title });
}

/** "4.2 / 18 ms"; "–" until measured. */
export function pairWords(median: number | null, high: number | null): string {
  return median === null || high === null ? UNKNOWN : `${formatMillis(median)} / ${formatMillis(high)} ms`;
}

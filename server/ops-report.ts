/** How is each part of the house? One report for /health, /metrics and the ops strip. */
import type { EngineState } from "#lib/engine/state.ts";
import { formatClock } from "#lib/format.ts";
import { FLUSH_PENDING_MS_MAX } from "#lib/limits.ts";
import type { OpsReport, Part } from "#lib/wire/ops.ts";
import type { BridgeAccountRow } from "#lib/wire/positions.ts";
import { gapRows } from "#server/live-view.ts";
import type { CheckpointStatus } from "#server/sequencer/checkpoint.ts";
import type { SequencerStatus } from "#server/sequencer/sequencer.ts";
import type { StoresReport } from "#server/store/stores.ts";

export type OpsInput = {
  state: EngineState;
  /** Null until recovery is done. */
  sequencer: SequencerStatus | null;
  checkpoint: CheckpointStatus | null;
  readiness: { ready: true } | { ready: false; reason: string };
  /** Wall time of the last processed batch. */
  progressMs: number | null;
  wallMs: number;
  clients: number;
  clientsCut: number;
  codeVersion: string;
  digest: { seq: number; equal: boolean } | null;
  rejects: OpsReport["rejects"];
  accounts: readonly BridgeAccountRow[];
  stores: StoresReport;
};

/** The report of every part. */
export function opsReport(input: OpsInput): OpsReport {
  const { state, sequencer, checkpoint } = input;
  return {
    ready: input.readiness.ready,
    parts: [
      feedPart(input),
      logPart(input),
      enginePart(input),
      { name: "stream", state: "ok", message: `${input.clients} clients`, progressMs: input.progressMs, lagMs: null },
      ...input.stores.parts,
      bridgePart(input.accounts),
    ],
    seq: state.seq,
    flushedSeq: sequencer?.flushedSeq ?? 0,
    eventsPerSecond: sequencer?.eventsPerSecond ?? 0,
    queued: sequencer?.queued ?? 0,
    flushMs: sequencer?.flushMs ?? { p50: null, p99: null },
    logBytes: sequencer?.logBytes ?? 0,
    segment: segmentOf(input),
    snapshot: snapshotOf(input),
    snapshotOvertime: checkpoint?.overtime ?? 0,
    snapshotError: checkpoint?.error ?? null,
    poisoned: poisonedOf(sequencer),
    gaps: gapsOf(state),
    rejects: input.rejects,
    handlers: input.stores.handlers,
    clients: input.clients,
    clientsCut: input.clientsCut,
    codeVersion: input.codeVersion,
    projection: input.stores.projection,
    runId: state.runId,
    epoch: state.epoch,
    digest: input.digest,
  };
}

/** Green only while every account that has a bridge is live; stale is said with since when. */
function bridgePart(accounts: readonly BridgeAccountRow[]): Part {
  const newestMs = Math.max(Number.NEGATIVE_INFINITY, ...accounts.map(({ receivedMs }) => receivedMs ?? -Infinity));
  const progressMs = Number.isFinite(newestMs) ? newestMs : null;
  const part = (state: Part["state"], message: string): Part => ({
    name: "bridge",
    state,
    message,
    progressMs,
    lagMs: null,
  });
  if (accounts.length === 0) return part("absent", "none yet");
  const stale = accounts.filter(({ state }) => state === "stale");
  if (stale.length > 0) return part("degraded", stale.map(staleWords).join("; "));
  return part("ok", accounts.map(({ account }) => account).join(", "));
}

/** "Sim101 stale since 09:00:07 CT". */
function staleWords({ account, staleSinceMs, reason }: BridgeAccountRow): string {
  if (reason === "nothingYet" || staleSinceMs === null) return `${account} has reported no positions yet`;
  const since = `${formatClock("America/Chicago", staleSinceMs)} CT`;
  if (reason === "brokerAway") return `${account} stale since ${since}: the platform has lost its broker`;
  return reason === "noHeartbeat" ? `${account} stale: it sends no heartbeat` : `${account} stale since ${since}`;
}

function ageMs(wallMs: number, atMs: number | null): number | null {
  return atMs === null ? null : Math.max(0, wallMs - atMs);
}

function segmentOf({ sequencer, wallMs }: OpsInput): OpsReport["segment"] {
  const { number, sinceMs } = sequencer?.segment ?? { number: 0, sinceMs: null };
  return { number, ageMs: ageMs(wallMs, sinceMs) };
}

function snapshotOf({ checkpoint, wallMs }: OpsInput): OpsReport["snapshot"] {
  const age = ageMs(wallMs, checkpoint?.atMs ?? null);
  if (checkpoint === null || age === null) return null;
  const { seq, bytes, tookMs } = checkpoint;
  return { seq, ageMs: age, bytes, tookMs };
}

function poisonedOf(sequencer: SequencerStatus | null): OpsReport["poisoned"] {
  const { count, newest } = sequencer?.poisoned ?? { count: 0, newest: [] };
  return { count, newest: newest.map(({ seq, eventType, reason }) => ({ seq, eventType, reason })) };
}

function gapsOf(state: EngineState): OpsReport["gaps"] {
  const gaps = gapRows(state);
  const open = gaps.filter(({ toMs }) => toMs === null).length;
  return { count: gaps.length, open, newest: gaps.at(-1) ?? null };
}

/** Green only over living data: a connected feed with stale contracts, or without any data, is degraded. */
function feedPart({ state, sequencer, readiness }: OpsInput): Part {
  const heard = state.contracts.filter(({ trust }) => Number.isFinite(trust.eventMs));
  const stale = heard.filter(({ trust }) => trust.marketOpen && trust.staleSinceMs !== null);
  const newestMs = Math.max(Number.NEGATIVE_INFINITY, ...heard.map(({ trust }) => trust.eventMs));
  const progressMs = Number.isFinite(newestMs) ? newestMs : null;
  const lagMs = progressMs === null ? null : Math.max(0, state.nowMs - progressMs);
  const part = (worst: Part["state"], message: string): Part => ({
    name: "feed",
    state: worst,
    message,
    progressMs,
    lagMs,
  });
  if (!readiness.ready) return part("degraded", readiness.reason);
  // What the log refuses the engine never sees: it would find nothing stale.
  if (sequencer !== null && sequencer.state !== "ok") return part("degraded", "its data are not taken: see log");
  if (state.feedState === "failed") return part("failed", state.feedMessage);
  if (state.feedState !== "connected") return part("degraded", `${state.feedState}: ${state.feedMessage}`);
  if (stale.length > 0) return part("degraded", `stale: ${stale.map(({ symbol }) => symbol).join(" ")}`);
  const isShut = state.contracts.length > 0 && state.contracts.every(({ trust }) => !trust.marketOpen);
  if (heard.length === 0 && !isShut) return part("degraded", "connected, no data yet");
  const gaps = state.gaps.length === 0 ? "" : `; gaps not filled: ${state.gaps.length}`;
  return part("ok", `${state.feedMessage}${gaps}`);
}

/** Failed: commands are refused. Degraded: something was lost or takes too long; what is acknowledged is on disk. */
function logPart({ sequencer, checkpoint, progressMs, readiness }: OpsInput): Part {
  const part = (worst: Part["state"], message: string): Part => ({
    name: "log",
    state: worst,
    message,
    progressMs,
    lagMs: sequencer?.flushMs.p99 ?? null,
  });
  if (sequencer === null) return part("degraded", readiness.ready ? "starting" : readiness.reason);
  const { state, reason, flushPendingMs, dropped, flushedSeq } = sequencer;
  if (state !== "ok") return part("failed", reason ?? state);
  if (flushPendingMs > FLUSH_PENDING_MS_MAX) {
    return part("degraded", `the disk has not answered for ${Math.floor(flushPendingMs / 1_000)} s`);
  }
  if (dropped > 0) return part("degraded", `${dropped} market events were dropped while it could not be written`);
  const error = checkpoint?.error ?? null;
  if (error !== null) return part("degraded", `no snapshot could be taken: ${error}`);
  return part("ok", `flushed to ${flushedSeq}`);
}

function enginePart({ state, sequencer, digest, progressMs }: OpsInput): Part {
  const part = (worst: Part["state"], message: string): Part => ({
    name: "engine",
    state: worst,
    message,
    progressMs,
    lagMs: null,
  });
  if (digest !== null && !digest.equal) {
    return part("degraded", `recovered state differs from the recorded one at seq ${digest.seq}`);
  }
  const poisoned = sequencer?.poisoned.newest.at(-1);
  if (poisoned === undefined) return part("ok", `seq ${state.seq}`);
  const { seq, eventType, reason } = poisoned;
  const others = (sequencer?.poisoned.count ?? 1) - 1;
  const more = others === 0 ? "" : ` and ${others} more`;
  return part("degraded", `set aside: seq ${seq} ${eventType} (${reason})${more}`);
}

/** How is each part of the house? One report for /health, /metrics and the ops strip. */
import type { EngineState } from "#lib/engine/state.ts";
import type { OpsReport, Part, Projection } from "#lib/wire/ops.ts";
import type { SequencerStatus } from "#server/sequencer/sequencer.ts";

export type OpsInput = {
  state: EngineState;
  /** Null until recovery is done. */
  sequencer: SequencerStatus | null;
  readiness: { ready: true } | { ready: false; reason: string };
  /** Wall time of the last processed batch. */
  progressMs: number | null;
  wallMs: number;
  clients: number;
  clientsCut: number;
  codeVersion: string;
  digest: { seq: number; equal: boolean } | null;
  /** db and redis. */
  stores: { parts: Part[]; projection: Projection | null };
};

/** The report; parts that come with later versions are `absent`, never green. */
export function opsReport(input: OpsInput): OpsReport {
  const { state, sequencer } = input;
  return {
    ready: input.readiness.ready,
    parts: [
      feedPart(input),
      logPart(input),
      enginePart(input),
      { name: "stream", state: "ok", message: `${input.clients} clients`, progressMs: input.progressMs, lagMs: null },
      ...input.stores.parts,
      absent("bridge"),
    ],
    seq: state.seq,
    flushedSeq: sequencer?.flushedSeq ?? 0,
    eventsPerSecond: sequencer?.eventsPerSecond ?? 0,
    flushMs: sequencer?.flushMs ?? { p50: null, p99: null },
    logBytes: sequencer?.logBytes ?? 0,
    clients: input.clients,
    clientsCut: input.clientsCut,
    codeVersion: input.codeVersion,
    projection: input.stores.projection,
    runId: state.runId,
    epoch: state.epoch,
    digest: input.digest,
  };
}

function absent(name: string): Part {
  return { name, state: "absent", message: "not in this build yet", progressMs: null, lagMs: null };
}

/** Green only over living data: a connected feed with stale contracts is degraded. */
function feedPart({ state, readiness }: OpsInput): Part {
  const open = state.contracts.filter(({ trust }) => trust.marketOpen && Number.isFinite(trust.eventMs));
  const stale = open.filter(({ trust }) => trust.staleSinceMs !== null);
  const newestMs = Math.max(Number.NEGATIVE_INFINITY, ...state.contracts.map(({ trust }) => trust.eventMs));
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
  if (state.feedState === "failed") return part("failed", state.feedMessage);
  if (state.feedState !== "connected") return part("degraded", `${state.feedState}: ${state.feedMessage}`);
  if (stale.length > 0) return part("degraded", `stale: ${stale.map(({ symbol }) => symbol).join(" ")}`);
  return part("ok", state.feedMessage);
}

function logPart({ sequencer, progressMs, readiness }: OpsInput): Part {
  const part = (worst: Part["state"], message: string): Part => ({
    name: "log",
    state: worst,
    message,
    progressMs,
    lagMs: sequencer?.flushMs.p99 ?? null,
  });
  if (sequencer === null) return part("degraded", readiness.ready ? "starting" : readiness.reason);
  if (sequencer.state !== "ok") return part("failed", sequencer.reason ?? sequencer.state);
  const dropped =
    sequencer.dropped > 0 ? `, ${sequencer.dropped} market events dropped while it could not be written` : "";
  return part(sequencer.dropped > 0 ? "degraded" : "ok", `flushed to ${sequencer.flushedSeq}${dropped}`);
}

function enginePart({ state, digest, progressMs }: OpsInput): Part {
  const isDifferent = digest !== null && !digest.equal;
  return {
    name: "engine",
    state: isDifferent ? "degraded" : "ok",
    message: isDifferent ? `recovered state differs from the recorded one at seq ${digest.seq}` : `seq ${state.seq}`,
    progressMs,
    lagMs: null,
  };
}

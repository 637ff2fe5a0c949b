/** Which anchors of the user's own stand on a contract, and why may one not? */
import { rowCount } from "#lib/bars/bar-series.ts";
import { civilDayIso } from "#lib/civil.ts";
import type { AnchorPlaced, AnchorRemoved } from "#lib/events/operator.ts";
import { formatClock } from "#lib/format.ts";
import { ANCHORS_MAX } from "#lib/limits.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import { localParts } from "#lib/time-zone.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { MINUTE } from "./analysis/contract-analysis.ts";
import type { ContractState, EngineState } from "./state.ts";

/**
 * Places an anchor at the minute that holds `atMs` (10:03:27 → 10:03). Refuses by name a contract that is not listed, a
 * time ahead of the engine's clock, one before the first known minute, and one more than ANCHORS_MAX.
 */
export function placeAnchor(state: EngineState, event: AnchorPlaced, outputs: Outputs): Outcome {
  const contract = state.contracts[event.contract];
  if (contract === undefined) return notListed(event.contract);
  const { anchors, symbol } = contract;
  const atMs = Math.floor(event.atMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  if (anchors.some((anchor) => anchor.atMs === atMs)) return UNCHANGED;
  if (!(atMs <= state.nowMs)) return refused(`${timeText(atMs)} lies ahead: it is ${timeText(state.nowMs)}`);
  const firstMs = firstMinuteMs(contract);
  if (firstMs === null) return refused(`${symbol} has no bar yet`);
  if (atMs < firstMs) return refused(`${timeText(atMs)} lies before the first bar of ${symbol}, ${timeText(firstMs)}`);
  if (anchors.length === ANCHORS_MAX) return refused(`${symbol} has ${ANCHORS_MAX} anchors, no more have room`);
  const { length, openMs } = contract.series[MINUTE];
  anchors.push({ atMs, knownMs: length === 0 ? Number.NEGATIVE_INFINITY : openMs[length - 1] });
  outputs.list.push({ type: "AnchorsChanged", contract: contract.index });
  return ACCEPTED;
}

/** Removes the anchor of the minute that holds `atMs`, or all of them (null). */
export function removeAnchor(state: EngineState, event: AnchorRemoved, outputs: Outputs): Outcome {
  const contract = state.contracts[event.contract];
  if (contract === undefined) return notListed(event.contract);
  const { atMs } = event;
  const kept = contract.anchors.filter(
    (anchor) => atMs !== null && (atMs < anchor.atMs || atMs >= anchor.atMs + MS_PER_MINUTE),
  );
  if (kept.length === contract.anchors.length) return UNCHANGED;
  contract.anchors = kept;
  outputs.list.push({ type: "AnchorsChanged", contract: contract.index });
  return ACCEPTED;
}

/** Anchors whose first minutes have gone, for a contract keeps so many bars, go before its bars are taken anew. */
export function dropLostAnchors(contract: ContractState): void {
  const firstMs = firstMinuteMs(contract);
  contract.anchors = contract.anchors.filter(({ atMs }) => firstMs !== null && atMs >= firstMs);
}

/** Open of the oldest known minute, the forming one included. */
function firstMinuteMs({ series }: ContractState): number | null {
  const minutes = series[MINUTE];
  return rowCount(minutes) === 0 ? null : minutes.openMs[0];
}

function notListed(contract: number): Outcome {
  return refused(`contract ${contract} is not listed`);
}

function refused(reason: string): Outcome {
  return { status: "refused", reason };
}

/** "2026-11-20 08:35 CT". */
function timeText(ms: number): string {
  const day = civilDayIso(localParts("America/Chicago", ms).day);
  return `${day} ${formatClock("America/Chicago", ms).slice(0, 5)} CT`;
}

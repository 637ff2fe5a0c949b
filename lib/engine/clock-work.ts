/** What does the passing of time do? Closes bars, finds stale data, estimates settlements, rolls fronts. */
import { BAR_CLOSE_GRACE_MS } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";
import { enterDay } from "./day.ts";
import { reviewFront } from "./front.ts";
import { reviewSettlement } from "./settlement.ts";
import type { ContractState, EngineState } from "./state.ts";
import { closeBar } from "./trade.ts";
import { learnUsualRate, measuredDelayMs, reviewTrust } from "./trust.ts";

/** A delayed host is this late until its delay was measured. */
const DELAY_MS_UNMEASURED = 10 * MS_PER_MINUTE;

/** Does what is due at `nowMs` and sets when there is work again. With little due: a few compares a contract. */
export function doClockWork(state: EngineState, nowMs: number, outputs: Outputs): void {
  let next = Number.POSITIVE_INFINITY;
  for (const contract of state.contracts) {
    if (nowMs >= contract.nextEndMs + contract.closeWaitMs) closeDue(contract, nowMs, outputs);
    const feedMs = nowMs - (contract.closeWaitMs - BAR_CLOSE_GRACE_MS);
    if (feedMs >= contract.day.untilMs) enterDay(contract, feedMs);
    if (contract.baselineFor !== contract.day.tradeDate && hasLived(contract)) refreshBaseline(contract);
    if (nowMs >= contract.trust.reviewMs) {
      contract.trust.reviewMs = reviewTrust(contract, nowMs, outputs);
      contract.closeWaitMs = BAR_CLOSE_GRACE_MS + feedDelayMs(state, contract, nowMs);
    }
    if (feedMs >= contract.settleMs) contract.settleMs = reviewSettlement(contract, feedMs, outputs);
    next = Math.min(
      next,
      contract.nextEndMs + contract.closeWaitMs,
      contract.trust.reviewMs,
      Math.min(contract.day.untilMs, contract.settleMs) + nowMs - feedMs,
    );
  }
  for (const root of state.roots) {
    if (nowMs >= root.nextRollMs || root.decidedOn === 0) reviewFront(state, root, nowMs, outputs);
    next = Math.min(next, root.nextRollMs);
  }
  state.nextWorkMs = Math.min(next, state.nextSliceMs);
}

/** How far the feed lags behind the exchange: 0 for virtual clocks; for a delayed host 10 min until measured. */
function feedDelayMs(state: EngineState, contract: ContractState, nowMs: number): number {
  switch (state.mode) {
    case "SIM":
    case "REPLAY":
      return 0;
    case "LIVE":
      return measuredDelayMs(contract.trust, nowMs) ?? 0;
    case "DELAYED":
      return measuredDelayMs(contract.trust, nowMs) ?? DELAY_MS_UNMEASURED;
  }
}

function closeDue(contract: ContractState, nowMs: number, outputs: Outputs): void {
  contract.nextEndMs = Number.POSITIVE_INFINITY;
  for (const series of contract.series) {
    if (series.isForming && nowMs >= series.formingEndMs + contract.closeWaitMs) closeBar(contract, series, outputs);
    if (series.formingEndMs < contract.nextEndMs) contract.nextEndMs = series.formingEndMs;
  }
  outputs.touched[contract.index] = 1;
  outputs.anyTouched = true;
}

function hasLived(contract: ContractState): boolean {
  return contract.trust.eventMs !== Number.NEGATIVE_INFINITY;
}

/** Learns anew what is usual at each clock minute: once a trade date, and after history came. */
function refreshBaseline(contract: ContractState): void {
  contract.baselineFor = contract.day.tradeDate;
  learnUsualRate(contract, contract.series[1], contract.day.tradeDate);
  contract.trust.reviewMs = Number.NEGATIVE_INFINITY;
}

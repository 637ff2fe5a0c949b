/** What follows from a bridge's report, from its silence, and from the user's wish to forget what it said? */
import { bridgeLiveness } from "#lib/account/bridge-account.ts";
import { clearPositions, hasReported, takeReport } from "#lib/account/bridge-accounts.ts";
import type { BridgeReport, BridgeReported, PositionsCleared, ReportedPosition } from "#lib/events/bridge.ts";
import type { RunStarted } from "#lib/events/clock.ts";
import { copyTree } from "#lib/math/copy-tree.ts";
import type { AccountLiveness, PositionNow } from "#lib/outputs/fact.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import type { EngineState } from "./state.ts";

/** Takes a report; says new fills, changed positions and incidents. */
export function applyReport(state: EngineState, { report, receivedMs }: BridgeReported, outputs: Outputs): Outcome {
  const before = report.kind === "positions" ? positionsOf(state, report.account) : [];
  const outcome = takeReport(state.accounts, report, receivedMs);
  if (outcome.status !== "accepted") return outcome;
  const { account } = report;
  for (const fill of outcome.fills) outputs.list.push({ type: "FillReported", fill });
  sayMoves(before, report, outputs);
  for (const incident of outcome.incidents) outputs.list.push({ type: "IncidentRaised", account, incident });
  outputs.list.push({ type: "AccountChanged", account });
  reviewLiveness(state, outputs);
  return ACCEPTED;
}

function positionsOf(state: EngineState, account: string): readonly ReportedPosition[] {
  return state.accounts.find((one) => one.account === account)?.positions?.rows ?? [];
}

/** Marks move with every report; a position has changed when its size or its average has. */
function sayMoves(before: readonly ReportedPosition[], report: BridgeReport, outputs: Outputs): void {
  if (report.kind !== "positions") return;
  const { account, positions } = report;
  const say = (position: PositionNow) => outputs.list.push({ type: "PositionChanged", account, position });
  for (const { contract, netContracts, averageTicks, tickSize } of positions) {
    const former = before.find((row) => row.contract === contract);
    if (former?.netContracts === netContracts && former.averageTicks === averageTicks) continue;
    say({ contract, netContracts, averageTicks, tickSize });
  }
  for (const { contract, averageTicks, tickSize } of before) {
    if (positions.some((row) => row.contract === contract)) continue;
    say({ contract, netContracts: 0, averageTicks, tickSize });
  }
}

/** Forgets what was reported; the accounts are silent until their bridges speak again. */
export function applyCleared(state: EngineState, { account }: PositionsCleared, outputs: Outputs): Outcome {
  const cleared = clearPositions(state.accounts, account);
  if (cleared.length === 0) return UNCHANGED;
  for (const name of cleared) outputs.list.push({ type: "AccountChanged", account: name });
  reviewLiveness(state, outputs);
  return ACCEPTED;
}

/** A new run takes over what the former knew; that its accounts live is for it to find out. */
export function takeOverAccounts(state: EngineState, { accounts }: RunStarted): void {
  state.accounts = copyTree([...accounts]);
  state.liveAccounts = [];
  state.accountsWakeMs = Number.POSITIVE_INFINITY;
}

/**
 * Says of each account whose liveness has changed by `state.receivedMs` what it is now, and asks for the wall clock's
 * deadline at which the next one would fall silent, unless an earlier one is already asked for.
 */
export function reviewLiveness(state: EngineState, outputs: Outputs): void {
  const { receivedMs } = state;
  if (state.accountsWakeMs <= receivedMs) state.accountsWakeMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const account of state.accounts) {
    const liveness = bridgeLiveness(account, receivedMs);
    if (liveness.status === "live") untilMs = Math.min(untilMs, liveness.untilMs);
    const wasLive = state.liveAccounts.includes(account.account);
    if (wasLive === (liveness.status === "live")) continue;
    state.liveAccounts = wasLive
      ? state.liveAccounts.filter((name) => name !== account.account)
      : [...state.liveAccounts, account.account];
    const said: AccountLiveness = liveness.status === "live" ? { status: "live" } : liveness;
    const isCleared = !hasReported(account);
    outputs.list.push({
      type: "LivenessChanged",
      account: account.account,
      liveness: isCleared ? { status: "stale", reason: "cleared", sinceMs: receivedMs } : said,
    });
    outputs.list.push({ type: "AccountChanged", account: account.account });
  }
  if (untilMs >= state.accountsWakeMs) return;
  state.accountsWakeMs = untilMs;
  outputs.list.push({ type: "WakeAt", clock: "wall", deadlineMs: untilMs });
}

/** A start: what the former process asked of the clock died with it. */
export function restartLiveness(state: EngineState, outputs: Outputs): void {
  state.accountsWakeMs = Number.POSITIVE_INFINITY;
  reviewLiveness(state, outputs);
}

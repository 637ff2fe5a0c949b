/** What do we know of one bridge account: which reports count, is it alive, do its fills make its position? */

import { contractLongSymbol } from "../contract.ts";
import type {
  AccountReport,
  BridgeReport,
  ExecutionsReport,
  PositionsReport,
  ReportedExecution,
  ReportedPosition,
} from "../events/bridge.ts";
import type { BridgeAccount, BridgeIncident, TwoNumbers } from "../events/bridge-ledger.ts";
import { BRIDGE_DRIFT_MS, BRIDGE_REPORTS_KNOWN_MAX, BRIDGE_SILENT_MS_MAX } from "../limits.ts";
import { createKnownExecutions, knowExecution } from "./known-executions.ts";

/** `fills`: the executions that are new. A duplicate changes nothing; a stale report came after a newer one. */
export type BridgeOutcome =
  | { status: "accepted"; fills: ReportedExecution[]; incidents: BridgeIncident[] }
  | { status: "duplicate" }
  | { status: "stale"; sentMs: number; newestMs: number };

export function createBridgeAccount(account: string): BridgeAccount {
  return {
    account,
    newestSentMs: {},
    knownIds: [],
    newestContent: {},
    duplicateReports: 0,
    staleReports: 0,
    heartbeat: null,
    positions: null,
    orders: null,
    values: null,
    brokerFloor: null,
    brokerDailyLossLimit: null,
    equityExtremes: null,
    executions: createKnownExecutions(),
    hasExecutions: false,
    anchor: null,
    filledSince: {},
    drifts: {},
  };
}

/**
 * Takes one report of this account into the state. Known by its id, or without one equal to the newest of its kind in
 * content and time, it is a duplicate; sent before the newest of its kind it is stale. Executions are known one by
 * one: a late batch is never stale, and what it adds is new.
 */
export function takeBridgeReport(state: BridgeAccount, report: BridgeReport, receivedMs: number): BridgeOutcome {
  const { kind, sentMs } = report;
  if (isKnown(state, report)) {
    state.duplicateReports += 1;
    return { status: "duplicate" };
  }
  const newestMs = state.newestSentMs[kind];
  if (kind !== "executions" && sentMs !== null && newestMs !== undefined && sentMs < newestMs) {
    state.staleReports += 1;
    return { status: "stale", sentMs, newestMs };
  }
  remember(state, report);
  switch (kind) {
    case "positions":
      return { status: "accepted", fills: [], incidents: takePositions(state, report, receivedMs) };
    case "executions":
      return takeExecutions(state, report);
    case "orders":
      state.orders = { receivedMs, rows: report.orders };
      break;
    case "account":
      takeValues(state, report, receivedMs);
      break;
    case "heartbeat":
      state.heartbeat = { receivedMs, connection: report.connection, bridgeVersion: report.bridgeVersion };
      break;
  }
  return { status: "accepted", fills: [], incidents: [] };
}

/** Without id and time a report is never a repeat: flat, long, flat may be three words in three seconds. */
function isKnown(state: BridgeAccount, report: BridgeReport): boolean {
  if (report.reportId !== null) return state.knownIds.includes(`${report.kind} ${report.reportId}`);
  return report.sentMs !== null && state.newestContent[report.kind] === JSON.stringify(report);
}

function remember(state: BridgeAccount, report: BridgeReport): void {
  const { kind, reportId, sentMs } = report;
  if (reportId === null) state.newestContent[kind] = JSON.stringify(report);
  else state.knownIds.push(`${kind} ${reportId}`);
  if (state.knownIds.length > BRIDGE_REPORTS_KNOWN_MAX) state.knownIds.shift();
  if (sentMs !== null) state.newestSentMs[kind] = Math.max(sentMs, state.newestSentMs[kind] ?? sentMs);
}

function takeExecutions(state: BridgeAccount, { executions }: ExecutionsReport): BridgeOutcome {
  const fills: ReportedExecution[] = [];
  const incidents: BridgeIncident[] = [];
  for (const execution of executions) {
    const known = knowExecution(state.executions, execution);
    if (known.status === "new") fills.push(execution);
    if (known.status !== "changed") continue;
    const { executionId } = execution;
    incidents.push({ kind: "executionChanged", executionId, was: known.was, now: known.now });
  }
  state.hasExecutions = true;
  if (state.anchor !== null) for (const fill of fills) countFill(state.filledSince, fill);
  const isRepeat = executions.length > 0 && fills.length === 0 && incidents.length === 0;
  if (!isRepeat) return { status: "accepted", fills, incidents };
  state.duplicateReports += 1;
  return { status: "duplicate" };
}

function countFill(filledSince: Record<string, number>, fill: ReportedExecution): void {
  const contract = contractLongSymbol(fill);
  filledSince[contract] = (filledSince[contract] ?? 0) + (fill.side === "buy" ? fill.contracts : -fill.contracts);
}

function takePositions(state: BridgeAccount, { positions }: PositionsReport, receivedMs: number): BridgeIncident[] {
  state.positions = { receivedMs, rows: positions };
  if (!state.hasExecutions) return [];
  // The sender tells its session's executions before its first positions, so these already hold them.
  state.anchor ??= netContractsOf(positions);
  return judgeDrift(state, receivedMs);
}

function netContractsOf(positions: readonly ReportedPosition[]): Record<string, number> {
  return Object.fromEntries(positions.map(({ contract, netContracts }) => [contract, netContracts]));
}

/**
 * Holds what the fills make against what is reported. A difference is told once it has stayed the same for
 * `BRIDGE_DRIFT_MS` (of a fill and its position one comes first), with both numbers, and once more when it has gone.
 */
function judgeDrift(state: BridgeAccount, receivedMs: number): BridgeIncident[] {
  const reported = netContractsOf(state.positions?.rows ?? []);
  const { anchor, filledSince, drifts } = state;
  const contracts = [...new Set([...Object.keys({ ...anchor, ...filledSince, ...reported })])].sort();
  return contracts.flatMap((contract): BridgeIncident[] => {
    const fillsContracts = (anchor?.[contract] ?? 0) + (filledSince[contract] ?? 0);
    const numbers = { fillsContracts, reportedContracts: reported[contract] ?? 0 };
    const former = drifts[contract];
    if (differenceOf(numbers) === 0) {
      delete drifts[contract];
      return former?.isRaised ? [{ kind: "driftEnded", contract, ...numbers }] : [];
    }
    const isSame = former !== undefined && differenceOf(former) === differenceOf(numbers);
    const sinceMs = isSame ? former.sinceMs : receivedMs;
    const isDue = receivedMs - sinceMs >= BRIDGE_DRIFT_MS;
    const wasRaised = isSame && former.isRaised;
    drifts[contract] = { ...numbers, sinceMs, isRaised: wasRaised || isDue };
    return isDue && !wasRaised ? [{ kind: "drift", contract, ...numbers }] : [];
  });
}

function differenceOf({ fillsContracts, reportedContracts }: TwoNumbers): number {
  return reportedContracts - fillsContracts;
}

/** A person has looked at a drift and takes the reported position for true: counting begins anew from it. */
export function acceptReportedPosition(state: BridgeAccount, contract: string): void {
  if (state.anchor === null || state.positions === null) return;
  state.anchor[contract] = netContractsOf(state.positions.rows)[contract] ?? 0;
  delete state.filledSince[contract];
  delete state.drifts[contract];
}

function takeValues(state: BridgeAccount, { values }: AccountReport, receivedMs: number): void {
  state.values = { receivedMs, reported: values };
  state.equityExtremes = null;
  const { drawdownLeftUsd, netLiquidationUsd, dailyLossLimitUsd } = values;
  if (drawdownLeftUsd !== null) {
    const floorUsd = netLiquidationUsd === null ? null : netLiquidationUsd - drawdownLeftUsd;
    state.brokerFloor = { receivedMs, drawdownLeftUsd, floorUsd };
  }
  if (dailyLossLimitUsd !== null) state.brokerDailyLossLimit = { receivedMs, limitUsd: dailyLossLimitUsd };
}

/**
 * Are the positions what the account has now? Stale is not flat. `silent`: no heartbeat or no report of positions for
 * `BRIDGE_SILENT_MS_MAX`; `noHeartbeat`: such a bridge cannot be told from a dead one; `brokerAway`: the platform
 * lives, its own line to the broker does not; `nothingYet`: no positions were ever reported.
 */
export type BridgeLiveness =
  | { status: "live"; untilMs: number }
  | { status: "stale"; reason: "silent" | "noHeartbeat" | "brokerAway" | "nothingYet"; sinceMs: number | null };

/**
 * At a time of our wall clock. Live holds, unless more is said, up to but not at `untilMs`. With the last heartbeat
 * at 10.0 s and the last positions at 9.8 s: live until 14.8 s, stale ("silent", since 14.8 s) from then on.
 */
export function bridgeLiveness(state: BridgeAccount, atMs: number): BridgeLiveness {
  const { heartbeat, positions } = state;
  if (positions === null) return { status: "stale", reason: "nothingYet", sinceMs: null };
  if (heartbeat === null) return { status: "stale", reason: "noHeartbeat", sinceMs: positions.receivedMs };
  const untilMs = Math.min(heartbeat.receivedMs, positions.receivedMs) + BRIDGE_SILENT_MS_MAX;
  if (atMs >= untilMs) return { status: "stale", reason: "silent", sinceMs: untilMs };
  if (heartbeat.connection === "Connected") return { status: "live", untilMs };
  return { status: "stale", reason: "brokerAway", sinceMs: heartbeat.receivedMs };
}

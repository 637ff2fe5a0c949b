/** What do the bridge accounts hold now? Read from the engine's state, said in points and dollars, with every age. */
import { bridgeLiveness } from "#lib/account/bridge-account.ts";
import { hasReported } from "#lib/account/bridge-accounts.ts";
import { type FeedPrice, markPosition } from "#lib/account/bridge-marks.ts";
import { contractLongSymbol, parseContract } from "#lib/contract.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import type { ReportedPosition } from "#lib/events/bridge.ts";
import type { BridgeAccount } from "#lib/events/bridge-ledger.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { NO_PRICE, pointsFromTicks, usd } from "#lib/units.ts";
import type { BridgeAccountRow, PositionRow, PositionsAnswer } from "#lib/wire/positions.ts";

/** Every account that has reported something, in the order in which they first came; `wallMs` is our wall clock. */
export function accountRows(state: EngineState, wallMs: number): BridgeAccountRow[] {
  return state.accounts.filter(hasReported).map((account) => accountRow(state, account, wallMs));
}

function accountRow(state: EngineState, account: BridgeAccount, wallMs: number): BridgeAccountRow {
  const liveness = bridgeLiveness(account, wallMs);
  const { positions, orders, values, heartbeat, brokerFloor, brokerDailyLossLimit } = account;
  const age = (atMs: number) => Math.max(0, wallMs - atMs);
  const rows = positions?.rows.map((row) => positionRow(state, row, { wallMs, receivedMs: positions.receivedMs }));
  return {
    account: account.account,
    source: "bridge",
    state: liveness.status,
    reason: liveness.status === "live" ? null : liveness.reason,
    staleSinceMs: liveness.status === "live" ? null : liveness.sinceMs,
    connection: heartbeat?.connection ?? null,
    receivedMs: positions?.receivedMs ?? null,
    ageMs: positions === null ? null : age(positions.receivedMs),
    positions: rows ?? null,
    unrealizedPnlUsd: sumUsd(rows ?? []),
    workingOrders: orders?.rows.length ?? null,
    cashUsd: values?.reported.cashUsd ?? null,
    realizedPnlUsd: values?.reported.realizedUsd ?? null,
    netLiquidationUsd: values?.reported.netLiquidationUsd ?? null,
    brokerFloor:
      brokerFloor === null
        ? null
        : {
            floorUsd: brokerFloor.floorUsd,
            drawdownLeftUsd: brokerFloor.drawdownLeftUsd,
            ageMs: age(brokerFloor.receivedMs),
          },
    dailyLossLimitUsd: brokerDailyLossLimit?.limitUsd ?? null,
    drifts: Object.entries(account.drifts)
      .filter(([, { isRaised }]) => isRaised)
      .map(([contract, { fillsContracts, reportedContracts }]) => ({ contract, fillsContracts, reportedContracts })),
    executions: account.executions.count,
    duplicateReports: account.duplicateReports,
    staleReports: account.staleReports,
  };
}

function sumUsd(rows: readonly PositionRow[]): number | null {
  let sum = 0;
  for (const { unrealizedPnlUsd } of rows) {
    if (unrealizedPnlUsd === null) return null;
    sum += unrealizedPnlUsd;
  }
  return usd(sum);
}

type Times = { wallMs: number; receivedMs: number };

function positionRow(state: EngineState, position: ReportedPosition, { wallMs, receivedMs }: Times): PositionRow {
  const { contract, netContracts, averageTicks, tickSize } = position;
  const listed = state.contracts.find((one) => contractLongSymbol(one) === contract && one.tickSize === tickSize);
  const mark = markPosition(position, listed === undefined ? null : feedPriceOf(state, listed));
  const markMs = mark.source === "feed" && listed !== undefined ? listed.lastMs : receivedMs;
  const direction = Math.sign(netContracts);
  return {
    contract,
    instrument: rootOf(contract, wallMs),
    side: netContracts > 0 ? "long" : "short",
    quantity: Math.abs(netContracts),
    averagePrice: pointsFromTicks(averageTicks, tickSize),
    tickSize,
    markPrice: mark.markTicks === null ? null : pointsFromTicks(mark.markTicks, tickSize),
    markSource: mark.source,
    markAgeMs: mark.markTicks === null ? null : Math.max(0, wallMs - markMs),
    unrealizedPnlUsd: mark.unrealizedUsd,
    unrealizedTicks: mark.markTicks === null ? null : (mark.markTicks - averageTicks) * direction + 0,
  };
}

function rootOf(symbol: string, wallMs: number): string {
  const contract = parseContract(symbol, wallMs);
  return "refused" in contract ? symbol : contract.root;
}

function feedPriceOf(state: EngineState, contract: ContractState): FeedPrice {
  const { lastTicks, tickSize, root, trust } = contract;
  return {
    mode: state.mode,
    isStale: trust.staleSinceMs !== null,
    lastTicks: lastTicks === NO_PRICE ? null : lastTicks,
    tickValueUsd: tickSize * (instrumentOf(root)?.pointValueUsd ?? Number.NaN),
  };
}

/** GET /positions: the accounts, and for the first one what the incumbent answered. */
export function positionsAnswer(state: EngineState, wallMs: number): PositionsAnswer {
  const accounts = accountRows(state, wallMs);
  const [first] = accounts;
  if (first === undefined) return { accounts };
  const positions = (first.positions ?? []).map((row) => ({
    symbol: row.contract,
    side: row.side === "long" ? ("Long" as const) : ("Short" as const),
    quantity: row.quantity,
    avgPrice: row.averagePrice,
    unrealizedPnL: row.unrealizedPnlUsd,
  }));
  return {
    accounts,
    account: first.account,
    positions,
    received_at: first.receivedMs === null ? null : new Date(first.receivedMs).toISOString(),
    has_positions: positions.length > 0,
    total_unrealized_pnl: first.unrealizedPnlUsd,
  };
}

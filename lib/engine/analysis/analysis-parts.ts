/** Which part of an analysis do trades move, and which stands from close to close? */
import type { OrderFlowState } from "#lib/analysis/order-flow/order-flow.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import type { ContractAnalysis } from "./contract-analysis.ts";

type FlowOfTrades = Pick<OrderFlowState, "sweeps" | "orders" | "large">;

/** Small, and another one behind each trade. */
export type TradePart = Pick<ContractAnalysis, "minute"> & FlowOfTrades;

/** Large, and the same until `changes` says otherwise: it can be written and hashed beforehand. */
export type ClosedPart = Omit<ContractAnalysis, "minute" | "orderFlow" | "published" | "changes"> & {
  flow: Omit<OrderFlowState, keyof FlowOfTrades>;
};

/** `published` is never changed, only replaced. */
export type AnalysisParts = { trades: TradePart; closed: ClosedPart; published: Insight | null };

/** Is this record of a state's tree an analysis? Only one has these two. */
export function isAnalysis(record: object): record is ContractAnalysis {
  return "tradesFromMs" in record && "orderFlow" in record;
}

/** The parts share everything with the analysis. */
export function partsOf(analysis: ContractAnalysis): AnalysisParts {
  const { minute, orderFlow, published, changes: _changes, ...rest } = analysis;
  const { sweeps, orders, large, ...flow } = orderFlow;
  return { trades: { minute, sweeps, orders, large }, closed: { ...rest, flow }, published };
}

/** The analysis again; nothing of it counts as written or hashed. */
export function joinParts({ trades, closed, published }: AnalysisParts): ContractAnalysis {
  const { minute, sweeps, orders, large } = trades;
  const { flow, ...rest } = closed;
  return { ...rest, minute, orderFlow: { ...flow, sweeps, orders, large }, published, changes: 0 };
}

/** What does one contract of a product cost to trade, in dollars, so that a size can be told from the risk? */
import { assert } from "#lib/assert.ts";
import { instrumentOf, tickValueUsd } from "#lib/instrument.ts";
import type { TradeDate } from "#lib/units.ts";
import type { FocusRisk } from "./focus.ts";

export type FocusAccount = {
  /** Risked on one trade. */
  riskUsd: number;
  contractsMax: number;
  /** The broker's commission of one contract and side, on top of the exchange's fees. */
  brokerUsdPerSide: number;
};

/** Expected slippage of one side, in ticks: in RTH, and outside, where books are thinner. */
const SLIPPAGE_RTH = 1;
const SLIPPAGE_OTHER = 2;

/**
 * Costs come from the contract table, never from the price. MNQ with a broker of 0.25 USD a side, in RTH: tick value
 * 0.50, fees 2 × (table + 0.25), slippage 2 ticks for in and out; the same at 10,000 and at 25,000 points.
 */
export function focusRiskOf(
  at: { root: string; tradeDate: TradeDate; isRth: boolean },
  account: FocusAccount,
): FocusRisk {
  const instrument = instrumentOf(at.root);
  assert(instrument !== null, `focusRiskOf: root was ${at.root}, expected one that we list`);
  return {
    riskUsd: account.riskUsd,
    tickValueUsd: tickValueUsd(instrument, at.tradeDate),
    roundTurnFeesUsd: 2 * (instrument.feesUsdPerSide + account.brokerUsdPerSide),
    slippageTicks: 2 * (at.isRth ? SLIPPAGE_RTH : SLIPPAGE_OTHER),
    contractsMax: account.contractsMax,
  };
}

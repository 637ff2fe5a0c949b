/** How many contracts may a trade have, so that its stop costs no more than what is risked? */
import { assert } from "#lib/assert.ts";

export type SizeInput = {
  riskUsd: number;
  /** From entry to stop. */
  stopTicks: number;
  tickValueUsd: number;
  /** Fees of one contract in and out. */
  roundTurnFeesUsd: number;
  /** Expected slippage of one contract in and out. */
  slippageUsd: number;
  /** The account's cap on contracts. */
  contractsMax: number;
};

/** 0 contracts: do not trade. */
export type PositionSize = { contracts: number; lossPerContractUsd: number; lossUsd: number; reason: string };

/** Binary dust: 833.40 ÷ 277.80 must be 3, not 2.999…; exactly at the limit is allowed. */
const DUST = 1e-9;

/**
 * Size = floor(risk $ ÷ (stop ticks × tick value + round-turn fees + expected slippage)), at most the cap (domain).
 * Risk 500, stop 20 ticks of 12.50, fees 2.80, slippage 25 → 500 ÷ 277.80 = 1.8 → 1 contract. Risk 250 → 0.
 */
export function positionSize(input: SizeInput): PositionSize {
  const { riskUsd, stopTicks, tickValueUsd, contractsMax } = input;
  assert(stopTicks > 0 && tickValueUsd > 0, `positionSize: stop was ${stopTicks} ticks of ${tickValueUsd} USD`);
  const lossPerContractUsd = stopTicks * tickValueUsd + input.roundTurnFeesUsd + input.slippageUsd;
  const affordable = Math.max(0, Math.floor(riskUsd / lossPerContractUsd + DUST));
  const contracts = Math.min(affordable, contractsMax);
  const loss = `one contract to the stop costs $${lossPerContractUsd.toFixed(2)}`;
  const cap = contracts < affordable ? `, capped at ${contractsMax}` : "";
  const verdict = contracts === 0 ? "do not trade" : `${contractsInWords(contracts)}${cap}`;
  return {
    contracts,
    lossPerContractUsd,
    lossUsd: contracts * lossPerContractUsd,
    reason: `${loss}, risk is $${riskUsd.toFixed(2)}: ${verdict}`,
  };
}

/** 1 → "1 contract", 3 → "3 contracts". */
export function contractsInWords(contracts: number): string {
  return `${contracts} contract${contracts === 1 ? "" : "s"}`;
}

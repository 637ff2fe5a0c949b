/** How do many trades travel together? Columns of one contract, in arrival order. */

export type TradeBlock = {
  count: number;
  exchangeMs: Float64Array;
  sourceSeq: Float64Array;
  priceTicks: Int32Array;
  size: Uint32Array;
  aggressor: Uint8Array;
};

export function createTradeBlock(capacity: number): TradeBlock {
  return {
    count: 0,
    exchangeMs: new Float64Array(capacity),
    sourceSeq: new Float64Array(capacity),
    priceTicks: new Int32Array(capacity),
    size: new Uint32Array(capacity),
    aggressor: new Uint8Array(capacity),
  };
}

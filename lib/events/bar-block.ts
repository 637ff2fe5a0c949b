/** How do many finished bars travel together? Columns of one contract and interval, oldest first. */

/**
 * Row i is the bar [openMs[i], openMs[i] + interval). Prices in ticks, volumes in contracts; what neither side
 * initiated is volume − buyVolume − sellVolume. `vwapTicks` is NaN where unknown.
 * `volumeAtPrice` holds, bar after bar, one LEB128 total for each tick row from the bar's low to its high, or is empty.
 */
export type BarBlock = {
  count: number;
  openMs: Float64Array;
  openTicks: Int32Array;
  highTicks: Int32Array;
  lowTicks: Int32Array;
  closeTicks: Int32Array;
  volume: Uint32Array;
  buyVolume: Uint32Array;
  sellVolume: Uint32Array;
  trades: Uint32Array;
  vwapTicks: Float64Array;
  volumeAtPrice: Uint8Array;
};

/** An empty block with room for `capacity` bars; the writer fills row `count` and counts it. */
export function createBarBlock(capacity: number): BarBlock {
  return {
    count: 0,
    openMs: new Float64Array(capacity),
    openTicks: new Int32Array(capacity),
    highTicks: new Int32Array(capacity),
    lowTicks: new Int32Array(capacity),
    closeTicks: new Int32Array(capacity),
    volume: new Uint32Array(capacity),
    buyVolume: new Uint32Array(capacity),
    sellVolume: new Uint32Array(capacity),
    trades: new Uint32Array(capacity),
    vwapTicks: new Float64Array(capacity),
    volumeAtPrice: new Uint8Array(0),
  };
}

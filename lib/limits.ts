/** How much may there be of anything? Each queue, ring, cache and retry has its bound here, with what happens at it. */

/** Contracts in one run; the next one is refused by name. Fits the codec's 16-bit contract field. */
export const CONTRACTS_MAX = 1_024;
/** A trade this far behind the newest of its contract still amends its bar; further back it is counted and dropped. */
export const LATE_TRADE_MS_MAX = 2_000;
/** Wait behind a bar's end before the timer closes it, on top of the feed's own delay. */
export const BAR_CLOSE_GRACE_MS = 250;
/** Closed 1-second bars kept: two hours. The oldest go. */
export const SECOND_BARS_MAX = 7_200;
/** Closed bars kept of each other interval of a contract; the oldest tenth goes when it is full. */
export const CLOSED_BARS_MAX = 100_000;
/** Rows of one answer of /bars; more is cut to the newest and `next` says where to go on. */
export const BARS_ANSWER_MAX = 50_000;
/** Sessions that baselines (usual rate, later RVOL) look back. */
export const BASELINE_SESSIONS = 20;
/** N of N-trade, N-contract and N-tick-range bars. */
export const BAR_SIZE_MAX = 100_000;

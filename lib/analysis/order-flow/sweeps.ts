/** Which prints were one aggressive order? Consecutive ones of one side and one exchange time are joined to a sweep. */
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";

/** Joined prints; size 0: none. */
export type Sweep = {
  side: number;
  size: number;
  prints: number;
  firstTicks: number;
  lastTicks: number;
  exchangeMs: number;
};

/** `done` is the newest sweep that is over; it stays until the next one is. */
export type SweepState = { forming: Sweep; done: Sweep };

export function createSweeps(): SweepState {
  return { forming: createSweep(), done: createSweep() };
}

function createSweep(): Sweep {
  return { side: SIDE.unsigned, size: 0, prints: 0, firstTicks: 0, lastTicks: 0, exchangeMs: 0 };
}

/**
 * Takes a trade in its order; true where it ended a sweep, which then stands in `done`. Trades without a side belong
 * to none and end one; prints of size 0 are no trades. Buys of 3 and 4 at one time, then one of 5 later → 7 is done.
 */
export function addSweepTrade(state: SweepState, trade: SignedTrade): boolean {
  if (trade.size === 0) return false;
  const { forming } = state;
  if (trade.side === forming.side && trade.exchangeMs === forming.exchangeMs && forming.size > 0) {
    forming.size += trade.size;
    forming.prints += 1;
    forming.lastTicks = trade.priceTicks;
    return false;
  }
  const isDone = endSweep(state);
  if (trade.side === SIDE.unsigned) return isDone;
  forming.side = trade.side;
  forming.size = trade.size;
  forming.prints = 1;
  forming.firstTicks = trade.priceTicks;
  forming.lastTicks = trade.priceTicks;
  forming.exchangeMs = trade.exchangeMs;
  return isDone;
}

/** Ends the forming sweep, as when its bar closes; false where there is none. */
export function endSweep(state: SweepState): boolean {
  const { forming, done } = state;
  if (forming.size === 0) return false;
  done.side = forming.side;
  done.size = forming.size;
  done.prints = forming.prints;
  done.firstTicks = forming.firstTicks;
  done.lastTicks = forming.lastTicks;
  done.exchangeMs = forming.exchangeMs;
  forming.size = 0;
  return true;
}

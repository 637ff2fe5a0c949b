/** Where would one enter, give up and take profit? A bracket in whole ticks, long and short mirrored to the tick. */
import { assert } from "#lib/assert.ts";
import type { Side } from "./quality.ts";

export type Bracket = {
  /** The zone in which to enter: its low and high price. */
  entryLowTicks: number;
  entryHighTicks: number;
  stopTicks: number;
  target1Ticks: number;
  target2Ticks: number;
  /** From the worse edge of the zone to the stop: what an entry may cost. */
  stopDistanceTicks: number;
  /** The same in ATR, and that ATR. */
  stopDistanceAtr: number;
  atrTicks: number;
  /** Reward ÷ risk of an entry at the worse edge. */
  rewardRisk1: number;
  rewardRisk2: number;
};

/** Width of the zone in ATR: a pullback goes less deep where legs favour the side by 1.5. */
const ZONE_ATR = 0.75;
const ZONE_STRONG_ATR = 0.5;
const STRONG_RATIO = 1.5;
/** Share of the width that lies on the far side of the price: it may run a little before it comes back. */
const CHASE_SHARE = 0.3;
/** From the middle of the zone, in ATR. */
const STOP_ATR = 1.5;
const TARGET1_ATR = 2;
const TARGET2_ATR = 3.5;

/**
 * Zone from a pullback of `width` to 0.3 × width beyond the last price; stop 1.5, targets 2 and 3.5 ATR from its
 * middle. Rounded against us: the stop away from the price, targets towards it. ATR is of now, so a wilder market has
 * a wider stop by itself. Long at 1,000, ATR 20, legs 2:1: zone 990–1,003, stop 966 (37 ticks, 1.85 ATR), targets
 * 1,036 and 1,066.
 */
export function bracketOf(
  side: Side,
  given: { lastTicks: number; atrTicks: number; legRatio: number | null },
): Bracket {
  const { lastTicks, atrTicks, legRatio } = given;
  assert(atrTicks > 0, `bracketOf: ATR was ${atrTicks} ticks`);
  const sign = side === "long" ? 1 : -1;
  const isStrong = legRatio !== null && legRatio >= STRONG_RATIO;
  const width = (isStrong ? ZONE_STRONG_ATR : ZONE_ATR) * atrTicks;
  // Distances from the last price, in the direction of the trade.
  const ahead = Math.floor(CHASE_SHARE * width);
  const back = Math.max(1, Math.floor(width));
  const middle = (ahead - back) / 2;
  const stop = Math.ceil(STOP_ATR * atrTicks - middle);
  const target1 = Math.floor(TARGET1_ATR * atrTicks + middle);
  const target2 = Math.floor(TARGET2_ATR * atrTicks + middle);
  const [near, far] = [lastTicks + sign * ahead, lastTicks - sign * back];
  const stopDistanceTicks = stop + ahead;
  return {
    entryLowTicks: Math.min(near, far),
    entryHighTicks: Math.max(near, far),
    stopTicks: lastTicks - sign * stop,
    target1Ticks: lastTicks + sign * target1,
    target2Ticks: lastTicks + sign * target2,
    stopDistanceTicks,
    stopDistanceAtr: stopDistanceTicks / atrTicks,
    atrTicks,
    rewardRisk1: (target1 - ahead) / stopDistanceTicks,
    rewardRisk2: (target2 - ahead) / stopDistanceTicks,
  };
}

/** Who was the aggressor by the prices alone? Above the last price a buyer, below it a seller, else as last time. */
import { NO_PRICE } from "#lib/units.ts";
import { SIDE, type Side } from "./time-bars.ts";

/** `lastTicks` NO_PRICE: the first trade; `lastSide`: who made the last change of price, unsigned before the first. */
export function sideByTick(priceTicks: number, { lastTicks, lastSide }: { lastTicks: number; lastSide: Side }): Side {
  if (lastTicks === NO_PRICE || priceTicks === lastTicks) return lastSide;
  return priceTicks > lastTicks ? SIDE.buy : SIDE.sell;
}

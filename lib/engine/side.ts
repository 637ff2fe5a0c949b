/** Which side was the aggressor of a trade? Feed's word, else quote rule, else tick rule; auctions have none. */
import { DELTA_SOURCE } from "#lib/bars/bar-series.ts";
import { sideByTick } from "#lib/bars/tick-rule.ts";
import { SIDE, type SignedTrade } from "#lib/bars/time-bars.ts";
import { AGGRESSOR, type TradePrinted } from "#lib/events/market.ts";
import { NO_PRICE } from "#lib/units.ts";
import type { ContractState } from "./state.ts";

/**
 * Fills `out` with the trade and its side. At or beyond the ask of the quote received before it: buy; at or beyond the
 * bid: sell; inside: the tick rule (above the last price buy, below it sell, the same: as the last change). A crossed
 * or one-sided book leaves it unsigned; a feed without any quotes goes by the tick rule.
 * Bid 10, ask 11, trade at 11 → buy by quote; at 12 → buy; bid 11, ask 10 → unsigned.
 */
export function signTrade(contract: ContractState, trade: TradePrinted, out: SignedTrade): void {
  out.priceTicks = trade.priceTicks;
  out.size = trade.size;
  out.exchangeMs = trade.exchangeMs;
  out.side = SIDE.unsigned;
  out.deltaSource = DELTA_SOURCE.aggressor;
  if (trade.aggressor === AGGRESSOR.buy) out.side = SIDE.buy;
  else if (trade.aggressor === AGGRESSOR.sell) out.side = SIDE.sell;
  else if (trade.aggressor === AGGRESSOR.unknown) inferSide(contract, out);
}

function inferSide(contract: ContractState, out: SignedTrade): void {
  out.deltaSource = contract.hasQuotes ? DELTA_SOURCE.quote : DELTA_SOURCE.tick;
  if (contract.hasQuotes) {
    const { bidTicks, askTicks } = contract;
    if (bidTicks === NO_PRICE || askTicks === NO_PRICE || bidTicks >= askTicks) return;
    if (out.priceTicks >= askTicks) {
      out.side = SIDE.buy;
      return;
    }
    if (out.priceTicks <= bidTicks) {
      out.side = SIDE.sell;
      return;
    }
    out.deltaSource = DELTA_SOURCE.tick;
  }
  out.side = sideByTick(out.priceTicks, contract);
}

/** How does a row of the simulated tape read as an event? */
import { AGGRESSOR, type Aggressor, type QuoteChanged, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import type { MinuteTape } from "#lib/simulator/tape-writer.ts";

/** What the tape does not know of a row: the run's number of the contract, the row's number, the feed's time. */
export type RowPlace = { contract: number; sourceSeq: number; nowMs: number };

/** Row `row` of a tape as the event to publish. */
export function eventOfRow(tape: MinuteTape, row: number, place: RowPlace): TradePrinted | QuoteChanged {
  return tape.isTrade[row] === 1 ? tradeOfRow(tape, row, place) : quoteOfRow(tape, row, place);
}

function tradeOfRow(tape: MinuteTape, row: number, { contract, sourceSeq, nowMs }: RowPlace): TradePrinted {
  return {
    type: "TradePrinted",
    seq: 0,
    nowMs,
    receivedMs: 0,
    contract,
    priceTicks: tape.priceTicks[row],
    size: tape.size[row],
    aggressor: aggressorOf(tape.aggressor[row]),
    exchangeMs: tape.exchangeMs[row],
    source: SOURCE.simulator,
    sourceSeq,
  };
}

function quoteOfRow(tape: MinuteTape, row: number, { contract, sourceSeq, nowMs }: RowPlace): QuoteChanged {
  return {
    type: "QuoteChanged",
    seq: 0,
    nowMs,
    receivedMs: 0,
    contract,
    bidTicks: tape.bidTicks[row],
    bidSize: tape.bidSize[row],
    askTicks: tape.askTicks[row],
    askSize: tape.askSize[row],
    exchangeMs: tape.exchangeMs[row],
    source: SOURCE.simulator,
    sourceSeq,
  };
}

function aggressorOf(code: number): Aggressor {
  if (code === AGGRESSOR.buy) return AGGRESSOR.buy;
  return code === AGGRESSOR.sell ? AGGRESSOR.sell : AGGRESSOR.none;
}

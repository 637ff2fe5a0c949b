/** What does TopstepX's list of trades tell? An entry and its exit a row; gross profit, fees of the round turn. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Id,ContractName,EnteredAt,ExitedAt,EntryPrice,ExitPrice,Fees,PnL,Size,Type,TradeDay,TradeDuration,Commissions";

export const topstepxTrades: ImportFormat = {
  id: "topstepx-trades",
  name: "TopstepX Trades",
  source: "topstepx",
  kind: "trades",
  header: HEADER.split(","),
  required: ["Id", "ContractName", "EnteredAt", "ExitedAt", "EntryPrice", "ExitPrice", "Size", "Type"],
  dateOrder: "mdy",
  prices: "averages",
  columns: {
    instrument: "ContractName",
    contracts: "Size",
    tradeId: "Id",
    legs: {
      kind: "entryExit",
      side: "Type",
      entry: { price: "EntryPrice", time: "EnteredAt" },
      exit: { price: "ExitPrice", time: "ExitedAt" },
    },
    fees: ["Fees", "Commissions"],
    pnl: { column: "PnL", is: "gross" },
  },
};

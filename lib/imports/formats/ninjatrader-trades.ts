/** What does NinjaTrader's grid "Trades" tell? An entry and its exit a row; profit is net of what it lists and more. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Trade number,Instrument,Account,Strategy,Market pos.,Qty,Entry price,Exit price,Entry time,Exit time,Entry name," +
  "Exit name,Profit,Cum. net profit,Commission,Clearing Fee,Exchange Fee,IP Fee,NFA Fee,MAE,MFE,ETD,Bars";

export const ninjatraderTrades: ImportFormat = {
  id: "ninjatrader-trades",
  name: "NinjaTrader Trades",
  source: "ninjatrader-trades",
  kind: "trades",
  header: HEADER.split(","),
  required: ["Instrument", "Market pos.", "Qty", "Entry price", "Exit price", "Entry time", "Exit time", "Profit"],
  dateOrder: "local",
  prices: "averages",
  columns: {
    instrument: "Instrument",
    contracts: "Qty",
    account: "Account",
    legs: {
      kind: "entryExit",
      side: "Market pos.",
      entry: { price: "Entry price", time: "Entry time" },
      exit: { price: "Exit price", time: "Exit time" },
    },
    fees: ["Commission", "Clearing Fee", "Exchange Fee", "IP Fee", "NFA Fee"],
    pnl: { column: "Profit", is: "net" },
  },
};

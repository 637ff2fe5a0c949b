/** What does Tradovate's report "Position History" tell? A pair of fills a row, by their ids, with the account. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Position ID,Timestamp,Trade Date,Net Pos,Net Price,Bought,Avg. Buy,Sold,Avg. Sell,Account,Contract,Product," +
  "Product Description,_priceFormat,_priceFormatType,_tickSize,Pair ID,Buy Fill ID,Sell Fill ID,Paired Qty,Buy Price," +
  "Sell Price,P/L,Currency,Bought Timestamp,Sold Timestamp";

export const tradovatePositions: ImportFormat = {
  id: "tradovate-positions",
  name: "Tradovate Position History",
  source: "tradovate",
  kind: "trades",
  header: HEADER.split(","),
  required: ["Position ID", "Contract", "Buy Fill ID", "Sell Fill ID", "Paired Qty", "Buy Price", "Sell Price", "P/L"],
  dateOrder: "mdy",
  prices: "ticks",
  columns: {
    instrument: "Contract",
    contracts: "Paired Qty",
    account: "Account",
    legs: {
      kind: "buySell",
      buy: { price: "Buy Price", time: "Bought Timestamp", id: "Buy Fill ID" },
      sell: { price: "Sell Price", time: "Sold Timestamp", id: "Sell Fill ID" },
    },
    pnl: { column: "P/L", is: "gross" },
    tickSize: "_tickSize",
  },
};

/** What does Tradovate's report "Performance" tell? A pair of fills a row, by their ids; no account, no fees. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "symbol,_priceFormat,_priceFormatType,_tickSize,buyFillId,sellFillId,qty,buyPrice,sellPrice,pnl,boughtTimestamp," +
  "soldTimestamp,duration";

export const tradovatePerformance: ImportFormat = {
  id: "tradovate-performance",
  name: "Tradovate Performance",
  source: "tradovate",
  kind: "trades",
  header: HEADER.split(","),
  required: ["symbol", "buyFillId", "sellFillId", "qty", "buyPrice", "sellPrice", "boughtTimestamp", "soldTimestamp"],
  dateOrder: "mdy",
  prices: "ticks",
  columns: {
    instrument: "symbol",
    contracts: "qty",
    legs: {
      kind: "buySell",
      buy: { price: "buyPrice", time: "boughtTimestamp", id: "buyFillId" },
      sell: { price: "sellPrice", time: "soldTimestamp", id: "sellFillId" },
    },
    pnl: { column: "pnl", is: "gross" },
    tickSize: "_tickSize",
  },
};

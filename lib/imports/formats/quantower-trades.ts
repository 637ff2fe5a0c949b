/** What does Quantower's panel "Trades" tell? One execution a row, sells with a minus; dates follow the machine. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Account|Date/Time|Symbol|Description|Symbol type|Expiration date|Strike price|Side|Order type|Quantity|Price|" +
  "Gross P/L|Fee|Net P/L|Trade value|Trade ID|Order ID|Position ID|Connection name|Comment|Exchange|Gross P/L,ticks|" +
  "Gross P/L(Qty),ticks";

export const quantowerTrades: ImportFormat = {
  id: "quantower-trades",
  name: "Quantower Trades",
  source: "quantower",
  kind: "fills",
  header: HEADER.split("|"),
  required: ["Account", "Date/Time", "Symbol", "Side", "Quantity", "Price"],
  dateOrder: "local",
  prices: "ticks",
  columns: {
    instrument: "Symbol",
    side: "Side",
    contracts: "Quantity",
    price: "Price",
    time: "Date/Time",
    account: "Account",
    executionId: "Trade ID",
    orderId: "Order ID",
    fees: ["Fee"],
  },
};

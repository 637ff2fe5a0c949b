/** What does Tradovate's report "Fills" tell? One fill a row; `_timestamp` is UTC and proves its time. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "_id,_orderId,_contractId,_timestamp,_tradeDate,_action,_qty,_price,_active,_accountId,Fill ID,Order ID,Timestamp," +
  "Date,Account,B/S,Quantity,Price,_priceFormat,_priceFormatType,_tickSize,Contract,Product,Product Description," +
  "commission";

export const tradovateFills: ImportFormat = {
  id: "tradovate-fills",
  name: "Tradovate Fills",
  source: "tradovate",
  kind: "fills",
  header: HEADER.split(","),
  required: ["_timestamp", "_action", "_qty", "_price", "Fill ID", "Contract"],
  dateOrder: "mdy",
  prices: "ticks",
  columns: {
    instrument: "Contract",
    side: "_action",
    contracts: "_qty",
    price: "_price",
    time: "_timestamp",
    account: "Account",
    executionId: "Fill ID",
    orderId: "Order ID",
    fees: ["commission"],
    tickSize: "_tickSize",
  },
};

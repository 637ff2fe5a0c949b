/** What does Tradovate's report "Orders" tell? One order a row, with the average of its fills; local times. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "orderId,Account,Order ID,B/S,Contract,Product,Product Description,avgPrice,filledQty,Fill Time,lastCommandId," +
  "Status,_priceFormat,_priceFormatType,_tickSize,spreadDefinitionId,Version ID,Timestamp,Date,Quantity,Text,Type," +
  "Limit Price,Stop Price,decimalLimit,decimalStop,Filled Qty,Avg Fill Price,decimalFillAvg,Venue,Notional Value," +
  "Currency";

export const tradovateOrders: ImportFormat = {
  id: "tradovate-orders",
  name: "Tradovate Orders",
  source: "tradovate-orders",
  kind: "fills",
  header: HEADER.split(","),
  required: ["orderId", "B/S", "Contract", "avgPrice", "filledQty", "Fill Time", "Status"],
  dateOrder: "mdy",
  prices: "averages",
  columns: {
    instrument: "Contract",
    side: "B/S",
    contracts: "filledQty",
    price: "avgPrice",
    time: "Fill Time",
    account: "Account",
    executionId: "orderId",
    orderId: "orderId",
    status: "Status",
    tickSize: "_tickSize",
  },
};

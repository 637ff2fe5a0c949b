/** What does R | Trader's list of completed orders tell? One order a row; its zone stands in the header alone. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Account,Status,Remarks,Buy/Sell,Qty To Fill,Max Show Qty,Symbol,Price Type,Avg Fill Price,Limit Price,Order Number," +
  "Original Sequence Number,Current Sequence Number,User Id,Update Time,Qty Filled,Create Time,Commission," +
  "Liquidity Indicator,Executing Venue,Commission Fill Rate";

/** The commission column repeats the rate or is empty, so it is left alone: the cost is rate × filled. */
export const rithmicOrders: ImportFormat = {
  id: "rithmic-orders",
  name: "Rithmic Completed Orders",
  source: "rithmic-orders",
  kind: "fills",
  header: HEADER.split(","),
  required: ["Account", "Status", "Buy/Sell", "Symbol", "Avg Fill Price", "Order Number", "Update Time", "Qty Filled"],
  dateOrder: "local",
  prices: "averages",
  below: "Completed Orders",
  columns: {
    instrument: "Symbol",
    side: "Buy/Sell",
    contracts: "Qty Filled",
    price: "Avg Fill Price",
    time: "Update Time",
    account: "Account",
    executionId: "Order Number",
    orderId: "Order Number",
    feePerContract: "Commission Fill Rate",
    status: "Status",
  },
};

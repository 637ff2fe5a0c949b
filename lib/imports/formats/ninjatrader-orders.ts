/** What does NinjaTrader's grid "Orders" tell? One order a row, with the average of its executions. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER =
  "Instrument,Action,Type,Quantity,Limit,Stop,State,Filled,Avg. price,Remaining,Name,OCO,TIF,Account,Connection,ID," +
  "Strategy,Time";

export const ninjatraderOrders: ImportFormat = {
  id: "ninjatrader-orders",
  name: "NinjaTrader Orders",
  source: "ninjatrader-orders",
  kind: "fills",
  header: HEADER.split(","),
  required: ["Instrument", "Action", "State", "Filled", "Avg. price", "Time", "ID"],
  dateOrder: "local",
  prices: "averages",
  columns: {
    instrument: "Instrument",
    side: "Action",
    contracts: "Filled",
    price: "Avg. price",
    time: "Time",
    account: "Account",
    executionId: "ID",
    orderId: "ID",
    status: "State",
  },
};

/** What does NinjaTrader's grid "Executions" tell? One execution a row. Dates follow the machine's settings. */

import type { ImportFormat } from "#lib/imports/import-format.ts";

const HEADER = "Instrument,Action,Quantity,Price,Time,ID,E/X,Position,Order ID,Name,Commission,Rate,Account,Connection";

export const ninjatraderExecutions: ImportFormat = {
  id: "ninjatrader-executions",
  name: "NinjaTrader Executions",
  source: "ninjatrader",
  kind: "fills",
  header: HEADER.split(","),
  required: ["Instrument", "Action", "Quantity", "Price", "Time", "ID", "E/X"],
  dateOrder: "local",
  prices: "ticks",
  columns: {
    instrument: "Instrument",
    side: "Action",
    contracts: "Quantity",
    price: "Price",
    time: "Time",
    account: "Account",
    executionId: "ID",
    orderId: "Order ID",
    fees: ["Commission"],
  },
};

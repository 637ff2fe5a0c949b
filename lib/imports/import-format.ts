/** What must be said of a vendor's file so that it can be read? Column names alone: one reader serves all of them. */

/** Columns of a file with one execution (or one order's executions) a row; what is absent is not read. */
export type FillColumns = {
  readonly instrument: string;
  readonly side: string;
  readonly contracts: string;
  readonly price: string;
  readonly time: string;
  /** The day, where `time` is the time of day alone. */
  readonly date?: string;
  readonly account?: string;
  readonly executionId?: string;
  readonly orderId?: string;
  /** Costs of the row in dollars; all are added, an empty cell is unknown. */
  readonly fees?: readonly string[];
  /** Cost of one contract in dollars, times the contracts of the row. */
  readonly feePerContract?: string;
  /** Why a row without contracts has none ("Canceled"). */
  readonly status?: string;
  readonly tickSize?: string;
};

/** One side of a round trip in a trade list. */
export type LegColumns = { readonly price: string; readonly time: string; readonly id?: string };

/** Columns of a file with an entry and an exit a row. */
export type TradeColumns = {
  readonly instrument: string;
  readonly contracts: string;
  readonly legs:
    | { readonly kind: "entryExit"; readonly side: string; readonly entry: LegColumns; readonly exit: LegColumns }
    /** The earlier one is the entry; within one second the smaller fill id. */
    | { readonly kind: "buySell"; readonly buy: LegColumns; readonly sell: LegColumns };
  readonly tradeId?: string;
  readonly account?: string;
  readonly fees?: readonly string[];
  /** The profit that the file states: before or after fees. */
  readonly pnl?: { readonly column: string; readonly is: "gross" | "net" };
  readonly tickSize?: string;
};

export type ImportFormat = {
  readonly id: string;
  readonly name: string;
  /** The room in which its execution ids are unique: files that share ids share it. */
  readonly source: string;
  /** The header as published; how much of it a file has is the confidence of the detection. */
  readonly header: readonly string[];
  /** Columns without which it is not this format. */
  readonly required: readonly string[];
  /** "local" follows the settings of the machine that wrote it, so it is proven or asked. */
  readonly dateOrder: "mdy" | "local";
  /** "averages" may lie between ticks. */
  readonly prices: "ticks" | "averages";
  /** A first cell that must stand above the header. */
  readonly below?: string;
} & (
  | { readonly kind: "fills"; readonly columns: FillColumns }
  | { readonly kind: "trades"; readonly columns: TradeColumns }
);

/** The name of a column as it is compared: without blanks around, case, and a zone or unit in parentheses behind. */
export function columnKey(name: string): string {
  return name
    .replace(/^\ufeff/, "")
    .trim()
    .replace(/\s*\([^)]*\)$/, "")
    .toLowerCase();
}

/** The columns that hold times, in which zone and date order are looked for. */
export function timeColumns(format: ImportFormat): string[] {
  if (format.kind === "fills") return [format.columns.time];
  const { legs } = format.columns;
  return legs.kind === "entryExit" ? [legs.entry.time, legs.exit.time] : [legs.buy.time, legs.sell.time];
}

/** The columns that hold numbers, in which the decimal mark is looked for. */
export function numberColumns(format: ImportFormat): string[] {
  const { columns } = format;
  const fees = columns.fees ?? [];
  if (format.kind === "fills") {
    const { price, contracts, feePerContract } = format.columns;
    return [price, contracts, ...fees, ...(feePerContract === undefined ? [] : [feePerContract])];
  }
  const { legs, pnl, contracts } = format.columns;
  const prices = legs.kind === "entryExit" ? [legs.entry.price, legs.exit.price] : [legs.buy.price, legs.sell.price];
  return [contracts, ...prices, ...fees, ...(pnl === undefined ? [] : [pnl.column])];
}

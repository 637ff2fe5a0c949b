/** What does an import hand back: fills, trades, and a reason for every row that is not among them? */

import type { Fill } from "#lib/account/fill.ts";

/** A row that cannot be read; `row` counts from 1 with the header, as a spreadsheet does. */
export type RowError = {
  readonly row: number;
  readonly field: string;
  readonly received: string;
  readonly expected: string;
};

/** A row that is read but contradicts itself, us, or the calendar: shown before anything is taken over. */
export type RowConflict = {
  readonly row: number;
  readonly kind: "pnl" | "currency" | "tickSize" | "month" | "session" | "repeated";
  readonly stated: string;
  readonly ours: string;
};

/** A row that holds nothing to import: an order without a fill, an empty line. */
export type SkippedRow = { readonly row: number; readonly reason: string };

/** A fill and the row that told it. */
export type ReadFill = Fill & { readonly row: number };

export type TradeLeg = { readonly executionId: string; readonly priceTicks: number; readonly atMs: number };

/** An entry and its exit as one row of a trade list tells them. */
export type ReadTrade = {
  readonly row: number;
  readonly source: string;
  readonly account: string;
  readonly root: string;
  readonly year: number;
  readonly month: number;
  readonly tickSize: number;
  readonly side: "long" | "short";
  readonly contracts: number;
  readonly entry: TradeLeg;
  readonly exit: TradeLeg;
  /** Price move × contracts × tick value: ours. */
  readonly grossUsd: number;
  /** What the file calls its profit, null where it says none (or in another currency). */
  readonly statedPnlUsd: number | null;
  /** Fees that the file lists; null where it lists none. */
  readonly feesUsd: number | null;
  /** Gross less listed fees less stated net: what the broker took besides, 0 where the file states gross. */
  readonly otherFeesUsd: number;
};

/** How the clock of the file was settled. */
export type ZoneFinding =
  | { readonly kind: "proven"; readonly by: string }
  | { readonly kind: "asked"; readonly zone: string };

/** What a person must say before the file can be read. */
export type ImportNeed = "zone" | "dateOrder" | "decimalMark" | "account";

export type ImportReading =
  | { readonly status: "needs"; readonly needs: readonly ImportNeed[] }
  | {
      readonly status: "read";
      readonly format: string;
      /** The finest unit of the file's clock: 60,000 where it shows minutes. */
      readonly timeStepMs: number;
      readonly timeZone: ZoneFinding;
      readonly dateOrder: string;
      /** All fills, those of the trades included. */
      readonly fills: readonly ReadFill[];
      readonly trades: readonly ReadTrade[];
      readonly rowErrors: readonly RowError[];
      readonly conflicts: readonly RowConflict[];
      readonly skipped: readonly SkippedRow[];
    };

/** Which columns can the scanner show, and by which number does each sort? */

import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import { type QuotePart, quoteNumber, rangePositionOf } from "#components/live/quote-parts.ts";
import {
  isScanColumn,
  SCAN_COLUMNS,
  type ScanColumn,
  type ScanColumnId,
  type ScanRow,
} from "#components/scanner/scan-columns.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { Quote } from "#lib/wire/stream.ts";

/** One line of the table: the instrument, its quote and its analyses when the table was last put in order. */
export type RankRow = { row: InstrumentRow; quote: Quote | undefined; scan: ScanRow | undefined };

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

export type ColumnId = "contract" | "range" | "age" | "mode" | QuotePart | ScanColumnId;

export type ColumnWords = { id: ColumnId; header: string; meaning: string };

/** Safe: the keys of a record that we wrote. */
const SCAN_WORDS: readonly ColumnWords[] = (Object.keys(SCAN_COLUMNS) as ScanColumnId[]).map((id) => {
  const { header, meaning } = SCAN_COLUMNS[id];
  return { id, header, meaning };
});

export const COLUMN_WORDS: readonly ColumnWords[] = [
  { id: "contract", header: "Contract", meaning: "Contract with its month" },
  { id: "last", header: "Last", meaning: "Last trade" },
  { id: "change", header: "Chg", meaning: "Last minus the previous settlement, points" },
  { id: "changePercent", header: "Chg %", meaning: "Change as a share of the previous settlement" },
  ...SCAN_WORDS,
  { id: "range", header: "Range", meaning: "Low and high of the trade date, with the last price between them" },
  { id: "volume", header: "Volume", meaning: "Contracts of the trade date" },
  { id: "delta", header: "Delta", meaning: "Bought minus sold contracts of the trade date, with its source" },
  { id: "bid", header: "Bid", meaning: "Best bid" },
  { id: "bidSize", header: "Bid sz", meaning: "Contracts at the best bid" },
  { id: "ask", header: "Ask", meaning: "Best ask" },
  { id: "askSize", header: "Ask sz", meaning: "Contracts at the best ask" },
  { id: "lastSize", header: "Size", meaning: "Contracts of the last trade" },
  { id: "open", header: "Open", meaning: "First trade of the trade date" },
  { id: "high", header: "High", meaning: "Highest trade of the trade date" },
  { id: "low", header: "Low", meaning: "Lowest trade of the trade date" },
  { id: "vwap", header: "VWAP", meaning: "Volume-weighted average price of the trade date" },
  { id: "previousSettlement", header: "Settle", meaning: "Previous settlement" },
  { id: "mode", header: "Mode", meaning: "LIVE, DELAYED, REPLAY or SIM, and STALE" },
  { id: "age", header: "Age", meaning: "Time since the last trade, quote or bar" },
];

const AT_FIRST: readonly ColumnId[] = [
  "contract",
  "last",
  "changePercent",
  "atrUsed",
  "relativeVolume",
  "regime",
  "quality",
  "nearest",
];

/** Shown or not, by column, before anybody chose. */
export const VISIBLE_AT_FIRST: Record<string, boolean> = Object.fromEntries(
  COLUMN_WORDS.map(({ id }) => [id, AT_FIRST.includes(id)]),
);

/** What a column sorts by; undefined (unknown) comes last. */
function sortValue({ row, quote, scan }: RankRow, id: ColumnId): string | number | undefined {
  if (isScanColumn(id))
    return scan === undefined ? undefined : ((SCAN_COLUMNS[id] as ScanColumn).rank(scan) ?? undefined);
  if (id === "contract") return row.contract;
  if (id === "mode") return row.mode;
  if (quote === undefined) return undefined;
  if (id === "range") return rangePositionOf(quote) ?? undefined;
  if (id === "age") return quote.eventMs === null ? undefined : -quote.eventMs;
  return quoteNumber(quote, id) ?? undefined;
}

const helper = createColumnHelper<typeof features, RankRow>();

export const columns = helper.columns(
  COLUMN_WORDS.map(({ id, header }) =>
    helper.accessor((line) => sortValue(line, id), {
      id,
      header,
      sortUndefined: "last",
      sortDescFirst: id !== "contract" && id !== "mode",
    }),
  ),
);

/** What did the market do? Closed bars of a minute and longer, the newest revision of each. */
import { bigint, doublePrecision, integer, pgTable, primaryKey, smallint } from "drizzle-orm/pg-core";

/** Prices in ticks of the contract (see contracts.tick_size), volumes in contracts, times epoch ms. */
export const bars = pgTable(
  "bars",
  {
    /** Run, contract and interval: see bar-series.ts. */
    series: integer("series").notNull(),
    openMs: bigint("open_ms", { mode: "number" }).notNull(),
    openTicks: integer("open_ticks").notNull(),
    highTicks: integer("high_ticks").notNull(),
    lowTicks: integer("low_ticks").notNull(),
    closeTicks: integer("close_ticks").notNull(),
    volume: bigint("volume", { mode: "number" }).notNull(),
    buyVolume: bigint("buy_volume", { mode: "number" }).notNull(),
    sellVolume: bigint("sell_volume", { mode: "number" }).notNull(),
    trades: bigint("trades", { mode: "number" }).notNull(),
    /** Fractional ticks; null where a part of the bar had none. */
    vwapTicks: doublePrecision("vwap_ticks"),
    /** How the delta was known: 0 none, 1 aggressor, 2 quote, 3 tick rule, 4 estimate. */
    deltaSource: smallint("delta_source").notNull(),
    /** Bits: 1 own trades, 2 vendor bars. */
    madeOf: smallint("made_of").notNull(),
    /** 0: as it closed; higher: amended since. */
    revision: integer("revision").notNull(),
    /** The fact that wrote the row: an older one never overwrites it. */
    seq: bigint("seq", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.series, table.openMs] })],
);

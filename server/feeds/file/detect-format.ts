/** Which of the known formats is this file? Decided by its header, or by the shape of its first row. */
import type { Zone } from "#lib/time-zone.ts";
import { FileFeedError } from "./file-feed-error.ts";
import type { TimeFormat } from "./parse-time.ts";

/** Index of each column in a row; −1 where the file has none. */
export type Columns = {
  readonly time: number;
  readonly contract: number;
  readonly price: number;
  readonly size: number;
  readonly aggressor: number;
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Initiated by buyers (at the ask) and by sellers (at the bid). */
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
};

export type FileFormat = {
  readonly kind: "trades" | "quotes" | "bars";
  /** What one row's time is: the instant of a tick, the start of its bar, or its end. */
  readonly stamp: "instant" | "barStart" | "barEnd";
  readonly timeFormat: TimeFormat;
  readonly zone: Zone;
  readonly delimiter: "," | ";";
  readonly hasHeader: boolean;
  readonly columns: Columns;
  /** Names for messages, in order. */
  readonly names: readonly string[];
  /** NinjaTrader exports can repeat blocks of rows. */
  readonly mayRepeatBlocks: boolean;
  /** For the status message: "trades with aggressor and book". */
  readonly label: string;
};

export type FileHead = {
  readonly file: string;
  readonly format: FileFormat;
  /** Contract of all rows as text, or null where each row names its own. */
  readonly contractText: string | null;
  /** Length of a bar; 0 for ticks. */
  readonly intervalMs: number;
};

const TIME_COLUMNS: readonly { name: string; format: TimeFormat; zone: Zone }[] = [
  { name: "ts_event_ns", format: "epochNs", zone: "UTC" },
  { name: "ts_event_utc", format: "iso", zone: "UTC" },
  { name: "ts_utc", format: "iso", zone: "UTC" },
  { name: "ts_ct", format: "iso", zone: "America/Chicago" },
  { name: "ts_et", format: "iso", zone: "America/New_York" },
  { name: "time", format: "compact", zone: "UTC" },
];
const BAR_PRICES = ["open", "high", "low", "close"] as const;
const KNOWN =
  "price and size (trades), open, high, low, close and volume (bars), or bid_c and ask_c or bid_px and ask_px (quotes)";

/**
 * The format of a file from its first line without its end. Throws FileFeedError for binary content, an unknown
 * header (it names the missing column) and NinjaTrader's bid and ask exports.
 */
export function detectFormat(file: string, firstLine: string): FileFormat {
  const line = firstLine.replace(/^\uFEFF/, "");
  if (isBinary(line)) {
    throw fault(file, "content", "binary data", "a text file with one row a line");
  }
  return /^\d{8} \d{6}( \d{7})?;/.test(line) ? ninjaTraderFormat(file, line) : headerFormat(file, line);
}

/** Control characters (tab aside) and bytes that are no UTF-8 never stand in a text export. */
function isBinary(line: string): boolean {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 0xfffd) return true;
  }
  return false;
}

function fault(file: string, field: string, was: string, expected: string): FileFeedError {
  return new FileFeedError({ file, line: field === "content" ? 0 : 1, field, was, expected });
}

const NO_COLUMNS: Columns = {
  time: 0,
  contract: -1,
  price: -1,
  size: -1,
  aggressor: -1,
  bid: -1,
  bidSize: -1,
  ask: -1,
  askSize: -1,
  open: -1,
  high: -1,
  low: -1,
  close: -1,
  volume: -1,
  buyVolume: -1,
  sellVolume: -1,
  trades: -1,
};

function ninjaTraderFormat(file: string, line: string): FileFormat {
  const base = { timeFormat: "ninjatrader", zone: "UTC", delimiter: ";", hasHeader: false } as const;
  if (/\.(Bid|Ask)\.(txt|csv)(\.gz)?$/i.test(file)) {
    throw fault(file, "file name", "NinjaTrader's bid or ask export", "its Last export, which holds the trades");
  }
  const ticks = { ...base, kind: "trades", stamp: "instant", mayRepeatBlocks: true } as const;
  const fields = line.split(";").length;
  if (fields === 3) {
    const columns = { ...NO_COLUMNS, price: 1, size: 2 };
    return { ...ticks, columns, names: ["time", "price", "volume"], label: "NinjaTrader ticks" };
  }
  if (fields === 5) {
    const columns = { ...NO_COLUMNS, price: 1, bid: 2, ask: 3, size: 4 };
    const names = ["time", "last", "bid", "ask", "volume"];
    return { ...ticks, columns, names, label: "NinjaTrader ticks with bid and ask" };
  }
  if (fields === 6) {
    const columns = { ...NO_COLUMNS, open: 1, high: 2, low: 3, close: 4, volume: 5 };
    const names = ["time", ...BAR_PRICES, "volume"];
    const label = "NinjaTrader bars";
    return { ...base, kind: "bars", stamp: "barEnd", mayRepeatBlocks: false, columns, names, label };
  }
  const expected = "3 (time;price;volume), 5 (time;last;bid;ask;volume) or 6 (time;open;high;low;close;volume)";
  throw fault(file, "number of fields", String(fields), expected);
}

function headerFormat(file: string, line: string): FileFormat {
  const names = line.split(",").map((name) => name.trim().replace(/^"|"$/g, "").toLowerCase());
  const at = (...spellings: readonly string[]): number => {
    const name = spellings.find((spelling) => names.includes(spelling));
    return name === undefined ? -1 : names.indexOf(name);
  };
  const kind = kindOf(file, names);
  const time = TIME_COLUMNS.find((column) => names.includes(column.name));
  if (time === undefined) {
    const expected = `one of ${TIME_COLUMNS.map((column) => column.name).join(", ")}`;
    throw fault(file, "time column", `missing in "${line}"`, expected);
  }
  const isQuoteBar = kind === "quotes" && names.includes("bid_c");
  const columns: Columns = {
    time: names.indexOf(time.name),
    contract: at("contract"),
    price: at("price"),
    size: at("size"),
    aggressor: at("aggressor"),
    bid: at("bid_c", "bid_px", "bid"),
    bidSize: at("bid_sz", "bid_size"),
    ask: at("ask_c", "ask_px", "ask"),
    askSize: at("ask_sz", "ask_size"),
    open: at("open"),
    high: at("high"),
    low: at("low"),
    close: at("close"),
    volume: at("volume"),
    buyVolume: at("ask_volume"),
    sellVolume: at("bid_volume"),
    trades: at("trades"),
  };
  return {
    kind,
    stamp: kind === "bars" || isQuoteBar ? "barStart" : "instant",
    timeFormat: time.format,
    zone: time.zone,
    delimiter: ",",
    hasHeader: true,
    columns,
    names,
    mayRepeatBlocks: false,
    label: labelOf(kind, columns, isQuoteBar),
  };
}

function labelOf(kind: FileFormat["kind"], columns: Columns, isQuoteBar: boolean): string {
  if (kind === "bars") return columns.buyVolume >= 0 ? "bars with buy and sell volume" : "bars";
  if (kind === "quotes") return isQuoteBar ? "bid and ask bars" : "quotes";
  const extras = [columns.aggressor >= 0 ? "aggressor" : "", columns.bid >= 0 ? "book" : ""].filter((name) => name);
  return extras.length === 0 ? "trades" : `trades with ${extras.join(" and ")}`;
}

/** What the rows are; names the first column that is missing of the sort that the header comes nearest to. */
function kindOf(file: string, names: readonly string[]): FileFormat["kind"] {
  const need = (wanted: readonly string[], kind: FileFormat["kind"]): FileFormat["kind"] => {
    const missing = wanted.find((name) => !names.includes(name));
    if (missing === undefined) return kind;
    throw fault(file, `column ${missing}`, `missing in "${names.join(",")}"`, `${wanted.join(", ")} for ${kind}`);
  };
  if (names.includes("price")) return need(["price", "size"], "trades");
  if (BAR_PRICES.some((name) => names.includes(name))) return need([...BAR_PRICES, "volume"], "bars");
  if (names.includes("bid_c") || names.includes("ask_c")) return need(["bid_c", "bid_sz", "ask_c", "ask_sz"], "quotes");
  if (names.includes("bid_px") || names.includes("ask_px")) {
    return need(["bid_px", "bid_sz", "ask_px", "ask_sz"], "quotes");
  }
  throw fault(file, "header", `"${names.join(",").slice(0, 200)}"`, KNOWN);
}

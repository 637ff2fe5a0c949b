/** What can be subscribed to? Topics of /stream, written and read in one place. */
import { BAR_SIZE_MAX } from "../limits.ts";

export const TIME_INTERVALS = [
  "1s",
  "5s",
  "15s",
  "30s",
  "1m",
  "2m",
  "3m",
  "5m",
  "10m",
  "15m",
  "30m",
  "1h",
  "4h",
  "1d",
  "1w",
] as const;
export type TimeInterval = (typeof TIME_INTERVALS)[number];

/** A time interval, or N trades, N contracts, N ticks of range: "500t", "2000v", "8r". */
export type Interval = TimeInterval | `${number}${"t" | "v" | "r"}`;

/** Whole electronic session, or regular trading hours only. */
export type Hours = "eth" | "rth";

export type Topic =
  | { name: "quote"; symbol: string }
  | { name: "bar"; symbol: string; interval: Interval; hours: Hours }
  | { name: "insight" | "levels"; root: string }
  | { name: "scanner" }
  | { name: "positions" }
  | { name: "instruments" }
  | { name: "feeds" }
  | { name: "ops" };

/** Reads "5m" or "500t"; null where it is no interval, or N is not a whole number from 1 to 100,000. */
export function parseInterval(text: string): Interval | null {
  for (const interval of TIME_INTERVALS) if (interval === text) return interval;
  const match = /^([1-9]\d{0,5})([tvr])$/.exec(text);
  if (match === null || Number(match[1]) > BAR_SIZE_MAX) return null;
  return text as Interval; // safe: the pattern is the type
}

/** Is the interval one of time, or one of trades, volume or range? */
export function isTimeInterval(interval: Interval): interval is TimeInterval {
  return !/[tvr]$/.test(interval);
}

/** Topics of the whole house. */
const PLAIN_TOPICS = ["scanner", "positions", "instruments", "feeds", "ops"] as const;

function isPlain(name: string): name is (typeof PLAIN_TOPICS)[number] {
  return PLAIN_TOPICS.some((plain) => plain === name);
}

/** "bar:ESZ6:5m:rth" → {name: "bar", symbol: "ESZ6", interval: "5m", hours: "rth"}; null where it is no topic. */
export function parseTopic(text: string): Topic | null {
  const parts = text.split(":");
  const [name, symbol] = parts;
  if (isPlain(name)) return parts.length === 1 ? { name } : null;
  if (name === "insight" || name === "levels")
    return parts.length === 2 && /^[A-Z0-9]{1,4}$/.test(symbol ?? "") ? { name, root: symbol } : null;
  if (symbol === undefined || !/^[A-Z0-9]{2,4}[FGHJKMNQUVXZ]\d{1,2}$/.test(symbol)) return null;
  if (name === "quote") return parts.length === 2 ? { name, symbol } : null;
  if (name !== "bar" || parts.length < 3 || parts.length > 4) return null;
  const interval = parseInterval(parts[2] ?? "");
  const hours = parts[3] ?? "eth";
  if (interval === null || (hours !== "eth" && hours !== "rth")) return null;
  return { name, symbol, interval, hours };
}

export function quoteTopic(symbol: string): string {
  return `quote:${symbol}`;
}

export function insightTopic(root: string): `insight:${string}` {
  return `insight:${root}`;
}

/** Level board and ICT of a root's front. */
export function levelsTopic(root: string): `levels:${string}` {
  return `levels:${root}`;
}

/** The topic of a chart: ETH is the plain one ("bar:ESZ6:5m"), RTH has its own ("bar:ESZ6:5m:rth"). */
export function barTopic(symbol: string, interval: Interval, hours: Hours): string {
  return hours === "rth" ? `bar:${symbol}:${interval}:rth` : `bar:${symbol}:${interval}`;
}

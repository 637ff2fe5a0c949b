/** How is each part of a quote written? One text for each, the same in table, chart header and detail. */

import { formatPrice, formatPriceChange, formatQuantity, formatSigned, UNKNOWN } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { Quote } from "#lib/wire/stream.ts";

export type QuotePart =
  | "last"
  | "lastSize"
  | "bid"
  | "bidSize"
  | "ask"
  | "askSize"
  | "change"
  | "changePercent"
  | "previousSettlement"
  | "open"
  | "high"
  | "low"
  | "vwap"
  | "volume"
  | "delta";

/** Change as a share of the previous settlement, percent; null without a settlement, or one not above 0. */
export function changePercentOf(quote: Quote): number | null {
  const { change, previousSettlement } = quote;
  if (change === null || previousSettlement === null || previousSettlement <= 0) return null;
  return (change / previousSettlement) * 100;
}

/** Where last stands between low (0) and high (1); null where they are not known or equal. */
export function rangePositionOf(quote: Quote): number | null {
  const { low, high, last } = quote;
  if (low === null || high === null || last === null || high <= low) return null;
  return Math.min(1, Math.max(0, (last - low) / (high - low)));
}

/** The number behind a part, for sorting and colour; null where it is not known. */
export function quoteNumber(quote: Quote, part: QuotePart): number | null {
  if (part === "changePercent") return changePercentOf(quote);
  if (part === "delta") return quote.deltaSource === "none" ? null : quote.delta;
  return quote[part];
}

/** A part as text: "6012.50", "+21.75", "+0.36%", "1,284,311", "–" where it is not known. */
export function quoteText(quote: Quote, part: QuotePart, root: string): string {
  const value = quoteNumber(quote, part);
  if (value === null) return UNKNOWN;
  const instrument = instrumentOf(root);
  switch (part) {
    case "changePercent":
      return `${formatSigned(value, 2)}%`;
    case "delta":
      return formatSigned(value, 0);
    case "volume":
    case "bidSize":
    case "askSize":
    case "lastSize":
      return formatQuantity(value);
    case "change":
      return instrument === null ? formatSigned(value) : formatPriceChange(value, instrument);
    default:
      return instrument === null ? String(value) : formatPrice(value, instrument);
  }
}

/** up, down or none: by the sign of a signed part. */
export function directionOf(value: number | null): "up" | "down" | "none" {
  if (value === null || value === 0) return "none";
  return value > 0 ? "up" : "down";
}

/** How are missed trades brought back? Asked over REST, without those known, told as one GapFilled. */
import type { BarBlock } from "#lib/events/bar-block.ts";
import { type HistoryLoaded, SOURCE } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { LATE_TRADE_MS_MAX, MASSIVE_GAP_TRADES_MS_MAX } from "#lib/limits.ts";
import { MS_PER_MINUTE, MS_PER_SECOND } from "#lib/units.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import type { ContractStream, OpenGap } from "./contract-stream.ts";
import { barsOf, type Span, tradeBlock, tradesOf } from "./past.ts";
import { MassiveRestError, type RestClient } from "./rest-client.ts";

export type GapFillOptions = { rest: RestClient; sink: FeedSink; stream: ContractStream };

/**
 * Fills [gap.fromMs, toMs): by trades where the plan has them, else by the vendor's bars. A filled gap leaves the list;
 * one that cannot be filled stays on it, closed. Resolves with whether it is filled. Throws the abort's reason alone.
 */
export async function fillGap(options: GapFillOptions, gap: OpenGap, toMs: number): Promise<boolean> {
  const span = { fromMs: gap.fromMs, toMs };
  const listed = () =>
    options.sink.publish({
      ...UNSTAMPED,
      type: "FeedGapFound",
      contract: options.stream.number,
      ...span,
      reason: gap.reason,
    });
  if (gap.isListed) listed();
  const isFilled = await tryFill(options, span);
  if (!isFilled && !gap.isListed) listed();
  return isFilled;
}

async function tryFill(options: GapFillOptions, span: Span): Promise<boolean> {
  try {
    const isByTrades = options.stream.hasTrades && span.toMs - span.fromMs <= MASSIVE_GAP_TRADES_MS_MAX;
    if (isByTrades) return await fillByTrades(options, span);
    await fillByBars(options, span);
    // Bars are all that this plan has; where trades were due, the gap stays on the list.
    if (options.stream.hasTrades) return false;
    publishFilled(options, span, []);
    return true;
  } catch (error) {
    if (!(error instanceof MassiveRestError)) throw error;
    options.sink.reject("not-filled", `the gap of ${options.stream.listing.ticker}: ${error.message}`);
    return false;
  }
}

async function fillByTrades(options: GapFillOptions, span: Span): Promise<boolean> {
  const { rest, stream, sink } = options;
  const reject = sink.reject.bind(sink);
  const fromMs = span.fromMs - LATE_TRADE_MS_MAX;
  try {
    const trades = await tradesOf(rest, stream.listing, { fromMs, toMs: span.toMs, reject });
    publishFilled(options, span, stream.takeMissed(trades));
    return true;
  } catch (error) {
    if (!(error instanceof MassiveRestError) || error.fault !== "forbidden") throw error;
    await fillByBars(options, span);
    return false;
  }
}

function publishFilled({ stream, sink }: GapFillOptions, span: Span, trades: Parameters<typeof tradeBlock>[0]): void {
  const block = tradeBlock(trades);
  const { number: contract } = stream;
  sink.publish({ ...UNSTAMPED, type: "GapFilled", contract, ...span, trades: block, source: SOURCE.massive });
}

/** Whole minutes as minute bars, the begun one as second bars. */
async function fillByBars({ rest, stream, sink }: GapFillOptions, { fromMs, toMs }: Span): Promise<void> {
  const reject = sink.reject.bind(sink);
  const minuteMs = Math.floor(toMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  const wholeFromMs = Math.floor(fromMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  const parts = [
    { fromMs: wholeFromMs, toMs: minuteMs, intervalMs: MS_PER_MINUTE },
    { fromMs: Math.max(minuteMs, wholeFromMs), toMs, intervalMs: MS_PER_SECOND },
  ] as const;
  for (const part of parts) {
    if (part.toMs - part.fromMs < part.intervalMs) continue;
    const bars = await barsOf(rest, stream.listing, { ...part, reject });
    if (bars.count > 0) sink.publish(historyEvent(stream.number, part.intervalMs, bars));
  }
}

export function historyEvent(contract: number, intervalMs: number, bars: BarBlock): HistoryLoaded {
  return { ...UNSTAMPED, type: "HistoryLoaded", contract, intervalMs, bars, source: SOURCE.massive };
}

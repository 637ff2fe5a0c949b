/** Which events tell the simulated past: bars and settlements before the tape begins, trades that a gap left out? */
import type { Contract } from "#lib/contract.ts";
import { type GapFilled, type HistoryLoaded, type SettlementPublished, SOURCE } from "#lib/events/market.ts";
import { createTradeBlock, type TradeBlock } from "#lib/events/trade-block.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { sessionAt, tradeDateAt } from "#lib/session.ts";
import type { MarketModel } from "#lib/simulator/market-model.ts";
import { type DueSettlement, SETTLEMENT_DELAY_MS, sourceSeqBase } from "#lib/simulator/minute-batch.ts";
import { historyBlocks } from "#lib/simulator/start-rule.ts";
import { gridIndexAt } from "#lib/simulator/trade-date-grid.ts";
import { MS_PER_MINUTE } from "#lib/units.ts";

export type PastEvent = HistoryLoaded | SettlementPublished;

export type HistoryInput = {
  model: MarketModel;
  roots: readonly string[];
  /** Bars end and settlements are known up to here; every event carries it as nowMs. */
  untilMs: number;
  contractNumber(contract: Contract): number;
};

/** Blocks of minute bars, one a contract and trade date, each trade date's followed by its settlements. */
export function* historyEvents(input: HistoryInput): Generator<PastEvent, void, void> {
  const { model, roots, untilMs } = input;
  for (const blocks of historyBlocks(roots, untilMs)) {
    for (const { contract, date } of blocks) {
      const toMinute = gridIndexAt(model.grid(contract.root, date), untilMs);
      const bars = model.sessionBars(contract, date, 0, toMinute);
      if (bars.count === 0) continue;
      yield {
        type: "HistoryLoaded",
        seq: 0,
        nowMs: untilMs,
        receivedMs: 0,
        contract: input.contractNumber(contract),
        intervalMs: MS_PER_MINUTE,
        bars,
        source: SOURCE.simulator,
      };
    }
    for (const { contract, date } of blocks) {
      const dueMs = model.settlementMs(contract.root, date) + SETTLEMENT_DELAY_MS;
      if (dueMs < untilMs) yield settlementEvent({ contract, date, dueMs }, input);
    }
  }
}

/** The settlement as it is published, live or from the past. */
export function settlementEvent(
  due: DueSettlement,
  { model, untilMs, contractNumber }: Pick<HistoryInput, "model" | "untilMs" | "contractNumber">,
): SettlementPublished {
  return {
    type: "SettlementPublished",
    seq: 0,
    nowMs: Math.max(untilMs, due.dueMs),
    receivedMs: 0,
    contract: contractNumber(due.contract),
    tradeDate: due.date,
    settlementTicks: model.settlement(due.contract, due.date),
    exchangeMs: due.dueMs,
    source: SOURCE.simulator,
  };
}

/** The settlements of roots that fell due in (fromMs, toMs], as far as they belong to the trade date of `toMs`. */
export function settlementsBetween(
  model: MarketModel,
  roots: readonly string[],
  span: { fromMs: number; toMs: number },
): DueSettlement[] {
  return roots.flatMap((root) => {
    const calendar = instrumentOf(root)?.calendar;
    if (calendar === undefined) return [];
    const date = tradeDateAt(calendar, span.toMs);
    const dueMs = model.settlementMs(root, date) + SETTLEMENT_DELAY_MS;
    if (dueMs <= span.fromMs || dueMs > span.toMs) return [];
    return model.contractsOn(date, root).map(({ contract }) => ({ contract, date, dueMs }));
  });
}

export type GapSpan = { contract: Contract; number: number; fromMs: number; toMs: number; nowMs: number };

/** The trades of [fromMs, toMs) of one contract, a minute's at a time, so that the caller can rest between. */
export function* gapEvents(model: MarketModel, gap: GapSpan): Generator<GapFilled, void, void> {
  const calendar = instrumentOf(gap.contract.root)?.calendar;
  if (calendar === undefined) return;
  const firstMs = Math.floor(gap.fromMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  for (let minuteMs = firstMs; minuteMs < gap.toMs; minuteMs += MS_PER_MINUTE) {
    const session = sessionAt(calendar, minuteMs);
    if (session.state !== "open") continue;
    const minute = gridIndexAt(model.grid(gap.contract.root, session.tradeDate), minuteMs);
    const tape = model.minuteTape(gap.contract, session.tradeDate, minute);
    const trades = createTradeBlock(tape.count);
    for (let row = 0; row < tape.count; row += 1) {
      const ms = tape.exchangeMs[row];
      if (tape.isTrade[row] === 0 || ms < gap.fromMs || ms >= gap.toMs) continue;
      const at = trades.count++;
      trades.exchangeMs[at] = ms;
      trades.sourceSeq[at] = sourceSeqBase(session.tradeDate, minute) + row;
      trades.priceTicks[at] = tape.priceTicks[row];
      trades.size[at] = tape.size[row];
      trades.aggressor[at] = tape.aggressor[row];
    }
    const fromMs = Math.max(gap.fromMs, minuteMs);
    const toMs = Math.min(gap.toMs, minuteMs + MS_PER_MINUTE);
    yield gapFilled({ ...gap, fromMs, toMs }, cut(trades));
  }
}

function gapFilled({ number, fromMs, toMs, nowMs }: GapSpan, trades: TradeBlock): GapFilled {
  return {
    type: "GapFilled",
    seq: 0,
    nowMs,
    receivedMs: 0,
    contract: number,
    fromMs,
    toMs,
    trades,
    source: SOURCE.simulator,
  };
}

function cut(trades: TradeBlock): TradeBlock {
  const { count } = trades;
  return {
    count,
    exchangeMs: trades.exchangeMs.slice(0, count),
    sourceSeq: trades.sourceSeq.slice(0, count),
    priceTicks: trades.priceTicks.slice(0, count),
    size: trades.size.slice(0, count),
    aggressor: trades.aggressor.slice(0, count),
  };
}

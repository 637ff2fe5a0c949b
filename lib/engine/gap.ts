/** What do missed trades change when they arrive later? Bars are amended; no signal, no order, no clock. */
import { rowAt } from "#lib/bars/bar-series.ts";
import { KEPT_INTERVALS, windowEndMs, windowOpenMs } from "#lib/bars/interval.ts";
import { mergeTrades } from "#lib/bars/merge-trades.ts";
import type { GapFilled } from "#lib/events/market.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { ContractState, EngineState } from "./state.ts";

/** Merges the trades of [fromMs, toMs) into every kept series and takes the gap off the list. */
export function applyGap(state: EngineState, contract: ContractState, event: GapFilled, outputs: Outputs): void {
  const { fromMs, toMs, trades } = event;
  contract.series.forEach((series, kept) => {
    const windowOpen = (ms: number) => windowOpenMs(contract.calendar, contract.day, kept, ms);
    const windowEnd = (openMs: number) => windowEndMs(contract.calendar, contract.day, kept, openMs);
    const formingMs = series.isForming ? series.openMs[series.length] : null;
    const amended = mergeTrades(series, trades, { fromMs, toMs }, windowOpen, windowEnd);
    // A bar that formed is closed by trades behind it.
    const isClosed = formingMs !== null && rowAt(series, formingMs) < series.length && !amended.includes(formingMs);
    if (isClosed) {
      const { interval } = series;
      outputs.list.push({ type: "BarClosed", contract: contract.index, interval, openMs: formingMs });
    }
    for (const openMs of amended) {
      outputs.list.push({
        type: "BarAmended",
        contract: contract.index,
        interval: KEPT_INTERVALS[kept],
        openMs,
        revision: series.revision[rowAt(series, openMs)],
      });
    }
  });
  state.gaps = state.gaps.filter((gap) => {
    const isLeft =
      gap.fromMs < fromMs ||
      (gap.toMs ?? Number.POSITIVE_INFINITY) > toMs ||
      (gap.contract ?? contract.index) !== contract.index;
    if (!isLeft) outputs.list.push({ type: "GapFilled", ...gap });
    return isLeft;
  });
}

/** What does a new front take over from the former one? The profiles of closed trade dates, moved by the spread. */
import { type Heritage, heritageOf } from "#lib/analysis/volume-profile.ts";
import { rowAt } from "#lib/bars/bar-series.ts";
import { DAY_SERIES } from "#lib/bars/interval.ts";
import { previousTradeDate, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import type { TradeDate } from "#lib/units.ts";
import type { ContractState, EngineState } from "../state.ts";

/**
 * The closed profiles of the root's former front, whose analysis ends; null while that one still builds, and where the
 * spread on the last completed trade date is not known: then the new front has its own trading alone.
 */
export function heritageAtRoll(state: EngineState, former: ContractState, front: ContractState): Heritage | null {
  const analysis = state.analyses[former.index] ?? null;
  if (analysis?.status !== "ready") return null;
  const fromTradeDate = tradeDateAt(front.calendar, state.nowMs);
  const completed = previousTradeDate(front.calendar, fromTradeDate);
  const spreadTicks = closeTicksOn(front, completed) - closeTicksOn(former, completed);
  if (Number.isNaN(spreadTicks)) return null;
  return heritageOf(analysis.profile, { fromTradeDate, spreadTicks, from: former.symbol });
}

/** Settlement of a trade date; where there is none the date's last price, NaN where it did not trade. */
function closeTicksOn({ calendar, settlements, series }: ContractState, date: TradeDate): number {
  const settlement = settlements.find((entry) => entry.tradeDate === date);
  if (settlement !== undefined) return settlement.ticks;
  const days = series[DAY_SERIES];
  const row = rowAt(days, sessionOpenMs(calendar, date));
  return row < 0 ? Number.NaN : days.closeTicks[row];
}

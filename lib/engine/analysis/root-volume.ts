/** How much volume is usual for a root? Its past dates each by the contract that was traded most on them. */
import { addRelativeVolumeBar, createRelativeVolume, type RelativeVolumeState } from "#lib/analysis/relative-volume.ts";
import { rowAt, rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { DAY_SERIES, KEPT_INTERVAL_MS } from "#lib/bars/interval.ts";
import { BASELINE_SESSIONS } from "#lib/limits.ts";
import { previousTradeDate, sessionOpenMs } from "#lib/session.ts";
import { tradeDate } from "#lib/units.ts";
import { contractsOf } from "../front.ts";
import type { ContractState, EngineState } from "../state.ts";
import { createAnalysisBar, createSessionPlace, placeBar } from "./bar-place.ts";
import { FIVE_MINUTES } from "./contract-analysis.ts";

/** Short dates do not count: so many are looked through to find BASELINE_SESSIONS full ones. */
const DATES_MAX = BASELINE_SESSIONS + 8;

/**
 * RVOL of `front`'s root from the closed 5-minute bars of its dates so far (domain: volume baselines use the contract
 * that was front on each past day). ES on 2013-12-16, the day of its roll, is about 0.9 of usual, not 15.
 */
export function rootRelativeVolume(state: EngineState, front: ContractState): RelativeVolumeState {
  const volume = createRelativeVolume(KEPT_INTERVAL_MS[FIVE_MINUTES]);
  const { calendar, root } = front;
  const contracts = contractsOf(state, root);
  const opens = [front.day.openMs];
  let date = tradeDate(front.day.tradeDate);
  for (let step = 0; step < DATES_MAX; step += 1) {
    date = previousTradeDate(calendar, date);
    opens.push(sessionOpenMs(calendar, date));
  }
  for (let at = opens.length - 1; at >= 0; at -= 1) {
    const busiest = at === 0 ? front : busiestOf(contracts, opens[at]);
    if (busiest !== null) addDate(volume, busiest, opens[at], at === 0 ? Number.POSITIVE_INFINITY : opens[at - 1]);
  }
  return volume;
}

/** The contract with the most volume on the date that opens then; null: none traded. */
function busiestOf(contracts: readonly ContractState[], openMs: number): ContractState | null {
  let busiest: ContractState | null = null;
  let most = 0;
  for (const contract of contracts) {
    const days = contract.series[DAY_SERIES];
    const row = rowAt(days, openMs);
    if (row < 0 || days.volume[row] <= most) continue;
    most = days.volume[row];
    busiest = contract;
  }
  return busiest;
}

function addDate(volume: RelativeVolumeState, contract: ContractState, fromMs: number, toMs: number): void {
  const series = contract.series[FIVE_MINUTES];
  const bar = createAnalysisBar();
  const place = createSessionPlace();
  for (let row = rowAtOrAfter(series, fromMs); row < series.length && series.openMs[row] < toMs; row += 1) {
    const formerMs = row > 0 ? series.openMs[row - 1] : Number.NEGATIVE_INFINITY;
    placeBar(bar, place, contract, {
      series,
      row,
      endMs: series.openMs[row] + KEPT_INTERVAL_MS[FIVE_MINUTES],
      formerMs,
    });
    addRelativeVolumeBar(volume, bar);
  }
}

/** How long do all statistics over 50,000 round trips take? */
import { DEFAULT_STATS, tradeStatsOf } from "#lib/stats/trade-stats.ts";
import { randomTrades } from "#tests/support/random-trades.ts";
import { median, report } from "./measure.ts";

const TRADES = 50_000;
/** Five years. */
const DATES = 1_260;
const RUNS = 7;
const MS_MAX = 300;

const rows = randomTrades({ count: TRADES, dates: DATES, seed: 1 });

/** Processor time of the thread, which is all that works here. */
function timed(run: () => number): number {
  const from = process.threadCpuUsage();
  if (run() !== TRADES) throw new Error("not every trade was counted");
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1_000;
}

/** The least that any statistics page does: order the trades, sum each day and each setup once, no interval. */
function plainSums(): number {
  const days = new Map<number, number>();
  const setups = new Map<string | null, { n: number; net: number }>();
  for (const { tradeDate, netUsd, setup } of rows.toSorted((a, b) => a.exitMs - b.exitMs)) {
    days.set(tradeDate, (days.get(tradeDate) ?? 0) + netUsd);
    const sums = setups.get(setup) ?? { n: 0, net: 0 };
    sums.n += 1;
    sums.net += netUsd;
    setups.set(setup, sums);
  }
  return [...setups.values()].reduce((sum, { n }) => sum + n, 0);
}

const ours: number[] = [];
const peer: number[] = [];
for (let run = 0; run < RUNS; run += 1) {
  ours.push(timed(() => tradeStatsOf(rows).summary.n));
  peer.push(timed(plainSums));
}
const { resamples, cellResamples, paths, horizonDays } = DEFAULT_STATS;
report({
  name: "trade-stats",
  unit: "ms",
  ours: median(ours),
  peer: median(peer),
  peerName: "order, sum each day and setup once, by hand",
  peerVersion: process.version,
  goal: `<= ${MS_MAX} ms`,
  isMet: median(ours) <= MS_MAX,
  notes: `${TRADES} trades of ${DATES} dates, 8 breakdowns, intervals of ${resamples} draws (${cellResamples} a cell), ${paths} paths of ${horizonDays} days; processor time of the thread; the first and cold one ${ours[0].toFixed(0)} ms, slowest ${Math.max(...ours).toFixed(0)} ms`,
});

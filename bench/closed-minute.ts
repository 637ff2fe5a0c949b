/** What does a closed minute cost for twenty instruments, all analyses and what they publish included? */
import { busyTrades, marketPast, openMarket, ROOTS } from "./analysed-market.ts";
import { median, quantile, report } from "./measure.ts";

const MINUTES = 61;
/** The first closes warm up. */
const WARM_UP = 30;
const PER_MINUTE = 120;
const MS_MAX = 10;

const market = openMarket(marketPast());
market.build();
const trades = busyTrades(market, { minutes: MINUTES, perMinute: PER_MINUTE });
const fronts = market.fronts.length;
if (fronts !== ROOTS.length) throw new Error(`${fronts} fronts, expected ${ROOTS.length}`);
/** Processor time of the first trade of each front in a minute, which closes the one before; and of the next. */
const closing: number[] = [];
const within: number[] = [];
for (let at = 0; at < trades.length; at += fronts) {
  const place = (at / fronts) % PER_MINUTE;
  const from = process.threadCpuUsage();
  for (let turn = 0; turn < fronts; turn += 1) market.send(trades[at + turn]);
  const { user, system } = process.threadCpuUsage(from);
  if (at / fronts / PER_MINUTE < WARM_UP) continue;
  if (place === 0) closing.push((user + system) / 1_000);
  if (place === 1) within.push((user + system) / 1_000);
}
const { analyses } = market.engine.state;
const newest = market.fronts.map((front) => analyses[front]?.published?.asOfMs);
if (new Set(newest).size !== 1) throw new Error("not every instrument published its newest minute");
report({
  name: "closed-minute",
  unit: "ms",
  ours: median(closing),
  peer: within.reduce((sum, ms) => sum + ms, 0) / within.length,
  peerName: "as many trades inside a minute, mean",
  peerVersion: process.version,
  goal: `<= ${MS_MAX} ms`,
  isMet: median(closing) <= MS_MAX,
  notes: `${fronts} instruments, ${closing.length} minutes, processor time of the thread; slowest tenth ${quantile(closing, 0.9).toFixed(1)} ms`,
});

/** What does a closed minute cost for twenty instruments, all analyses and what they publish included? */
import { busyTrades, marketPast, openMarket, ROOTS } from "./analysed-market.ts";
import { report } from "./measure.ts";

const MINUTES = 151;
/** The first closes warm up. */
const WARM_UP = 30;
const PER_MINUTE = 60;
const MS_MAX = 10;

const market = openMarket(marketPast());
market.build();
const trades = busyTrades(market, { minutes: MINUTES, perMinute: PER_MINUTE });
const fronts = market.fronts.length;
if (fronts !== ROOTS.length) throw new Error(`${fronts} fronts, expected ${ROOTS.length}`);
/**
 * Processor time of the first trade of each front in a minute, which closes the one before; and of the next. The kernel
 * counts it in steps of some milliseconds: only sums over many minutes say anything.
 */
let [closing, within, minutes] = [0, 0, 0];
for (let at = 0; at < trades.length; at += fronts) {
  const place = (at / fronts) % PER_MINUTE;
  const from = process.threadCpuUsage();
  for (let turn = 0; turn < fronts; turn += 1) market.send(trades[at + turn]);
  const { user, system } = process.threadCpuUsage(from);
  if (at / fronts / PER_MINUTE < WARM_UP) continue;
  if (place === 0) {
    closing += (user + system) / 1_000;
    minutes += 1;
  }
  if (place === 1) within += (user + system) / 1_000;
}
const { analyses } = market.engine.state;
const newest = market.fronts.map((front) => analyses[front]?.published?.asOfMs);
if (new Set(newest).size !== 1) throw new Error("not every instrument published its newest minute");
report({
  name: "closed-minute",
  unit: "ms",
  ours: closing / minutes,
  peer: within / minutes,
  peerName: "as many trades inside a minute, mean",
  peerVersion: process.version,
  goal: `<= ${MS_MAX} ms`,
  isMet: closing / minutes <= MS_MAX,
  notes: `${fronts} instruments, mean of ${minutes} minutes, processor time of the thread`,
});

/** How long are twenty instruments analysed anew, from stored minute bars and today's ticks? */
import { busyTrades, marketPast, openMarket, ROOTS } from "./analysed-market.ts";
import { report } from "./measure.ts";

const TODAY = { minutes: 60, perMinute: 200 };
const MS_MAX = 10_000;

function cpuMsOf(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1_000;
}

const past = marketPast();
/** The bars alone: merged and folded into every interval, no analysis built. */
let market = openMarket(past);
const peer = cpuMsOf(() => {
  market = openMarket(past);
});
let trades = 0;
const ours = cpuMsOf(() => {
  market.build();
  for (const trade of busyTrades(market, TODAY)) {
    market.send(trade);
    trades += 1;
  }
});
const { analyses } = market.engine.state;
const ready = market.fronts.filter((front) => analyses[front]?.status === "ready").length;
if (ready !== ROOTS.length) throw new Error(`${ready} analyses are ready, expected ${ROOTS.length}`);
const bars = market.fronts.reduce((sum, front) => sum + (analyses[front]?.bars ?? 0), 0);
report({
  name: "forced-refresh",
  unit: "ms",
  ours,
  peer,
  peerName: "the same bars merged and folded alone",
  peerVersion: process.version,
  goal: `<= ${MS_MAX} ms`,
  isMet: ours <= MS_MAX,
  notes: `${ready} instruments, 20 sessions: ${bars} bars, then ${trades} trades; processor time of the thread`,
});

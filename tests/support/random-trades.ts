/** Which trades do tests and benches of statistics take? Seeded rows over many trade dates, with ties and unknowns. */
import { weekday } from "#lib/civil.ts";
import { createRandom } from "#lib/prng.ts";
import type { TradeRow } from "#lib/stats/trade-row.ts";
import { utcMsFromLocal } from "#lib/time-zone.ts";

const SETUPS = ["breakout", "pullback", "fade", null];
const ROOTS = ["MES", "MNQ", "MGC", "MCL"];
const TAGS = ["A+", "news", "late", "revenge"];
/** 2020-01-06, a Monday. */
const FIRST_DAY = 18_267;

/** One plain row; tests name what matters to them. */
export function rowOf(given: Partial<TradeRow> = {}): TradeRow {
  const tradeDate = given.tradeDate ?? FIRST_DAY;
  const entryMs = given.entryMs ?? utcMsFromLocal("America/New_York", tradeDate, 10 * 3_600_000);
  return {
    account: "Sim101",
    root: "MES",
    side: "long",
    contracts: 1,
    tradeDate,
    entryMs,
    exitMs: given.exitMs ?? entryMs + 600_000,
    grossUsd: given.netUsd ?? 0,
    feesUsd: 0,
    netUsd: 0,
    r: null,
    setup: null,
    tags: [],
    ruleBreaks: [],
    ...given,
  };
}

/** So many rows over so many weekdays, about as many each; nets in quarters of a dollar, some exactly 0. */
export function randomTrades(given: { count: number; dates: number; seed: number }): TradeRow[] {
  const random = createRandom(given.seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)];
  const days: number[] = [];
  for (let day = FIRST_DAY; days.length < given.dates; day += 1) if (weekday(day) % 6 !== 0) days.push(day);
  return Array.from({ length: given.count }, (_, at) => {
    const tradeDate = days[Math.floor((at * given.dates) / given.count)];
    const entryMs = utcMsFromLocal("America/New_York", tradeDate, Math.floor(random() * 16 * 3_600) * 1_000);
    const grossUsd = random() < 0.03 ? 1.24 : Math.round((random() + random() + random() - 1.45) * 400) / 4;
    const netUsd = Math.round((grossUsd - 1.24) * 100) / 100;
    return rowOf({
      root: pick(ROOTS),
      side: random() < 0.5 ? "long" : "short",
      contracts: 1 + Math.floor(random() * 3),
      tradeDate,
      entryMs,
      exitMs: entryMs + Math.floor(random() * random() * 18_000) * 1_000,
      grossUsd,
      feesUsd: 1.24,
      netUsd,
      r: random() < 0.1 ? null : netUsd / 25,
      setup: pick(SETUPS),
      tags: TAGS.filter(() => random() < 0.2),
      ruleBreaks: random() < 0.1 ? [pick(["size", "no stop"]), pick(["size", "overtrading"])] : [],
    });
  });
}

/** How do the groups of trades compare, each with its n, its interval, and what chance leaves of its lead? */
import { sumOf } from "#lib/math/sum-of.ts";
import { type Usd, usd } from "#lib/units.ts";
import { BREAKDOWN_KEYS, type BreakdownId } from "./breakdown-keys.ts";
import { type GroupMoments, shrunkMeans } from "./credibility.ts";
import type { DateResamples } from "./date-resamples.ts";
import { type Estimate, estimateOf } from "./estimate.ts";
import type { TradeDates } from "./trade-dates.ts";
import type { TradeRow } from "./trade-row.ts";
import { atLeastWilson } from "./trade-summary.ts";

export type BreakdownCell = {
  key: string;
  n: number;
  wins: number;
  netUsd: Usd;
  winRate: Estimate;
  expectancyUsd: Estimate;
  /** The expectancy drawn towards that of all groups, which have `nAll`, by how far chance explains their spread. */
  shrunkUsd: number;
  nAll: number;
  /** Of the trades whose R is known: its n is theirs. */
  expectancyR: Estimate;
  /** With fewer trades no list is sorted by this cell (domain). */
  isSortable: boolean;
};

const SORTABLE_N_MIN = 100;

const SUMS = ["n", "wins", "net", "rN", "rSum"] as const;
type Sums = Record<(typeof SUMS)[number], number>;

/** `dates` are the numbers of the dates with a trade, `added` what each of them adds to the sums. */
type Group = { key: string; sums: Sums; netSquares: number; dates: number[]; added: Sums[] };

/** Cells in the order of their keys. */
export function breakdownOf(
  id: BreakdownId,
  rows: readonly TradeRow[],
  dates: TradeDates,
  resamples: DateResamples,
): BreakdownCell[] {
  const groups = groupsOf(id, rows, dates);
  const nAll = sumOf(groups, ({ sums }) => sums.n);
  const shrunk = shrunkMeans(groups.map(momentsOf));
  return groups.map((group, at) => cellOf(group, { resamples, shrunkUsd: shrunk[at], nAll }));
}

function groupsOf(id: BreakdownId, rows: readonly TradeRow[], { dateOf }: TradeDates): Group[] {
  const groups = new Map<string, Group>();
  for (let at = 0; at < rows.length; at += 1) {
    for (const key of BREAKDOWN_KEYS[id](rows[at])) {
      let group = groups.get(key);
      if (group === undefined) {
        group = { key, sums: emptySums(), netSquares: 0, dates: [], added: [] };
        groups.set(key, group);
      }
      addRow(group, rows[at], dateOf[at]);
    }
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function emptySums(): Sums {
  return { n: 0, wins: 0, net: 0, rN: 0, rSum: 0 };
}

function addRow(group: Group, row: TradeRow, date: number): void {
  let place = group.dates.length - 1;
  if (group.dates[place] !== date) {
    place = group.dates.push(date) - 1;
    group.added.push(emptySums());
  }
  group.netSquares += row.netUsd * row.netUsd;
  addTo(group.sums, row);
  addTo(group.added[place], row);
}

function addTo(sums: Sums, { netUsd, r }: TradeRow): void {
  sums.n += 1;
  sums.wins += netUsd > 0 ? 1 : 0;
  sums.net += netUsd;
  if (r === null) return;
  sums.rN += 1;
  sums.rSum += r;
}

function momentsOf({ sums: { n, net }, netSquares }: Group): GroupMoments {
  return { n, mean: net / n, squares: Math.max(0, netSquares - (net * net) / n) };
}

function cellOf(group: Group, given: { resamples: DateResamples; shrunkUsd: number; nAll: number }): BreakdownCell {
  const { n, wins, net, rN, rSum } = group.sums;
  const drawn = resampledGroup(group, given.resamples);
  const dates = new Set(group.dates).size;
  return {
    key: group.key,
    n,
    wins,
    netUsd: usd(net),
    winRate: atLeastWilson(estimateOf(wins / n, drawn.winRates, { n, dates }), wins),
    expectancyUsd: estimateOf(net / n, drawn.means, { n, dates }),
    shrunkUsd: given.shrunkUsd,
    nAll: given.nAll,
    expectancyR: estimateOf(rSum / rN, drawn.meansR, { n: rN, dates }),
    isSortable: n >= SORTABLE_N_MIN,
  };
}

type Drawn = { winRates: Float64Array; means: Float64Array; meansR: Float64Array };

/** Dates without a trade of the group add nothing, so only its own are summed; NaN where a resample has none. */
function resampledGroup(group: Group, { count, dates, times }: DateResamples): Drawn {
  const own = Int32Array.from(group.dates);
  const [ns, wins, nets, rNs, rSums] = SUMS.map((name) => columnOf(group.added, name));
  const drawn = { winRates: new Float64Array(count), means: new Float64Array(count), meansR: new Float64Array(count) };
  for (let sample = 0; sample < count; sample += 1) {
    const from = sample * dates;
    let [n, won, net, rN, rSum] = [0, 0, 0, 0, 0];
    for (let at = 0; at < own.length; at += 1) {
      const weight = times[from + own[at]];
      n += weight * ns[at];
      won += weight * wins[at];
      net += weight * nets[at];
      rN += weight * rNs[at];
      rSum += weight * rSums[at];
    }
    drawn.winRates[sample] = won / n;
    drawn.means[sample] = net / n;
    drawn.meansR[sample] = rSum / rN;
  }
  return drawn;
}

/** In columns, as they are read some hundred times. */
function columnOf(added: readonly Sums[], name: keyof Sums): Float64Array {
  const column = new Float64Array(added.length);
  for (let at = 0; at < added.length; at += 1) column[at] = added[at][name];
  return column;
}

/** What did each broken rule cost? */
import { type Usd, usd } from "#lib/units.ts";
import type { TradeRow } from "./trade-row.ts";

export type RuleBreakCost = {
  rule: string;
  n: number;
  /** −net of the trades that broke it: what leaving them would have saved, negative what they won. */
  costUsd: Usd;
  /** The same in R over the trades whose R is known. */
  costR: number | null;
  rN: number;
};

/** `costUsd` of all counts each trade once, however many rules it broke: rules overlap and do not sum to it. */
export type RuleBreaks = { rules: RuleBreakCost[]; n: number; costUsd: Usd };

type Sums = { n: number; net: number; rN: number; rSum: number };

/** Dearest first. One trade of −40 broke two rules, one of +10 one of them → 30 and 40, all together 30. */
export function ruleBreaksOf(rows: readonly TradeRow[]): RuleBreaks {
  const all = emptySums();
  const rules = new Map<string, Sums>();
  for (const row of rows) {
    if (row.ruleBreaks.length > 0) addTo(all, row);
    for (const rule of new Set(row.ruleBreaks)) {
      const sums = rules.get(rule) ?? emptySums();
      addTo(sums, row);
      rules.set(rule, sums);
    }
  }
  const costs = [...rules].map(([rule, { n, net, rN, rSum }]) => ({
    rule,
    n,
    costUsd: usd(-net),
    costR: rN === 0 ? null : -rSum,
    rN,
  }));
  costs.sort((a, b) => b.costUsd - a.costUsd || (a.rule < b.rule ? -1 : 1));
  return { rules: costs, n: all.n, costUsd: usd(-all.net) };
}

function emptySums(): Sums {
  return { n: 0, net: 0, rN: 0, rSum: 0 };
}

function addTo(sums: Sums, { netUsd, r }: TradeRow): void {
  sums.n += 1;
  sums.net += netUsd;
  if (r === null) return;
  sums.rN += 1;
  sums.rSum += r;
}

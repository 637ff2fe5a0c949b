/** Which fills of an import are new, which are known, and which tell an execution that another source told already? */

import type { Fill } from "#lib/account/fill.ts";
import { fillContent } from "#lib/imports/content-id.ts";
import { SAME_FILL_MS_MAX } from "#lib/limits.ts";

/** Two tellings of the same: by content (one and one), or by order (a list of orders against a list of fills). */
export type FillPair<T extends Fill> = {
  readonly by: "content" | "order";
  readonly incoming: readonly T[];
  readonly existing: readonly Fill[];
};

/** One id, two contents: neither is dropped, a person decides. */
export type FillClash<T extends Fill> = {
  readonly incoming: T;
  readonly existing: Fill;
  readonly fields: readonly string[];
};

export type Reconciliation<T extends Fill> = {
  /** What would be added. */
  readonly fresh: readonly T[];
  /** Known by source, account and id, with equal content. */
  readonly same: readonly T[];
  readonly pairs: readonly FillPair<T>[];
  readonly clashes: readonly FillClash<T>[];
};

export type AccountLink = { readonly source: string; readonly account: string; readonly linkedTo: string };

/** The fills under the accounts that the user linked theirs to. */
export function linkAccounts<T extends Fill>(fills: readonly T[], links: readonly AccountLink[]): T[] {
  const linkedTo = new Map(links.map((link) => [`${link.source}|${link.account}`, link.linkedTo]));
  return fills.map((fill) => {
    const account = linkedTo.get(`${fill.source}|${fill.account}`);
    return account === undefined ? fill : { ...fill, account };
  });
}

/**
 * Sets an import against what is there. Within a source an execution is its account and id. Across sources it is a
 * multiset match: account, contract, side, contracts, price, and times that differ by 2 s at most (plus the step of a
 * clock that shows minutes alone, `timeStepMs` by source), or an order whose fills add up to it; only the surplus is
 * fresh. Order of rows does not matter; the earliest fitting partner is taken, so as many as can be are matched.
 */
export function reconcile<T extends Fill>(
  existing: readonly Fill[],
  incoming: readonly T[],
  timeStepMs: Readonly<Record<string, number>> = {},
): Reconciliation<T> {
  const { unknown, same, clashes } = knownById(existing, incoming);
  const matched = new Set<Fill>();
  const byOrder = pairsByOrder(existing, unknown, matched);
  const byContent = pairsByContent(existing, unknown, { matched, timeStepMs });
  const fresh = unknown.filter((fill) => !matched.has(fill));
  return { fresh, same, pairs: [...byOrder, ...byContent], clashes };
}

function knownById<T extends Fill>(existing: readonly Fill[], incoming: readonly T[]) {
  const known = new Map(existing.map((fill) => [idOf(fill), fill]));
  const unknown: T[] = [];
  const same: T[] = [];
  const clashes: FillClash<T>[] = [];
  for (const fill of incoming) {
    const twin = known.get(idOf(fill));
    if (twin === undefined) {
      known.set(idOf(fill), fill);
      unknown.push(fill);
      continue;
    }
    const fields = differences(fill, twin);
    if (fields.length === 0) same.push(fill);
    else clashes.push({ incoming: fill, existing: twin, fields });
  }
  return { unknown, same, clashes };
}

function idOf(fill: Fill): string {
  return `${fill.source}|${fill.account}|${fill.executionId}`;
}

/** Fields in which two tellings of one id contradict; the whole second is enough, and a missing fee says nothing. */
function differences(a: Fill, b: Fill): string[] {
  const fields = (["root", "year", "month", "side", "contracts", "priceTicks"] as const).filter((f) => a[f] !== b[f]);
  const isLater = Math.abs(a.atMs - b.atMs) > SAME_FILL_MS_MAX;
  const isCostlier = a.feeUsd !== null && b.feeUsd !== null && Math.abs(a.feeUsd - b.feeUsd) > 0.005;
  return [...fields, ...(isLater ? ["atMs"] : []), ...(isCostlier ? ["feeUsd"] : [])];
}

/** Orders of one account and contract that two sources tell, whole on both sides. */
function pairsByOrder<T extends Fill>(existing: readonly Fill[], incoming: readonly T[], matched: Set<Fill>) {
  const pairs: FillPair<T>[] = [];
  const there = groupBy(existing, orderKey);
  for (const [key, mine] of groupBy(incoming, orderKey)) {
    if (key === null) continue;
    const theirs = (there.get(key) ?? []).filter((fill) => fill.source !== mine[0].source);
    if (theirs.length === 0 || !isOneOrder(mine, theirs)) continue;
    for (const fill of [...mine, ...theirs]) matched.add(fill);
    pairs.push({ by: "order", incoming: mine, existing: theirs });
  }
  return pairs;
}

function orderKey({ account, root, year, month, side, orderId }: Fill): string | null {
  return orderId === null ? null : [account, root, year, month, side, orderId].join("|");
}

/** Equal contracts, and averages that differ by rounding at most: a hundredth of a tick. */
function isOneOrder(a: readonly Fill[], b: readonly Fill[]): boolean {
  const [mine, theirs] = [totals(a), totals(b)];
  if (mine.contracts !== theirs.contracts) return false;
  return Math.abs(mine.tickContracts - theirs.tickContracts) <= 0.01 * mine.contracts;
}

function totals(fills: readonly Fill[]): { contracts: number; tickContracts: number } {
  let contracts = 0;
  let tickContracts = 0;
  for (const fill of fills) {
    contracts += fill.contracts;
    tickContracts += fill.contracts * fill.priceTicks;
  }
  return { contracts, tickContracts };
}

function pairsByContent<T extends Fill>(
  existing: readonly Fill[],
  incoming: readonly T[],
  { matched, timeStepMs }: { readonly matched: Set<Fill>; readonly timeStepMs: Readonly<Record<string, number>> },
): FillPair<T>[] {
  const pairs: FillPair<T>[] = [];
  const there = groupBy(byTime(existing), fillContent);
  // Partners that stand so far behind are behind every later fill as well: the search begins behind them.
  const horizonMs = SAME_FILL_MS_MAX + Math.max(0, ...Object.values(timeStepMs));
  const begins = new Map<string, number>();
  // A clock of whole seconds stands within the 2 s already.
  const stepMs = (fill: Fill) => Math.max(0, (timeStepMs[fill.source] ?? 0) - 1000);
  for (const fill of byTime(incoming)) {
    if (matched.has(fill)) continue;
    const content = fillContent(fill);
    const others = there.get(content) ?? [];
    let begin = begins.get(content) ?? 0;
    while (begin < others.length && (matched.has(others[begin]) || fill.atMs - others[begin].atMs > horizonMs))
      begin += 1;
    begins.set(content, begin);
    for (let index = begin; index < others.length; index += 1) {
      const other = others[index];
      if (other.atMs - fill.atMs > SAME_FILL_MS_MAX + stepMs(fill)) break;
      if (matched.has(other) || other.source === fill.source) continue;
      if (fill.atMs - other.atMs > SAME_FILL_MS_MAX + stepMs(other)) continue;
      matched.add(fill).add(other);
      pairs.push({ by: "content", incoming: [fill], existing: [other] });
      break;
    }
  }
  return pairs;
}

function byTime<T extends Fill>(fills: readonly T[]): T[] {
  return [...fills].sort((a, b) => a.atMs - b.atMs);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

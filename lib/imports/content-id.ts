/** How is a fill named whose source gives no id? By its content, and by its place among equal ones. */

import type { Fill } from "#lib/account/fill.ts";

/** What two tellings of one execution have in common besides time and id. */
export function fillContent(fill: Fill): string {
  const { account, root, year, month, side, contracts, priceTicks } = fill;
  return [account, root, year, month, side, contracts, priceTicks].join("|");
}

/**
 * Gives every fill an id: its own, else "~content@time#n", n counting the equal ones from 1. So a second import of the
 * same file names them alike, and two true executions of one second at one price stay two.
 */
export function withIds<T extends Fill>(fills: readonly T[]): T[] {
  const counts = new Map<string, number>();
  return fills.map((fill) => {
    if (fill.executionId !== "") return fill;
    const content = `${fillContent(fill)}@${fill.atMs}`;
    const count = (counts.get(content) ?? 0) + 1;
    counts.set(content, count);
    return { ...fill, executionId: `~${content}#${count}` };
  });
}

/** Which instrument, interval and hours do the linked panels show, and in which order does the table list them? */

import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { type Hours, type Interval, parseInterval } from "#lib/wire/topic.ts";

export type Linked = { root: string; interval: Interval; hours: Hours };

function readLinked(stored: unknown): Linked | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { root, interval, hours } = stored as Record<string, unknown>;
  const known = typeof interval === "string" ? parseInterval(interval) : null;
  if (typeof root !== "string" || known === null || (hours !== "eth" && hours !== "rth")) return null;
  return { root, interval: known, hours };
}

const INITIAL: Linked = { root: "ES", interval: "5m", hours: "eth" };

export const linked = createPersisted<Linked>({ key: "rightseat.linked", initial: INITIAL, read: readLinked });

/** The roots as the table shows them, top to bottom: what ↑ and ↓ walk. */
export const shownOrder: { roots: readonly string[] } = { roots: [] };

export function useLinked(): Linked {
  return usePersisted(linked);
}

export function linkRoot(root: string): void {
  linked.set({ ...linked.get(), root });
}

export function chooseInterval(interval: Interval): void {
  linked.set({ ...linked.get(), interval });
}

export function chooseHours(hours: Hours): void {
  linked.set({ ...linked.get(), hours });
}

/** Links the row above (−1) or below (+1) the linked one; stays at the ends. */
export function linkNeighbour(step: -1 | 1): void {
  const { roots } = shownOrder;
  if (roots.length === 0) return;
  const index = roots.indexOf(linked.get().root);
  const next = Math.min(roots.length - 1, Math.max(0, index + step));
  linkRoot(roots[next]);
}

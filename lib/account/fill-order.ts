/** Which of two fills comes first? By execution time, then by execution id, so that the order of arrival is nothing. */
import type { Fill } from "./fill.ts";

/** Negative where a comes first. Equal times: by id, then by source (two sources may use one id). */
export function fillOrder(a: Fill, b: Fill): number {
  return a.atMs - b.atMs || executionOrder(a.executionId, b.executionId) || textOrder(a.source, b.source);
}

/** Numbers in ids count as numbers, as most venues count up: "9" before "10", "7.2" before "8", "a-9" before "a-10". */
function executionOrder(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const order = partOrder(left[at], right[at]);
    if (order !== 0) return order;
  }
  return left.length - right.length || textOrder(a, b);
}

/** Runs of digits and of anything else, in turn. */
function partsOf(id: string): string[] {
  return id.match(/\d+|\D+/g) ?? [];
}

function partOrder(a: string, b: string): number {
  if (!isNumber(a) || !isNumber(b)) return textOrder(a, b);
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return left.length - right.length || textOrder(left, right);
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}

/** By code units: the same in every locale. */
function textOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

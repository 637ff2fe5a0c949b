/** How is a plain tree copied, so that the copy can go its own way? Records, lists and typed arrays, level by level. */

/** A deep copy of numbers, texts, lists, typed arrays and records; nothing of it is shared with the original. */
export function copyTree<Tree>(tree: Tree): Tree {
  return copied(tree) as Tree; // safe: every level is copied as what it is
}

function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  if (Array.isArray(value)) return value.map(copied);
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = copied((value as Record<string, unknown>)[key]);
  return copy;
}

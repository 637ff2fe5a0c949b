/** What must change in one tree to make another of it? Of what JSON can say; what stays equal stays the same object. */

/**
 * `[value]`: that instead. `[]`: the member goes. A record: these members change (indexes, where it is an array of the
 * same length), all others stay; the empty one changes nothing.
 */
export type TreePatch = readonly [] | readonly [unknown] | { readonly [key: string]: TreePatch };

/** A member that is undefined counts as absent, as in JSON. {a: 1, b: [2, 3]} → {b: [2, 4]}: {b: {1: [4]}}. */
export function patchOf(former: unknown, next: unknown): TreePatch {
  if (former === next) return {};
  if (!isBranch(former) || !isBranch(next) || !isAlike(former, next)) return [next];
  const patch: Record<string, TreePatch> = {};
  for (const key of Object.keys(former)) {
    if (former[key] !== undefined && next[key] === undefined) patch[key] = [];
  }
  for (const key of Object.keys(next)) {
    if (next[key] === undefined) continue;
    const change = former[key] === undefined ? ([next[key]] as const) : patchOf(former[key], next[key]);
    if (!isEmpty(change)) patch[key] = change;
  }
  return patch;
}

/** The tree that the patch was made for; `tree` itself stays as it was. */
export function applyPatch<Tree>(tree: Tree, patch: TreePatch): Tree {
  return patched(tree, patch) as Tree; // safe: the caller names the type of the tree that was patched
}

function patched(tree: unknown, patch: TreePatch): unknown {
  if (isReplaced(patch)) return patch[0];
  if (!isBranch(tree) || isEmpty(patch)) return tree;
  // Safe: an array is a branch by its indexes.
  const out = (Array.isArray(tree) ? [...tree] : { ...tree }) as Branch;
  for (const [key, change] of Object.entries(patch)) {
    if (isReplaced(change) && change.length === 0) delete out[key];
    else out[key] = patched(out[key], change);
  }
  return out;
}

type Branch = Record<string, unknown>;

function isBranch(tree: unknown): tree is Branch {
  return typeof tree === "object" && tree !== null;
}

function isAlike(former: Branch, next: Branch): boolean {
  if (Array.isArray(former) !== Array.isArray(next)) return false;
  return !Array.isArray(former) || former.length === next.length;
}

function isReplaced(patch: TreePatch): patch is readonly [] | readonly [unknown] {
  return Array.isArray(patch);
}

function isEmpty(patch: TreePatch): boolean {
  return !isReplaced(patch) && Object.keys(patch).length === 0;
}

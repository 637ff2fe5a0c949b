/** Where do labels stand that would cover each other? Moved apart by as little as it takes; of too many some go. */

export type Wanted = { text: string; y: number };

/**
 * Labels in the order of their importance, `gapPx` high → those that fit between 0 and `height`, each with its place,
 * top to bottom. Wanted at 10, 12 and 14 with a gap of 10 → 10, 20, 30.
 */
export function placeLabels<Label extends Wanted>(
  labels: readonly Label[],
  { gapPx, height }: { gapPx: number; height: number },
): (Label & { placeY: number })[] {
  const fit = Math.max(0, Math.floor(height / gapPx));
  const kept = labels.filter(({ y }) => y >= 0 && y <= height).slice(0, fit);
  const placed = kept.toSorted((a, b) => a.y - b.y).map((label) => ({ ...label, placeY: label.y }));
  const half = gapPx / 2;
  let lowest = half;
  for (const label of placed) {
    label.placeY = Math.max(label.y, lowest);
    lowest = label.placeY + gapPx;
  }
  let highest = height - half;
  for (const label of placed.toReversed()) {
    label.placeY = Math.min(label.placeY, highest);
    highest = label.placeY - gapPx;
  }
  return placed;
}

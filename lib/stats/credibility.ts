/** How much may a small group's mean be believed beside that of all? Shrunk towards it, by what the data say. */

/** Of one group: how many values, their mean, and Σ (value − mean)². */
export type GroupMoments = { n: number; mean: number; squares: number };

/**
 * The groups' means, each drawn towards the mean of all by its credibility Z = n ÷ (n + v ÷ a), where v is the variance
 * within groups and a that between their true means; all are the mean of all where chance alone explains their spread.
 * Source: Bühlmann and Straub (1970), the nonparametric estimators as in Klugman, Panjer, Willmot, Loss Models.
 * 3, 5, 7 and 6, 12, 9 → v 6.5, a 5.8333, Z 0.7292: 5 → 5.5417, 9 → 8.4583.
 */
export function shrunkMeans(groups: readonly GroupMoments[]): number[] {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const mean = groups.reduce((sum, group) => sum + group.n * group.mean, 0) / n;
  const within = groups.reduce((sum, group) => sum + group.squares, 0) / (n - groups.length);
  const spread = groups.reduce((sum, group) => sum + group.n * (group.mean - mean) * (group.mean - mean), 0);
  const scale = n - groups.reduce((sum, group) => sum + group.n * group.n, 0) / n;
  const between = (spread - (groups.length - 1) * within) / scale;
  return groups.map((group) => {
    // Not greater than 0: also where one group, or one value a group, leaves nothing to tell.
    if (!(between > 0)) return mean;
    return mean + (group.n / (group.n + within / between)) * (group.mean - mean);
  });
}

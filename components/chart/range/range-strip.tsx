"use client";
/** What does the profile of the chosen range say? One line below the chart's header, or what is still to be done. */

import { anchorName } from "#components/chart/anchors/anchor-words.ts";
import styles from "#components/chart/anchors/anchors.module.css";
import { rangeChoice } from "#components/chart/range/range-choice.ts";
import { rangeWords } from "#components/chart/range/range-words.ts";
import { useRangeProfile } from "#components/queries/price-rows.ts";
import { usePersisted } from "#components/ui/persisted.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { Zone } from "#lib/time-zone.ts";

export function RangeStrip({ root, contract, zone }: { root: string; contract: string | null; zone: Zone }) {
  const choice = usePersisted(rangeChoice);
  const own = choice?.contract === contract ? choice : null;
  const { data, error } = useRangeProfile(own);
  if (own === null) return null;
  const { fromMs, toMs } = own;
  const name = `${anchorName(fromMs, zone)} – ${toMs === null ? "…" : anchorName(toMs, zone)}`;
  const words =
    toMs === null
      ? "choose its last bar in the same way"
      : rangeWords(data, error, { instrument: instrumentOf(root), zone });
  return (
    <div className={styles.strip} data-testid="range-strip">
      <span className={styles.anchor}>
        <span>profile {name}</span>
        <button
          type="button"
          className={styles.remove}
          aria-label={`Remove the profile of ${name}`}
          onClick={() => rangeChoice.set(null)}
        >
          ×
        </button>
      </span>
      <span className={`${styles.words} n live`} data-testid="range-words">
        {words}
      </span>
    </div>
  );
}

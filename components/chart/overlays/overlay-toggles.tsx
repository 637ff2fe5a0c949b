"use client";
/** What is drawn over the candles? One button an overlay; the choice outlives a reload and holds for every chart. */

import styles from "#components/chart/chart.module.css";
import { OVERLAYS, overlayChoices } from "#components/chart/overlays/overlay-choices.ts";
import { usePersisted } from "#components/ui/persisted.ts";

export function OverlayToggles() {
  const choices = usePersisted(overlayChoices);
  return (
    <fieldset className={styles.tools} aria-label="Overlays">
      {OVERLAYS.map(({ id, name, meaning }) => (
        <button
          key={id}
          type="button"
          className={styles.tool}
          aria-pressed={choices[id]}
          title={meaning}
          data-testid={`overlay-${id}`}
          onClick={() => overlayChoices.set({ ...choices, [id]: !choices[id] })}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

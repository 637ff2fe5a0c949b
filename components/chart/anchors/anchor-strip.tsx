"use client";

/** What do VWAP and CVD read since the user's own anchors? One line below the chart's header while there are any. */

import { type AnchorWords, anchorWords } from "#components/chart/anchors/anchor-words.ts";
import styles from "#components/chart/anchors/anchors.module.css";
import { useInsight } from "#components/live/use-live.ts";
import { useAnchors } from "#components/queries/use-anchors.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { Zone } from "#lib/time-zone.ts";

export function AnchorStrip({ root, zone }: { root: string; zone: Zone }) {
  const insight = useInsight(root, (cards) => cards);
  if (insight === undefined || insight.anchors.length === 0) return null;
  const lines = anchorWords(insight, instrumentOf(root), zone);
  return (
    <ul className={styles.strip} aria-label="Anchors of VWAP and CVD">
      {lines.map((words) => (
        <AnchorLine key={words.atMs} words={words} contract={insight.contract} />
      ))}
    </ul>
  );
}

function AnchorLine({ words, contract }: { words: AnchorWords; contract: string }) {
  const anchors = useAnchors();
  const { atMs, name, vwap, sigma, cvd, reasons } = words;
  return (
    <li className={styles.anchor} data-testid={`anchor-${atMs}`} title={reasons}>
      <span className={styles.dash} aria-hidden="true" />
      <span>from {name}</span>
      <span className="dim">VWAP</span>
      <span className="n live" data-field="vwap">
        {vwap}
      </span>
      <span className="n live dim" data-field="sigma">
        ±{sigma}
      </span>
      <span className="dim">CVD</span>
      <span className="n live" data-field="cvd">
        {cvd}
      </span>
      <button
        type="button"
        className={styles.remove}
        aria-label={`Remove the anchor of ${name}`}
        disabled={anchors.isPending}
        onClick={() => anchors.mutate({ action: "remove", contract, atMs })}
      >
        ×
      </button>
    </li>
  );
}

"use client";
/** Where does each panel of the cockpit stand? Three columns to drag apart, one below the other on a phone. */

import type { CSSProperties, ReactNode } from "react";
import styles from "#components/ui/cockpit-frame.module.css";
import { layout } from "#components/ui/look.ts";
import { usePersisted } from "#components/ui/persisted.ts";
import { Splitter } from "#components/ui/splitter.tsx";

export type CockpitFrameProps = {
  header: ReactNode;
  trustBar: ReactNode;
  table: ReactNode;
  levels: ReactNode;
  trust: ReactNode;
  chart: ReactNode;
  positions: ReactNode;
  detail: ReactNode;
  strip: ReactNode;
};

/** A size as css: the dragged one, else as designed. */
function sizeVariables(sizes: ReturnType<typeof layout.get>): CSSProperties {
  const variables: Record<string, string> = {};
  for (const [name, sizePx] of Object.entries(sizes)) if (sizePx !== null) variables[`--${name}-size`] = `${sizePx}px`;
  return variables;
}

export function CockpitFrame(props: CockpitFrameProps) {
  const { header, trustBar, table, levels, trust, chart, positions, detail, strip } = props;
  const sizes = usePersisted(layout);
  return (
    <div className={styles.page} style={sizeVariables(sizes)}>
      {header}
      {trustBar}
      <main className={styles.main}>
        <h1 className="visually-hidden">Cockpit</h1>
        <div className={styles.left}>
          <div className={styles.table}>{table}</div>
          <Splitter side="table" axis="y" grows={1} label="Height of the instrument table" />
          <div className={styles.levels}>{levels}</div>
          <div className={styles.trust}>{trust}</div>
        </div>
        <Splitter side="left" axis="x" grows={1} label="Width of the left column" />
        <div className={styles.middle}>
          <div className={styles.chart}>{chart}</div>
          {positions}
        </div>
        <Splitter side="right" axis="x" grows={-1} label="Width of the right column" />
        <div className={styles.right}>{detail}</div>
      </main>
      {strip}
    </div>
  );
}

/** What frames a part of the screen? A 28 px header with title, note and source, and a body. */

import type { ReactNode } from "react";
import styles from "#components/ui/panel.module.css";

export type PanelProps = {
  title: string;
  /** Beside the title: which contract, which time. */
  note?: ReactNode;
  /** At the right: source, age, menu. */
  source?: ReactNode;
  children: ReactNode;
  testId?: string;
  className?: string;
};

export function Panel({ title, note, source, children, testId, className }: PanelProps) {
  return (
    <section
      className={className === undefined ? styles.panel : `${styles.panel} ${className}`}
      data-testid={testId}
      aria-label={title}
    >
      <div className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {note}
        {source === undefined ? null : <span className={styles.source}>{source}</span>}
      </div>
      {children}
    </section>
  );
}

/** Why a panel is empty, and what fills it. */
export function EmptyNote({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty} role="status">
      <div className={styles.emptyTitle}>{title}</div>
      {children === undefined ? null : <div className="dim">{children}</div>}
    </div>
  );
}

/** Grey bars in place of values that have not come yet. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div className={styles.skeletons} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <span key={index} className="skeleton" style={{ width: `${88 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

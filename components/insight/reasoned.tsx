"use client";
/** Why is this value what it is? A line whose reasons come with the pointer, the keyboard or a tap. */

import { type ReactNode, useId } from "react";
import { barTimeText } from "#components/insight/insight-words.ts";
import styles from "#components/insight/reasoned.module.css";

export type ReasonedProps = {
  /** What the keyboard's reader is told: "Volatility". */
  label: string;
  reasons: readonly string[];
  /** End of the bar that the value stands on. */
  atMs: number | null;
  /** The value with the forming bar. */
  forming?: string | undefined;
  children: ReactNode;
};

export function Reasoned({ label, reasons, atMs, forming, children }: ReasonedProps) {
  const id = useId();
  return (
    <div className={styles.reasoned}>
      <button type="button" className={styles.value} aria-describedby={id}>
        {children}
      </button>
      <div id={id} role="tooltip" className={styles.reasons}>
        <div className="label">{label}</div>
        {reasons.map((reason) => (
          <div key={reason}>{reason}</div>
        ))}
        {forming === undefined ? null : <div className={styles.formingReason}>with the forming bar: {forming}</div>}
        <div className="dim">{atMs === null ? "no bar yet" : `bar closed ${barTimeText(atMs)}`}</div>
      </div>
    </div>
  );
}

/** Longer ones would push the note out of the line; the reasons have them. */
const FORMING_LENGTH_MAX = 12;

/** Where the forming bar takes the value: only where it differs, and drawn as not certain. */
export function Forming({ text, shown }: { text: string | undefined; shown: string }) {
  if (text === undefined || text === shown || text.length > FORMING_LENGTH_MAX) return null;
  return (
    <span className={styles.forming} title="With the forming bar; it may still change">
      {text}
    </span>
  );
}

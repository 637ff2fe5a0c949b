"use client";
/** What would one do here, at which prices and size, and what speaks against it? */

import styles from "#components/insight/insight.module.css";
import { type PlanLine, planWords } from "#components/insight/plan-words.ts";
import type { CardProps } from "#components/insight/readings.tsx";
import { Forming, Reasoned } from "#components/insight/reasoned.tsx";

export function PlanCard({ parts, provisional, context, root }: CardProps & { root: string }) {
  const { focus } = parts;
  const plan = planWords(focus, root, context);
  const forming = provisional === null ? undefined : planWords(provisional.focus, root, context).verdict;
  return (
    <div className={`${styles.card} ${styles.plan}`} data-testid="plan">
      <Reasoned label="The plan" reasons={focus.reasons} atMs={focus.atMs} forming={forming}>
        <span className={styles.row}>
          <span className="label">The plan</span>
          <span>
            <Forming text={forming} shown={plan.verdict} />{" "}
            <span className={styles.regimePill} data-tone={plan.tone} data-testid="plan-verdict">
              {plan.verdict}
            </span>
          </span>
        </span>
      </Reasoned>
      {plan.lines.map((line) => (
        <Line key={line.id} line={line} atMs={focus.atMs} />
      ))}
      <ul className={styles.factors}>
        {plan.why.map((reason) => (
          <li key={reason} data-for="true">
            <span className="visually-hidden">for: </span>
            {reason}
          </li>
        ))}
        {plan.whyNot.map((reason) => (
          <li key={reason} data-for="false">
            <span className="visually-hidden">against: </span>
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ line, atMs }: { line: PlanLine; atMs: number | null }) {
  const { id, label, value, note, tone, reasons } = line;
  return (
    <Reasoned label={label} reasons={reasons} atMs={atMs}>
      <span className={styles.row}>
        <span className="mid">{label}</span>
        <span className={styles.reading}>
          <span className={`n live ${tone}`} data-testid={`plan-${id}`}>
            {value}
          </span>
          {note === "" ? null : <span className={`${styles.note} dim`}>{note}</span>}
        </span>
      </span>
    </Reasoned>
  );
}

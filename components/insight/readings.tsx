"use client";

/** Volatility, wave, confluence, range, value, volume: what does each say in one line? */

import styles from "#components/insight/insight.module.css";
import { type Reading, type ReadingContext, readingsOf } from "#components/insight/insight-words.ts";
import { Forming, Reasoned } from "#components/insight/reasoned.tsx";
import type { CardParts } from "#lib/wire/insight-stream.ts";

export type CardProps = { parts: CardParts; provisional: CardParts | null; context: ReadingContext };

export function Readings({ parts, provisional, context }: CardProps) {
  const forming = provisional === null ? [] : readingsOf(provisional, context);
  return (
    <div className={styles.card}>
      {readingsOf(parts, context).map((line) => (
        <ReadingLine key={line.id} line={line} forming={forming.find(({ id }) => id === line.id)} />
      ))}
    </div>
  );
}

function ReadingLine({ line, forming }: { line: Reading; forming: Reading | undefined }) {
  const { id, label, value, note, tone, reasons, atMs } = line;
  return (
    <Reasoned label={label} reasons={reasons} atMs={atMs} forming={forming?.value}>
      <span className={styles.row}>
        <span className="mid">{label}</span>
        <span className={styles.reading}>
          <span className={`n live ${tone}`} data-testid={`insight-${id}`}>
            {value}
          </span>
          <Forming text={forming?.value} shown={value} />
          {note === "" ? null : <span className={`${styles.note} dim`}>{note}</span>}
        </span>
      </span>
    </Reasoned>
  );
}

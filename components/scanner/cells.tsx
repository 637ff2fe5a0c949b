"use client";
/** How is each cell of the instrument table drawn? Each listens to its own part and renders when its text changes. */

import { DELTA_MARKS, DELTA_WORDS } from "#components/live/delta-words.ts";
import { useLiveParts } from "#components/live/live-context.tsx";
import { rangePositionOf } from "#components/live/quote-parts.ts";
import { QuoteText } from "#components/live/quote-text.tsx";
import { useFeedClockText } from "#components/live/use-feed-now.ts";
import { useQuoteValue } from "#components/live/use-live.ts";
import type { ColumnId } from "#components/scanner/columns.ts";
import { ScanCell } from "#components/scanner/scan-cell.tsx";
import { isScanColumn } from "#components/scanner/scan-columns.ts";
import styles from "#components/scanner/table.module.css";
import { formatAge, formatPrice, UNKNOWN } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { QuoteMessage } from "#lib/wire/stream.ts";

export function Cell({ id, row }: { id: ColumnId; row: InstrumentRow }) {
  const { contract, root } = row;
  if (isScanColumn(id)) return <ScanCell id={id} root={root} />;
  switch (id) {
    case "contract":
      return <ContractCell row={row} />;
    case "range":
      return <RangeCell row={row} />;
    case "age":
      return <AgeCell contract={contract} />;
    case "mode":
      return <ModeCell row={row} />;
    case "delta":
      return <DeltaCell row={row} />;
    case "change":
      return <ChangeCell row={row} />;
    case "changePercent":
      return <QuoteText contract={contract} root={root} part={id} isSigned />;
    default:
      return <QuoteText contract={contract} root={root} part={id} isFlashing={id === "last"} />;
  }
}

function ContractCell({ row }: { row: InstrumentRow }) {
  return (
    <span title={row.name} className={styles.contract}>
      {row.label}
      {row.pinned ? (
        <span className={styles.pin} title="Pinned by you; it does not roll by itself">
          pin
        </span>
      ) : null}
    </span>
  );
}

function ChangeCell({ row }: { row: InstrumentRow }) {
  const source = useQuoteValue(row.contract, (quote) => quote.changeSource);
  const title = source === "est." ? "The previous settlement is estimated from the last RTH minute" : source;
  return (
    <span title={title}>
      <QuoteText contract={row.contract} root={row.root} part="change" isSigned />
      {source === "est." ? <span className={styles.mark}>est.</span> : null}
    </span>
  );
}

function DeltaCell({ row }: { row: InstrumentRow }) {
  const source = useQuoteValue(row.contract, (quote) => quote.deltaSource) ?? "none";
  return (
    <span title={DELTA_WORDS[source]}>
      <QuoteText contract={row.contract} root={row.root} part="delta" isSigned />
      {DELTA_MARKS[source] === "" ? null : <span className={styles.mark}>{DELTA_MARKS[source]}</span>}
    </span>
  );
}

/** Steps of the marker, percent: finer ones would render without being seen. */
const MARKER_STEP = 2;

function RangeCell({ row }: { row: InstrumentRow }) {
  const instrument = instrumentOf(row.root);
  const low = useQuoteValue(row.contract, (quote) =>
    instrument === null ? UNKNOWN : formatPrice(quote.low, instrument),
  );
  const high = useQuoteValue(row.contract, (quote) =>
    instrument === null ? UNKNOWN : formatPrice(quote.high, instrument),
  );
  const place = useQuoteValue(row.contract, (quote) => {
    const position = rangePositionOf(quote);
    return position === null ? null : Math.round((position * 100) / MARKER_STEP) * MARKER_STEP;
  });
  if (low === undefined) return <span className="skeleton" style={{ width: 80 }} />;
  return (
    <span className={`${styles.range} n live`}>
      <span data-part="low">{low}</span>
      <span className="dim">–</span>
      <span data-part="high">{high}</span>
      <span className={styles.rangeBar} aria-hidden="true">
        {typeof place === "number" ? <span className={styles.rangeMark} style={{ left: `${place}%` }} /> : null}
      </span>
    </span>
  );
}

/** Ages are looked at in steps, ms: the tenths in between would only flicker. */
const AGE_STEP_MS = 500;

function AgeCell({ contract }: { contract: string }) {
  const { store } = useLiveParts();
  const isStale = useQuoteValue(contract, (quote) => quote.staleSinceMs !== null);
  const text = useFeedClockText((nowMs) => {
    const message = store.get(`quote:${contract}`) as QuoteMessage | undefined; // safe: the topic's own kind
    const eventMs = message?.quote.eventMs ?? null;
    return eventMs === null ? UNKNOWN : formatAge(Math.floor(Math.max(0, nowMs - eventMs) / AGE_STEP_MS) * AGE_STEP_MS);
  });
  return <span className={`n live ${isStale ? "caution" : "dim"}`}>{text ?? UNKNOWN}</span>;
}

function ModeCell({ row }: { row: InstrumentRow }) {
  const isStale = useQuoteValue(row.contract, (quote) => quote.staleSinceMs !== null);
  return <span className="dim">{isStale ? `${row.mode} · STALE` : row.mode}</span>;
}

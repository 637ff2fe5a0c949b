"use client";
/** What is there to know about the linked contract today? Touch, day, volume by side, session, specification, month. */

import { ContractMonths } from "#components/insight/contract-months.tsx";
import styles from "#components/insight/insight.module.css";
import { SessionToday } from "#components/insight/session-today.tsx";
import { VolumeSplit } from "#components/insight/volume-split.tsx";
import type { QuotePart } from "#components/live/quote-parts.ts";
import { QuoteText } from "#components/live/quote-text.tsx";
import { useQuoteValue } from "#components/live/use-live.ts";
import { formatPrice, formatUsd } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";

export function ContractCards({ row }: { row: InstrumentRow }) {
  return (
    <>
      <Touch row={row} />
      <Day row={row} />
      <VolumeSplit row={row} />
      <SessionToday row={row} />
      <Specification row={row} />
      <ContractMonths row={row} />
    </>
  );
}

/** The big number, its change, and the best bid and ask. */
function Touch({ row }: { row: InstrumentRow }) {
  const { contract, root } = row;
  const isStale = useQuoteValue(contract, (quote) => quote.staleSinceMs !== null);
  const part = (name: QuotePart, isSigned = false) => (
    <QuoteText contract={contract} root={root} part={name} isSigned={isSigned} testId={`detail-${name}`} />
  );
  return (
    <div className={isStale ? `${styles.card} stale-value` : styles.card} data-stale={isStale === true}>
      <div className={styles.big}>
        <span className={styles.bigNumber}>{part("last")}</span>
        {part("change", true)}
        {part("changePercent", true)}
      </div>
      <div className={styles.touch}>
        <span>
          <span className="label">Bid</span> {part("bid")} <span className="dim">× {part("bidSize")}</span>
        </span>
        <span>
          <span className="label">Ask</span> {part("ask")} <span className="dim">× {part("askSize")}</span>
        </span>
      </div>
    </div>
  );
}

const DAY_PARTS: readonly (readonly [QuotePart, string])[] = [
  ["open", "Open"],
  ["high", "High"],
  ["low", "Low"],
  ["vwap", "VWAP"],
];

function Day({ row }: { row: InstrumentRow }) {
  const { contract, root } = row;
  const tradeDate = useQuoteValue(contract, (quote) => quote.tradeDate);
  const source = useQuoteValue(contract, (quote) => quote.changeSource);
  return (
    <div className={styles.card}>
      <div className={styles.row}>
        <h3 className="label">Trade date</h3>
        <span className="n live" data-testid="detail-tradeDate">
          {tradeDate ?? "–"}
        </span>
      </div>
      <div className={styles.grid}>
        {DAY_PARTS.map(([part, label]) => (
          <div key={part} className={styles.row}>
            <span className="mid">{label}</span>
            <QuoteText contract={contract} root={root} part={part} testId={`detail-${part}`} />
          </div>
        ))}
      </div>
      <div className={styles.row}>
        <span className="mid">Settlement</span>
        <span>
          <span className="dim" data-testid="detail-changeSource">
            {sourceWords(source)}
          </span>{" "}
          <QuoteText contract={contract} root={root} part="previousSettlement" testId="detail-previousSettlement" />
        </span>
      </div>
    </div>
  );
}

function sourceWords(source: "settlement" | "est." | "no previous settlement" | undefined): string {
  if (source === "settlement") return "published";
  if (source === "est.") return "est. from RTH's end";
  return source === undefined ? "" : "no previous settlement in this file";
}

/** From our own table: what a tick and a point are worth, and what a trade costs. */
function Specification({ row }: { row: InstrumentRow }) {
  const instrument = instrumentOf(row.root);
  const tick = instrument === null ? String(row.tickSize) : formatPrice(row.tickSize, instrument);
  const lines: readonly (readonly [string, string, string])[] = [
    ["tickSize", "Tick", tick],
    ["tickValue", "Tick value", formatUsd(row.tickValueUsd)],
    ["pointValue", "Point value", formatUsd(row.pointValue)],
    ["fee", "Fees a side", formatUsd(row.feePerSideUsd)],
  ];
  return (
    <div className={styles.card}>
      <h3 className="label">Specification</h3>
      <div className={styles.grid}>
        {lines.map(([name, label, text]) => (
          <div key={name} className={styles.row}>
            <span className="mid">{label}</span>
            <span className="n" data-testid={`detail-${name}`}>
              {text}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

"use client";
/** Who traded today: how much was bought, sold, and left without a side? From the forming daily bar. */

import styles from "#components/insight/insight.module.css";
import { DELTA_SHORT_WORDS, DELTA_WORDS } from "#components/live/delta-words.ts";
import { QuoteText } from "#components/live/quote-text.tsx";
import { useLive, useQuoteValue } from "#components/live/use-live.ts";
import { formatQuantity, UNKNOWN } from "#lib/format.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { BarMessage, BarTuple } from "#lib/wire/stream.ts";

export type Split = { buy: number; sell: number; unsigned: number; total: number };

/** Contracts of a bar by side; buy + sell + unsigned = volume. */
export function splitOf(bar: BarTuple): Split {
  const [, , , , , volume, buy, sell] = bar;
  return { buy, sell, unsigned: Math.max(0, volume - buy - sell), total: volume };
}

/** The newest bar of a message; the same object while it does not change. */
function newestIn(message: BarMessage): BarTuple | null {
  return message.bars[message.bars.length - 1] ?? null;
}

const SIDES = ["buy", "sell", "unsigned"] as const;

export function VolumeSplit({ row }: { row: InstrumentRow }) {
  const { contract, root } = row;
  const bar = useLive(`bar:${contract}:1d` as const, newestIn);
  const source = useQuoteValue(contract, (quote) => quote.deltaSource) ?? "none";
  const split = bar === undefined || bar === null ? null : splitOf(bar);
  return (
    <div className={styles.card}>
      <div className={styles.row}>
        <h3 className="label">Volume</h3>
        <QuoteText contract={contract} root={root} part="volume" testId="detail-volume" />
      </div>
      <div className={styles.split} aria-hidden="true">
        {SIDES.map((side) => (
          <b
            key={side}
            data-side={side}
            style={{ width: split === null ? 0 : `${(split[side] / Math.max(1, split.total)) * 100}%` }}
          />
        ))}
      </div>
      <div className={`${styles.row} ${styles.sides}`}>
        {SIDES.map((side) => (
          <span key={side} className="dim">
            {side === "buy" ? "bought" : side === "sell" ? "sold" : "no side"}{" "}
            <span className="n live mid" data-testid={`detail-${side}`}>
              {split === null ? UNKNOWN : formatQuantity(split[side])}
            </span>
          </span>
        ))}
      </div>
      <div className={styles.row}>
        <span className="mid">Delta</span>
        <span>
          <span className="dim" title={DELTA_WORDS[source]} data-testid="detail-delta-source">
            {DELTA_SHORT_WORDS[source]}
          </span>{" "}
          <QuoteText contract={contract} root={root} part="delta" isSigned testId="detail-delta" />
        </span>
      </div>
    </div>
  );
}

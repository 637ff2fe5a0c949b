/** How does one trade stand in the table, and what did the trader write to it? */

import { type FormEvent, Fragment, useState } from "react";
import { useTradeWords } from "#components/queries/use-trades.ts";
import {
  FEES_WORDS,
  holdingText,
  moneyTone,
  netText,
  priceText,
  rText,
  timeText,
} from "#components/trades/trade-words.ts";
import styles from "#components/trades/trades.module.css";
import { formatUsd } from "#lib/format.ts";
import type { Trade } from "#lib/wire/trades.ts";

export function TradeLine({ trade, columns }: { trade: Trade; columns: number }) {
  const [isOpen, setOpen] = useState(false);
  const fees = FEES_WORDS[trade.feesBy];
  return (
    <Fragment>
      <tr className={styles.line} data-testid="trade" data-open={isOpen}>
        <td data-left className="n" title={`Entry ${timeText(trade.entryMs)} CT, trade date ${trade.tradeDate ?? "–"}`}>
          <button type="button" className={styles.opener} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {timeText(trade.exitMs)}
          </button>
        </td>
        <td data-left>{trade.contract}</td>
        <td data-left>{trade.side}</td>
        <td className="n">{trade.contracts}</td>
        <td className="n">{priceText(trade.entryPrice, trade.tickSize)}</td>
        <td className="n">{priceText(trade.exitPrice, trade.tickSize)}</td>
        <td className="n">{holdingText(trade.holdingMs)}</td>
        <td className="n">{formatUsd(trade.grossUsd)}</td>
        <td className="n">{formatUsd(trade.feesUsd)}</td>
        <td data-left title={fees.long} className={trade.feesBy === "list" ? "caution" : "dim"}>
          {fees.short}
        </td>
        <td className={`n ${moneyTone(trade.netUsd)}`}>{netText(trade.netUsd)}</td>
        <td className="n" title={trade.r === null ? "No initial stop is known" : undefined}>
          {rText(trade.r)}
        </td>
        <td data-left>
          {trade.setup === "" ? null : <span>{trade.setup} </span>}
          {trade.tags.map((tag) => (
            <span key={tag} className={styles.tag}>
              {tag}
            </span>
          ))}
        </td>
        <td data-left>{trade.account}</td>
        <td data-left className="dim">
          {trade.sources.join(", ")}
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={columns} data-left>
            <Words trade={trade} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}

function Words({ trade }: { trade: Trade }) {
  const { mutate, isPending } = useTradeWords();
  const [words, setWords] = useState({ setup: trade.setup, tags: trade.tags.join(", "), notes: trade.notes });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const tags = words.tags
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
    mutate({ id: trade.id, words: { setup: words.setup, tags, notes: words.notes } });
  };
  return (
    <form className={styles.words} onSubmit={save}>
      {(["setup", "tags"] as const).map((field) => (
        <label key={field}>
          <span className="label">{field === "tags" ? "tags, by commas" : field}</span>
          <input
            className={styles.input}
            value={words[field]}
            onChange={(event) => setWords({ ...words, [field]: event.target.value })}
          />
        </label>
      ))}
      <label>
        <span className="label">notes</span>
        <textarea
          className={`${styles.input} ${styles.notes}`}
          rows={2}
          value={words.notes}
          onChange={(event) => setWords({ ...words, notes: event.target.value })}
        />
      </label>
      <button type="submit" className="button" disabled={isPending}>
        Save
      </button>
    </form>
  );
}

"use client";
/** What were the trades? Filters, totals of all that match, and a page of the table. */

import Link from "next/link";
import { useState } from "react";
import { wordsOf } from "#components/queries/api.ts";
import { type TradeFilter, useTrades } from "#components/queries/use-trades.ts";
import { TradeFilters } from "#components/trades/trade-filters.tsx";
import { TradeLine } from "#components/trades/trade-line.tsx";
import { moneyTone, netText } from "#components/trades/trade-words.ts";
import styles from "#components/trades/trades.module.css";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import { formatUsd } from "#lib/format.ts";
import type { TradesAnswer } from "#lib/wire/trades.ts";

const PAGE_ROWS = 100;
const ALL: TradeFilter = { account: "", instrument: "", tag: "", setup: "", from: "", to: "", status: "" };
const COLUMNS = [
  ["Exit (CT)", "left"],
  ["Contract", "left"],
  ["Side", "left"],
  ["Qty", ""],
  ["Entry", ""],
  ["Exit", ""],
  ["Held", ""],
  ["Gross", ""],
  ["Fees", ""],
  ["Fees by", "left"],
  ["Net", ""],
  ["R", ""],
  ["Setup and tags", "left"],
  ["Account", "left"],
  ["Source", "left"],
] as const;

export function TradesPanel() {
  const [filter, setFilter] = useState(ALL);
  const [offset, setOffset] = useState(0);
  const { data, error } = useTrades(filter, { offset, limit: PAGE_ROWS });
  const choose = (part: Partial<TradeFilter>): void => {
    setFilter((former) => ({ ...former, ...part }));
    setOffset(0);
  };
  const source = (
    <>
      <Link prefetch={false} href="/import" className={styles.link}>
        Import a file
      </Link>
      <a href="/api/export/fills.csv" className={styles.link}>
        Export CSV
      </a>
    </>
  );
  return (
    <Panel title="Trades" source={source} className={styles.panel} testId="trades">
      <TradeFilters filter={filter} choose={choose} answer={data}>
        {data === undefined ? null : <Totals answer={data} />}
      </TradeFilters>
      <div className={styles.scroll}>
        {error === null ? (
          <Body answer={data} />
        ) : (
          <EmptyNote title="No trades can be shown">{wordsOf(error)}</EmptyNote>
        )}
      </div>
      {data !== undefined && data.matching > PAGE_ROWS ? (
        <Pager offset={offset} matching={data.matching} go={setOffset} />
      ) : null}
    </Panel>
  );
}

function Body({ answer }: { answer: TradesAnswer | undefined }) {
  if (answer === undefined) return <SkeletonRows rows={12} label="Trades are loading" />;
  if (answer.matching === 0) {
    const [title, words] =
      answer.accounts.length === 0
        ? ["No trades yet", "Import a file of your broker, or POST /trades"]
        : ["No trade matches", "Widen the filters above"];
    return <EmptyNote title={title}>{words}</EmptyNote>;
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {COLUMNS.map(([name, side]) => (
            <th key={name} scope="col" data-left={side === "left" ? "" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.trades.map((trade) => (
          <TradeLine key={trade.id} trade={trade} columns={COLUMNS.length} />
        ))}
      </tbody>
    </table>
  );
}

function Totals({ answer: { totals } }: { answer: TradesAnswer }) {
  return (
    <span className={`${styles.totals} n`} data-testid="trade-totals">
      <span>{totals.trades} closed</span>
      <span>gross {formatUsd(totals.grossUsd)}</span>
      <span>fees {formatUsd(totals.feesUsd)}</span>
      <span className={moneyTone(totals.netUsd)}>net {netText(totals.netUsd)}</span>
    </span>
  );
}

function Pager({ offset, matching, go }: { offset: number; matching: number; go: (offset: number) => void }) {
  const last = Math.min(matching, offset + PAGE_ROWS);
  return (
    <div className={styles.pager}>
      <button type="button" className="button" disabled={offset === 0} onClick={() => go(offset - PAGE_ROWS)}>
        Newer
      </button>
      <span className="n">
        {offset + 1}–{last} of {matching}
      </span>
      <button type="button" className="button" disabled={last === matching} onClick={() => go(offset + PAGE_ROWS)}>
        Older
      </button>
    </div>
  );
}

"use client";
/** What do all followed contracts do now? One line each; choosing a line links every other panel to it. */

import { useTable } from "@tanstack/react-table";
import { type KeyboardEvent, memo, useEffect, useMemo, useState } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";
import { useFeedNowMs } from "#components/live/use-feed-now.ts";
import { useConnection, useInstruments, useQuoteValue } from "#components/live/use-live.ts";
import { Cell } from "#components/scanner/cells.tsx";
import { ColumnChooser } from "#components/scanner/column-chooser.tsx";
import { COLUMN_WORDS, type ColumnId, columns, features, type RankRow } from "#components/scanner/columns.ts";
import { ShowTabs, useShown } from "#components/scanner/show-tabs.tsx";
import styles from "#components/scanner/table.module.css";
import { sorting, visibleColumns } from "#components/scanner/table-choices.ts";
import { linkRoot, shownOrder, useLinked } from "#components/ui/linked.ts";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import { usePersisted } from "#components/ui/persisted.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { QuoteMessage, ScannerMessage } from "#lib/wire/stream.ts";

const NO_ROWS: RankRow[] = [];

/** The lines to put in order; the quotes in them are taken anew once a second while a column of theirs sorts. */
function useRankRows(rows: InstrumentRow[] | undefined, isSorted: boolean): RankRow[] {
  const { store } = useLiveParts();
  const nowMs = useFeedNowMs(1_000);
  const tick = isSorted ? nowMs : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tick` is why it is taken anew.
  return useMemo(() => {
    if (rows === undefined) return NO_ROWS;
    const scanned = (store.get("scanner") as ScannerMessage | undefined)?.scanner.rows; // safe: the topic's own kind
    return rows.map((row) => ({
      row,
      quote: (store.get(`quote:${row.contract}`) as QuoteMessage | undefined)?.quote, // safe: the topic's own kind
      scan: scanned?.find(({ root }) => root === row.root),
    }));
  }, [rows, store, tick]);
}

export function InstrumentTable() {
  const followed = useInstruments();
  const rows = useShown(followed);
  const order = usePersisted(sorting);
  const visibility = usePersisted(visibleColumns);
  const data = useRankRows(rows, order.length > 0);
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (line) => line.row.root,
    state: { sorting: order, columnVisibility: visibility },
    onSortingChange: (change) => sorting.set(typeof change === "function" ? change(sorting.get()) : change),
    onColumnVisibilityChange: (change) =>
      visibleColumns.set(typeof change === "function" ? change(visibleColumns.get()) : change),
  });
  const shown = table.getRowModel().rows;
  const visibleIds = table.getVisibleLeafColumns().map((column) => column.id as ColumnId); // safe: ids are ours
  const visibleKey = visibleIds.join(" ");
  useEffect(() => {
    shownOrder.roots = shown.map((line) => line.original.row.root);
  });
  return (
    <Panel title="Scanner" note={<ShowTabs />} source={<ColumnChooser />} testId="instruments" className={styles.panel}>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {table.getVisibleLeafColumns().map((column) => (
                <HeaderCell
                  key={column.id}
                  id={column.id as ColumnId} // safe: ids are ours
                  sorted={column.getIsSorted()}
                  onSort={column.getToggleSortingHandler()}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <InstrumentLine key={line.id} row={line.original.row} visibleKey={visibleKey} />
            ))}
          </tbody>
        </table>
        <TableState rows={rows} followed={followed} />
      </div>
    </Panel>
  );
}

type HeaderCellProps = { id: ColumnId; sorted: false | "asc" | "desc"; onSort: ((event: unknown) => void) | undefined };

const ARIA_SORT = { asc: "ascending", desc: "descending" } as const;

function HeaderCell({ id, sorted, onSort }: HeaderCellProps) {
  const words = COLUMN_WORDS.find((column) => column.id === id);
  return (
    <th
      scope="col"
      data-column={id}
      aria-sort={sorted === false ? undefined : ARIA_SORT[sorted]}
      title={words?.meaning}
    >
      <button type="button" className={styles.sort} onClick={onSort}>
        {words?.header}
        {sorted === false ? null : <span aria-hidden="true">{sorted === "asc" ? " ↑" : " ↓"}</span>}
      </button>
    </th>
  );
}

/** Renders when it is linked or unlinked, goes stale, or the columns change; its numbers render themselves. */
const InstrumentLine = memo(function InstrumentLine({ row, visibleKey }: { row: InstrumentRow; visibleKey: string }) {
  const isLinked = useLinked().root === row.root;
  const isStale = useQuoteValue(row.contract, (quote) => quote.staleSinceMs !== null);
  const isOpen = useQuoteValue(row.contract, (quote) => quote.marketOpen);
  const [line, setLine] = useState<HTMLTableRowElement | null>(null);
  useEffect(() => {
    if (isLinked) line?.scrollIntoView({ block: "nearest" });
  }, [isLinked, line]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    linkRoot(row.root);
  };
  return (
    <tr
      ref={setLine}
      tabIndex={isLinked ? 0 : -1}
      aria-current={isLinked}
      className={styles.line}
      data-linked={isLinked}
      data-stale={isStale === true}
      data-open={isOpen !== false}
      data-testid={`row-${row.contract}`}
      data-root={row.root}
      onClick={() => linkRoot(row.root)}
      onKeyDown={onKeyDown}
    >
      {visibleKey.split(" ").map((id) => (
        <td key={id} data-cell={id}>
          <Cell id={id as ColumnId} row={row} />
        </td>
      ))}
    </tr>
  );
});

type TableStateProps = { rows: InstrumentRow[] | undefined; followed: InstrumentRow[] | undefined };

function TableState({ rows, followed }: TableStateProps) {
  const connection = useConnection();
  if (rows === undefined) {
    if (connection.status !== "waiting") return <SkeletonRows rows={12} label="Loading instruments" />;
    return (
      <EmptyNote title="The data service does not answer">
        {`${connection.reason}. Tried again by itself, attempt ${connection.attempt}.`}
      </EmptyNote>
    );
  }
  if (rows.length > 0) return null;
  if (followed !== undefined && followed.length > 0) {
    return <EmptyNote title="Nothing here yet">No followed instrument belongs here; All shows every one</EmptyNote>;
  }
  return (
    <EmptyNote title="No instrument has data yet">
      Contracts appear with their first trade or bar. INSTRUMENTS says which roots are followed.
    </EmptyNote>
  );
}

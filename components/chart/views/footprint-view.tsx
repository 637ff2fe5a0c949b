"use client";
/** What was sold at the bid and bought at the ask, bar by bar and price by price? The footprint of the newest bars. */

import { memo, useEffect, useRef } from "react";
import styles from "#components/chart/views/footprint.module.css";
import {
  barClock,
  cellText,
  type FootprintGrid,
  gridOf,
  markText,
  mostOf,
  rowOf,
} from "#components/chart/views/footprint-words.ts";
import frame from "#components/chart/views/view-frame.module.css";
import { useInstrument } from "#components/live/use-instrument.ts";
import { wordsOf } from "#components/queries/api.ts";
import { useFootprint } from "#components/queries/price-rows.ts";
import { EmptyNote, SkeletonRows } from "#components/ui/panel.tsx";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { formatPrice, formatQuantity, formatSigned } from "#lib/format.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import {
  FOOTPRINT_INTERVALS,
  type FootprintAnswer,
  type FootprintBarView,
  type FootprintCell,
  type FootprintInterval,
} from "#lib/wire/footprint.ts";

const footprintInterval = createPersisted<FootprintInterval>({
  key: "rightseat.footprint",
  initial: "1m",
  read: (stored) => FOOTPRINT_INTERVALS.find((one) => one === stored) ?? null,
});

const ROW_PX = 15;

export function FootprintView({ root }: { root: string }) {
  const row = useInstrument(root);
  const instrument = instrumentOf(root);
  const interval = usePersisted(footprintInterval);
  const { data, error } = useFootprint(row?.contract ?? null, interval);
  return (
    <section className={frame.view} aria-label={`Footprint ${row?.label ?? root}`} data-testid="footprint">
      <div className={frame.bar}>
        <h2 className={frame.title}>{row?.label ?? root}</h2>
        {FOOTPRINT_INTERVALS.map((one) => (
          <button
            key={one}
            type="button"
            className="button button-plain"
            aria-pressed={one === interval}
            onClick={() => footprintInterval.set(one)}
          >
            {one}
          </button>
        ))}
        <span className="dim">
          sold at the bid × bought at the ask
          {data === undefined ? "" : ` · sides by ${data.source} · marked: 3:1 diagonals from ${data.minVolume} on`}
        </span>
      </div>
      {data === undefined || instrument === null ? (
        <FootprintState error={error} />
      ) : (
        <FootprintBars answer={data} instrument={instrument} />
      )}
    </section>
  );
}

function FootprintState({ error }: { error: Error | null }) {
  if (error === null) return <SkeletonRows rows={12} label="Loading the footprint" />;
  return <EmptyNote title="No footprint">{wordsOf(error)}</EmptyNote>;
}

function FootprintBars({ answer, instrument }: { answer: FootprintAnswer; instrument: Instrument }) {
  const scroll = useRef<HTMLElement>(null);
  const { contract, interval, bars, unseenBars, whyNull } = answer;
  const newest = bars[bars.length - 1];
  const newestMs = newest?.openMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest bar comes into sight when another begins.
  useEffect(() => showNewest(scroll.current), [contract, interval, newestMs]);
  if (newest === undefined) return <EmptyNote title="No footprint yet">{whyNull}</EmptyNote>;
  const grid = gridOf(answer);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it, for it holds nothing to focus.
    <section ref={scroll} className={`${styles.scroll} live`} tabIndex={0} aria-label="Bars, newest at the right">
      <div className={styles.bars}>
        {bars.map((bar) => (
          <FootprintColumn key={bar.openMs} bar={bar} top={grid.prices[0]} grid={grid} />
        ))}
        <div className={`${styles.axis} n`} style={{ height: grid.prices.length * ROW_PX }} aria-hidden="true">
          {grid.prices.map((price) => (
            <div key={price} style={{ height: ROW_PX }}>
              {formatPrice(price, instrument)}
            </div>
          ))}
        </div>
      </div>
      {unseenBars === 0 ? null : (
        <p className="dim">{`${unseenBars} closed ${unseenBars === 1 ? "bar" : "bars"} of this date without: not all trades were seen`}</p>
      )}
    </section>
  );
}

/** The newest bar at the right, its middle in the middle. */
function showNewest(scroll: HTMLElement | null): void {
  if (scroll === null) return;
  scroll.scrollLeft = scroll.scrollWidth;
  const cells = scroll.querySelectorAll<HTMLElement>("[data-bar]:last-of-type [data-cell]");
  const middle = cells[Math.floor(cells.length / 2)];
  if (middle !== undefined) scroll.scrollTop = middle.offsetTop - scroll.clientHeight / 2;
}

type ColumnProps = { bar: FootprintBarView; top: number; grid: FootprintGrid };

/** Renders when its own numbers or its place change: of all bars only the forming one does. */
const FootprintColumn = memo(
  function FootprintColumn({ bar, grid }: ColumnProps) {
    const most = mostOf(bar);
    const state = bar.isForming ? "forming" : "closed";
    return (
      <div className={styles.column} data-bar={bar.openMs} data-state={state} data-testid={`footprint-${bar.openMs}`}>
        <div className={styles.cells} style={{ height: grid.prices.length * ROW_PX }}>
          {bar.cells.map((cell) => (
            <Cell key={cell.price} cell={cell} most={most} row={rowOf(grid, cell.price)} />
          ))}
        </div>
        <div className={styles.foot}>
          <span className={`n ${bar.delta < 0 ? "down" : "up"}`}>{`Δ ${formatSigned(bar.delta, 0)}`}</span>
          <span className="n mid">{formatQuantity(bar.volume)}</span>
          <span className="n dim">{bar.isForming ? `${barClock(bar.openMs)} forming` : barClock(bar.openMs)}</span>
          {bar.marks.length === 0 ? null : (
            <span className="caution" title={bar.marks.map(markText).join("\n")}>
              {bar.marks.map(({ kind, direction }) => `${direction === "up" ? "▲" : "▼"} ${kind}`).join(", ")}
            </span>
          )}
        </div>
      </div>
    );
  },
  (one, other) =>
    one.top === other.top &&
    one.grid.prices.length === other.grid.prices.length &&
    one.bar.isForming === other.bar.isForming &&
    one.bar.volume === other.bar.volume &&
    one.bar.marks.length === other.bar.marks.length,
);

function Cell({ cell, most, row }: { cell: FootprintCell; most: number; row: number }) {
  const share = most === 0 ? 0 : (cell.buy + cell.sell + cell.unsigned) / most;
  return (
    <div
      className={`${styles.cell} n`}
      data-cell={cell.price}
      data-imbalance={cell.imbalance ?? undefined}
      data-most={share === 1 ? "" : undefined}
      style={{ top: row * ROW_PX, height: ROW_PX, "--share": `${Math.round(share * 100)}%` } as React.CSSProperties}
      title={cellText(cell)}
    >
      <span>{formatQuantity(cell.sell)}</span>
      <span className="dim">×</span>
      <span>{formatQuantity(cell.buy)}</span>
    </div>
  );
}

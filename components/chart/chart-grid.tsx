"use client";
/** How does one contract look in several intervals at once? One, two or three charts in step, crosshair and all. */

import dynamic from "next/dynamic";
import { useEffect } from "react";
import { ChartPanel } from "#components/chart/chart-panel.tsx";
import { CrosshairLinkProvider } from "#components/chart/crosshair-link.tsx";
import styles from "#components/chart/grid.module.css";
import { CHART_VIEWS, chartView } from "#components/chart/views/chart-view.ts";
import { chooseHours, chooseInterval, linkRoot, useLinked } from "#components/ui/linked.ts";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { type Interval, parseInterval } from "#lib/wire/topic.ts";

/** How many charts, and the intervals of the second and third; the first follows the page's. */
type Grid = { count: 1 | 2 | 3; others: [Interval, Interval] };

const grid = createPersisted<Grid>({
  key: "rightseat.grid",
  initial: { count: 1, others: ["1m", "1h"] },
  read: (stored) => {
    if (typeof stored !== "object" || stored === null) return null;
    const { count, others } = stored as { count: unknown; others: unknown };
    if ((count !== 1 && count !== 2 && count !== 3) || !Array.isArray(others)) return null;
    const [second, third] = others.map((one) => parseInterval(String(one)));
    return second && third ? { count, others: [second, third] } : null;
  },
});

const FootprintView = dynamic(async () => (await import("#components/chart/views/footprint-view.tsx")).FootprintView);
const TpoView = dynamic(async () => (await import("#components/chart/views/tpo-view.tsx")).TpoView);

/** Candles, or one of the views by price, which are loaded when they are asked for. */
export function ChartGrid({ root }: { root: string }) {
  const view = usePersisted(chartView);
  // The page's address names the instrument; all that is linked follows it.
  useEffect(() => linkRoot(root), [root]);
  return (
    <>
      <div className={styles.bar}>
        <fieldset className={styles.choices} aria-label="View">
          {CHART_VIEWS.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              className="button button-plain"
              aria-pressed={id === view}
              data-testid={`view-${id}`}
              onClick={() => chartView.set(id)}
            >
              {name}
            </button>
          ))}
        </fieldset>
        {view === "candles" ? <CountPicker /> : null}
      </div>
      {view === "footprint" ? <FootprintView root={root} /> : null}
      {view === "tpo" ? <TpoView root={root} /> : null}
      {view === "candles" ? <CandleGrid root={root} /> : null}
    </>
  );
}

function CountPicker() {
  const { count, others } = usePersisted(grid);
  return (
    <fieldset className={styles.choices} aria-label="Charts in step">
      <span className="label">Charts</span>
      {([1, 2, 3] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="button button-plain"
          aria-pressed={one === count}
          data-testid={`grid-${one}`}
          onClick={() => grid.set({ count: one, others })}
        >
          {one}
        </button>
      ))}
      <span className={`${styles.hint} dim`}>one crosshair for all</span>
    </fieldset>
  );
}

function CandleGrid({ root }: { root: string }) {
  const { interval, hours } = useLinked();
  const { count, others } = usePersisted(grid);
  const intervals = [interval, ...others].slice(0, count);
  const choose = (index: number, next: Interval): void => {
    if (index === 0) chooseInterval(next);
    else grid.set({ count, others: index === 1 ? [next, others[1]] : [others[0], next] });
  };
  return (
    <CrosshairLinkProvider>
      <div className={styles.grid} data-count={count}>
        {intervals.map((one, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in the grid, whatever interval it shows.
            key={index}
            className={styles.place}
          >
            <ChartPanel
              root={root}
              interval={one}
              hours={hours}
              onInterval={(next) => choose(index, next)}
              onHours={chooseHours}
            />
          </div>
        ))}
      </div>
    </CrosshairLinkProvider>
  );
}

"use client";
/** What did this contract trade, bar by bar? The chart with its header, readout and honest empty states. */

import { type KeyboardEvent, type MouseEvent, useState } from "react";
import { AnchorMenu, type AnchorMenuProps, type MenuPlace } from "#components/chart/anchors/anchor-menu.tsx";
import { AnchorStrip } from "#components/chart/anchors/anchor-strip.tsx";
import { ZONE_NAMES } from "#components/chart/axis-labels.ts";
import { BarCountdown } from "#components/chart/bar-countdown.tsx";
import styles from "#components/chart/chart.module.css";
import { isShaded } from "#components/chart/chart-data.ts";
import { IntervalPicker } from "#components/chart/interval-picker.tsx";
import { OverlayToggles } from "#components/chart/overlays/overlay-toggles.tsx";
import { RangeStrip } from "#components/chart/range/range-strip.tsx";
import { Readout } from "#components/chart/readout.tsx";
import { type ChartParts, useCandleChart } from "#components/chart/use-candle-chart.ts";
import { useLiveParts } from "#components/live/live-context.tsx";
import { QuoteText } from "#components/live/quote-text.tsx";
import { useConnection, useInstruments, useLive, useQuoteValue } from "#components/live/use-live.ts";
import { usePalette } from "#components/ui/look.ts";
import { EmptyNote } from "#components/ui/panel.tsx";
import type { Zone } from "#lib/time-zone.ts";
import { barTopic, type Hours, type Interval } from "#lib/wire/topic.ts";

export type ChartPanelProps = {
  root: string;
  interval: Interval;
  hours: Hours;
  onInterval: (interval: Interval) => void;
  onHours: (hours: Hours) => void;
};

export function ChartPanel({ root, interval, hours, onInterval, onHours }: ChartPanelProps) {
  const palette = usePalette();
  const [zone, setZone] = useState<Zone>("America/Chicago");
  const row = useInstruments()?.find((instrument) => instrument.root === root);
  const contract = row?.contract ?? null;
  const isStale = useQuoteValue(contract, (quote) => quote.staleSinceMs !== null);
  const setup = { root, isShaded: isShaded(interval), zone, palette };
  const parts = useCandleChart(setup, { contract, interval, hours });
  return (
    <section
      className={styles.panel}
      aria-label={`Chart ${row?.label ?? root} ${interval}`}
      data-testid={`chart-${interval}`}
    >
      <div className={styles.header}>
        <h2 className={styles.title}>{row?.label ?? root}</h2>
        <span className={isStale ? `${styles.price} stale-value` : styles.price} data-stale={isStale === true}>
          <QuoteText contract={contract} root={root} part="last" />
          <QuoteText contract={contract} root={root} part="change" isSigned />
        </span>
        <IntervalPicker interval={interval} onChoose={onInterval} />
        <HoursPicker hours={hours} onChoose={onHours} />
        <ZonePicker zone={zone} onChoose={setZone} />
        <OverlayToggles />
        <BarCountdown root={root} interval={interval} />
      </div>
      <AnchorStrip root={root} zone={zone} />
      <RangeStrip root={root} contract={contract} zone={zone} />
      <ChartBody
        parts={parts}
        topic={contract === null ? null : barTopic(contract, interval, hours)}
        menu={{ root, contract, zone }}
      />
    </section>
  );
}

function HoursPicker({ hours, onChoose }: { hours: Hours; onChoose: (hours: Hours) => void }) {
  return (
    <fieldset className={styles.tools} aria-label="Hours">
      {(["eth", "rth"] as const).map((one) => (
        <button
          key={one}
          type="button"
          className={styles.tool}
          aria-pressed={one === hours}
          data-testid={`hours-${one}`}
          title={one === "eth" ? "Whole electronic session" : "Regular trading hours only"}
          onClick={() => onChoose(one)}
        >
          {one.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}

function ZonePicker({ zone, onChoose }: { zone: Zone; onChoose: (zone: Zone) => void }) {
  const other: Zone = zone === "America/Chicago" ? "America/New_York" : "America/Chicago";
  return (
    <button
      type="button"
      className={styles.tool}
      title={`The axis shows ${zone === "America/Chicago" ? "Chicago" : "New York"} time`}
      aria-label={`Time zone of the axis: ${ZONE_NAMES[zone]}`}
      onClick={() => onChoose(other)}
    >
      {ZONE_NAMES[zone]}
    </button>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

type ChartBodyProps = {
  parts: ChartParts;
  topic: string | null;
  menu: Pick<AnchorMenuProps, "root" | "contract" | "zone">;
};

/** Where a menu of the keyboard opens: below the read-out, px. */
const KEY_MENU_Y = 48;

function ChartBody({ parts, topic, menu }: ChartBodyProps) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const openMenu = (x: number | null, y: number): void => {
    const bar = parts.chart.current?.barAt(x) ?? null;
    setPlace(bar === null ? null : { ...bar, y });
  };
  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    const { left, top } = event.currentTarget.getBoundingClientRect();
    openMenu(event.clientX - left, event.clientY - top);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      event.preventDefault();
      openMenu(null, KEY_MENU_Y);
      return;
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    parts.chart.current?.stepPoint(step);
  };
  return (
    <div className={styles.body}>
      <div
        ref={parts.container}
        className={styles.canvas}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: role application takes the arrow keys.
        tabIndex={0}
        aria-label="Candles; left and right move the read-out by one bar, Shift F10 opens the menu of that bar"
        data-testid="chart-canvas"
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        onBlur={() => parts.chart.current?.pointAt(null)}
      />
      <Readout ref={parts.readout} />
      <ChartState topic={topic} />
      <AnchorMenu {...menu} place={place} onClose={() => setPlace(null)} />
    </div>
  );
}

/** Over the canvas: still loading, nothing there and why. */
function ChartState({ topic }: { topic: string | null }) {
  const { store } = useLiveParts();
  const connection = useConnection();
  const state = useLive(topic === null ? null : (topic as `bar:${string}`), (message) => {
    const count = store.barsOf(message.topic)?.bars.length ?? 0;
    return count > 0 ? "filled" : (message.why ?? "no trade yet");
  });
  if (state === "filled") return null;
  if (state !== undefined) {
    return (
      <div className={styles.over} data-testid="chart-empty">
        <EmptyNote title={`No bars: ${state}`}>{whatFills(state)}</EmptyNote>
      </div>
    );
  }
  const isLost = connection.status === "waiting";
  return (
    <div className={styles.over} data-testid="chart-loading">
      <EmptyNote title={isLost ? "The data service does not answer" : "Loading bars"}>
        {isLost ? "Bars come with the connection; it is tried again by itself" : "First the history, then each tick"}
      </EmptyNote>
    </div>
  );
}

function whatFills(why: string): string {
  if (why.startsWith("needs trades"))
    return "Bars of trades, volume or range are built from single trades; this stretch has bars only";
  return "The first trade of the session opens the first bar";
}

"use client";
/** At which prices did the market spend its time today? Letters of half hours, value area, initial balance. */

import { useEffect, useRef } from "react";
import styles from "#components/chart/views/tpo.module.css";
import {
  type OpeningView,
  type TpoView as ReadyTpo,
  type TpoRow,
  ticksPerRow,
  tpoRows,
} from "#components/chart/views/tpo-rows.ts";
import frame from "#components/chart/views/view-frame.module.css";
import { useInsight } from "#components/live/use-live.ts";
import { EmptyNote, SkeletonRows } from "#components/ui/panel.tsx";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { formatClock, formatPrice } from "#lib/format.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import type { CardsView } from "#lib/wire/insight-stream.ts";

const SPANS = ["session", "rth"] as const;
type Span = (typeof SPANS)[number];

const tpoSpan = createPersisted<Span>({
  key: "rightseat.tpo",
  initial: "session",
  read: (stored) => SPANS.find((one) => one === stored) ?? null,
});

export function TpoView({ root }: { root: string }) {
  const insight = useInsight(root, (cards) => cards);
  const span = usePersisted(tpoSpan);
  return (
    <section className={frame.view} aria-label={`TPO profile ${root}`} data-testid="tpo">
      <div className={frame.bar}>
        <h2 className={frame.title}>{root} TPO</h2>
        {SPANS.map((one) => (
          <button
            key={one}
            type="button"
            className="button button-plain"
            aria-pressed={one === span}
            onClick={() => tpoSpan.set(one)}
          >
            {one === "rth" ? "RTH" : "Session"}
          </button>
        ))}
        <span className="dim">a letter for each half hour that traded there</span>
      </div>
      {insight === undefined ? (
        <SkeletonRows rows={14} label="Loading TPO" />
      ) : (
        <TpoBody insight={insight} span={span} />
      )}
    </section>
  );
}

function TpoBody({ insight, span }: { insight: CardsView; span: Span }) {
  const instrument = instrumentOf(insight.instrument);
  const published = insight.parts?.tpo[span] ?? null;
  const now = insight.provisional?.tpo[span] ?? published;
  if (instrument === null || now === null) return <EmptyNote title="No TPO profile yet">{insight.whyNull}</EmptyNote>;
  if (now.status !== "ready") {
    const why = span === "rth" ? "RTH is not open" : "no minute of this trade date has closed";
    return <EmptyNote title="No TPO profile yet">{`${why}: its first minute prints the letter A`}</EmptyNote>;
  }
  const opening = insight.provisional?.tpo.opening ?? insight.parts?.tpo.opening ?? null;
  const ready = published?.status === "ready" ? published : null;
  return <TpoTable now={now} published={ready} opening={opening} instrument={instrument} />;
}

type TpoTableProps = {
  now: ReadyTpo;
  published: ReadyTpo | null;
  opening: OpeningView | null;
  instrument: Instrument;
};

function TpoTable({ now, published, opening, instrument }: TpoTableProps) {
  const tickSize = instrument.tickSizes[instrument.tickSizes.length - 1].size;
  const rows = tpoRows(now, { tickSize, published, initialBalance: initialBalanceOf(opening) });
  const per = ticksPerRow(now, tickSize);
  const scroll = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the POC comes to the middle when these change.
  useEffect(() => showPointOfControl(scroll.current), [instrument.root, now.span]);
  return (
    <div className={styles.body}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it, for it holds nothing to focus. */}
      <section ref={scroll} className={`${styles.scroll} live`} tabIndex={0} aria-label="Letters, highest price first">
        {rows.map((row) => (
          <Row key={row.price} row={row} instrument={instrument} />
        ))}
      </section>
      <aside className={styles.side}>
        <Facts now={now} opening={opening} instrument={instrument} />
        <p className="dim">{`${per === 1 ? "A row is one tick" : `A row is ${per} ticks`}. Value area tinted, POC framed, initial balance barred at its left, single prints underlined, what the forming minute prints dim.`}</p>
        <p className="dim">{`Closed ${formatClock("America/Chicago", published?.atMs ?? null).slice(0, 5)} CT`}</p>
      </aside>
    </div>
  );
}

function showPointOfControl(list: HTMLElement | null): void {
  const row = list?.querySelector<HTMLElement>("[data-poc]");
  if (list && row) list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 2;
}

function initialBalanceOf(opening: OpeningView | null): { low: number; high: number } | null {
  if (opening?.status !== "ready" || opening.ibLow === null || opening.ibHigh === null) return null;
  return { low: opening.ibLow, high: opening.ibHigh };
}

function Row({ row, instrument }: { row: TpoRow; instrument: Instrument }) {
  return (
    <div
      className={`${styles.row} n`}
      data-poc={row.isPoc ? "" : undefined}
      data-value={row.isInValueArea ? "" : undefined}
      data-ib={row.isInInitialBalance ? "" : undefined}
      data-testid={`tpo-${row.price}`}
    >
      <span className={styles.price}>{formatPrice(row.price, instrument)}</span>
      <span className={styles.ib} />
      <span>
        {row.marks.map(({ letter, isProvisional, isSingle }) => (
          <span key={letter} className={isProvisional ? styles.forming : isSingle ? styles.single : undefined}>
            {letter}
          </span>
        ))}
      </span>
      {row.isPoc ? <span className={styles.tag}>POC</span> : null}
    </div>
  );
}

function Facts({ now, opening, instrument }: Pick<TpoTableProps, "now" | "opening" | "instrument">) {
  const price = (points: number | null): string => formatPrice(points, instrument);
  const facts: [string, string][] = [
    ["POC", price(now.poc)],
    ["Value area", `${price(now.val)} – ${price(now.vah)}`],
    ["Range", `${price(now.low)} – ${price(now.high)}`],
  ];
  if (opening?.status === "ready") {
    const state = opening.isFinal ? "" : " so far";
    facts.push(["Initial balance", `${price(opening.ibLow)} – ${price(opening.ibHigh)}${state}`]);
    facts.push(["Opening", opening.type === null ? "not known yet" : `${opening.type} ${opening.direction ?? ""}`]);
  } else facts.push(["Initial balance", "RTH is not open"]);
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="dim">{name}</dt>
            <dd className="n">{value}</dd>
          </div>
        ))}
      </dl>
      <ul className={styles.reasons}>
        {[...now.reasons, ...(opening?.status === "ready" ? opening.reasons : [])].map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </>
  );
}

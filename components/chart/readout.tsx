"use client";
/** What are the numbers of the bar under the crosshair? Written straight into the page: no render per move. */

import { type Ref, useImperativeHandle, useRef } from "react";
import { ZONE_NAMES } from "#components/chart/axis-labels.ts";
import styles from "#components/chart/chart.module.css";
import { deltaOf, isForming } from "#components/chart/chart-data.ts";
import { deltaText } from "#components/live/delta-words.ts";
import { civilDayIso } from "#lib/civil.ts";
import { formatClock, formatPrice, formatQuantity } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { localParts, type Zone } from "#lib/time-zone.ts";
import type { BarTuple } from "#lib/wire/stream.ts";

export type ReadoutHandle = { show: (bar: BarTuple | null, root: string, zone: Zone) => void };

const FIELDS = ["time", "open", "high", "low", "close", "volume", "delta", "vwap", "trades"] as const;
type Field = (typeof FIELDS)[number];

const LABELS: Readonly<Record<Field, string>> = {
  time: "",
  open: "O",
  high: "H",
  low: "L",
  close: "C",
  volume: "Vol",
  delta: "Δ",
  vwap: "VWAP",
  trades: "Trades",
};

/** Every field of a bar as text; "–" for what is not known. */
export function readoutOf(bar: BarTuple, root: string, zone: Zone): Record<Field, string> {
  const instrument = instrumentOf(root);
  const price = (points: number | null): string =>
    instrument === null ? String(points) : formatPrice(points, instrument);
  return {
    time: `${civilDayIso(localParts(zone, bar[0]).day)} ${formatClock(zone, bar[0]).replace(/:00$/, "")} ${ZONE_NAMES[zone]}`,
    open: price(bar[1]),
    high: price(bar[2]),
    low: price(bar[3]),
    close: price(bar[4]),
    volume: formatQuantity(bar[5]),
    delta: deltaText(deltaOf(bar)),
    vwap: price(bar[9]),
    trades: formatQuantity(bar[8]),
  };
}

export function Readout({ ref }: { ref: Ref<ReadoutHandle> }) {
  const root = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    show(bar, instrumentRoot, zone) {
      if (root.current !== null) write(root.current, bar, instrumentRoot, zone);
    },
  }));
  return (
    <div ref={root} className={`${styles.readout} n live`} data-testid="readout">
      {FIELDS.map((field) => (
        <span key={field} data-part={field} className={styles.readoutPart}>
          {LABELS[field] === "" ? null : <span className="dim">{LABELS[field]} </span>}
          <span data-testid={`readout-${field}`} data-field={field} />
        </span>
      ))}
      <span className={styles.forming} data-field="state" data-testid="readout-state" />
    </div>
  );
}

function write(line: HTMLElement, bar: BarTuple | null, root: string, zone: Zone): void {
  const texts = bar === null ? null : readoutOf(bar, root, zone);
  for (const field of FIELDS) setText(line, field, texts === null ? "" : texts[field]);
  setText(line, "state", bar !== null && isForming(bar) ? "forming" : "");
  line.dataset.openMs = bar === null ? "" : String(bar[0]);
  line.dataset.direction = bar !== null && bar[4] < bar[1] ? "down" : "up";
}

function setText(line: HTMLElement, field: string, text: string): void {
  const place = line.querySelector(`[data-field="${field}"]`);
  if (place !== null && place.textContent !== text) place.textContent = text;
}

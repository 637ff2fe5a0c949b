/** In which words does the chart say an anchor of the user's own, and what VWAP and CVD read since? */

import { civilDayIso } from "#lib/civil.ts";
import { formatClock, formatPrice, formatSigned, UNKNOWN } from "#lib/format.ts";
import type { Instrument } from "#lib/instrument.ts";
import { localParts, type Zone } from "#lib/time-zone.ts";
import type { CardsView } from "#lib/wire/insight-stream.ts";

/** 2026-11-17T14:00:00Z, Chicago → "11-17 08:00". */
export function anchorName(atMs: number, zone: Zone): string {
  const day = civilDayIso(localParts(zone, atMs).day).slice("2026-".length);
  return `${day} ${formatClock(zone, atMs).slice(0, 5)}`;
}

export type AnchorWords = {
  atMs: number;
  name: string;
  vwap: string;
  sigma: string;
  cvd: string;
  /** Basis, sources and the bar that it stands on, for hover. */
  reasons: string;
};

/** Each anchor that stands with its reading of the newest closed minute; "–" where none was published yet. */
export function anchorWords({ anchors, parts }: CardsView, instrument: Instrument | null, zone: Zone): AnchorWords[] {
  return anchors.map((atMs) => {
    const reading = parts?.anchored.find((one) => one.atMs === atMs);
    const vwap = reading?.vwap.status === "ready" ? reading.vwap : null;
    const cvd = reading?.cvd.status === "ready" ? reading.cvd : null;
    const write = (price: number | null): string =>
      price === null || instrument === null ? UNKNOWN : formatPrice(price, instrument);
    const until = vwap === null ? "no bar has closed since" : `bar closed ${anchorName(vwap.atMs ?? atMs, zone)}`;
    return {
      atMs,
      name: anchorName(atMs, zone),
      vwap: write(vwap?.vwap ?? null),
      sigma: write(vwap?.sigma ?? null),
      cvd: cvd === null ? UNKNOWN : formatSigned(cvd.cvd, 0),
      reasons: [...(vwap?.reasons ?? []), ...(cvd?.reasons ?? []), until].join("\n"),
    };
  });
}

"use client";
/** How do several charts stay in step? The time under one crosshair is shown by all of them. */

import { createContext, type ReactNode, useContext, useState } from "react";
import type { CandleChart } from "#components/chart/candle-chart.ts";

export type CrosshairLink = {
  join(chart: CandleChart): () => void;
  point(from: CandleChart | null, openMs: number | null): void;
};

function createLink(): CrosshairLink {
  const charts = new Set<CandleChart>();
  return {
    join(chart) {
      charts.add(chart);
      return () => charts.delete(chart);
    },
    point(from, openMs) {
      for (const chart of charts) if (chart !== from) chart.pointAt(openMs);
    },
  };
}

const LinkContext = createContext<CrosshairLink | null>(null);

export function CrosshairLinkProvider({ children }: { children: ReactNode }) {
  const [link] = useState(createLink);
  return <LinkContext value={link}>{children}</LinkContext>;
}

/** The page's link; null where a chart stands alone. */
export function useCrosshairLink(): CrosshairLink | null {
  return useContext(LinkContext);
}

/** How does the reader want the chart page: candles, what traded at each price, or where time was spent? */

import { createPersisted } from "#components/ui/persisted.ts";

export const CHART_VIEWS = [
  { id: "candles", name: "Candles" },
  { id: "footprint", name: "Footprint" },
  { id: "tpo", name: "TPO" },
] as const;
export type ChartView = (typeof CHART_VIEWS)[number]["id"];

export const chartView = createPersisted<ChartView>({
  key: "rightseat.chart.view",
  initial: "candles",
  read: (stored) => CHART_VIEWS.find(({ id }) => id === stored)?.id ?? null,
});

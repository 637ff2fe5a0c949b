"use client";
/** What did the linked contract trade? The chart that follows the instrument, interval and hours of the page. */

import { ChartPanel } from "#components/chart/chart-panel.tsx";
import { chooseHours, chooseInterval, useLinked } from "#components/ui/linked.ts";

export function LinkedChart() {
  const { root, interval, hours } = useLinked();
  return <ChartPanel root={root} interval={interval} hours={hours} onInterval={chooseInterval} onHours={chooseHours} />;
}

"use client";
/** What did the linked contract trade? The chart that follows the instrument, interval and hours of the page. */

import dynamic from "next/dynamic";
import { chooseHours, chooseInterval, useLinked } from "#components/ui/linked.ts";

/** The heaviest part of the cockpit: its scripts come beside the first load, not in it. */
const ChartPanel = dynamic(async () => (await import("#components/chart/chart-panel.tsx")).ChartPanel);

export function LinkedChart() {
  const { root, interval, hours } = useLinked();
  return <ChartPanel root={root} interval={interval} hours={hours} onInterval={chooseInterval} onHours={chooseHours} />;
}

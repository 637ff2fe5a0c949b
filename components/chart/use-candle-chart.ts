/** How does a chart live in React? Made once, then fed by the stream; nothing here renders for a tick. */

import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import { CandleChart, type ChartEvents, type ChartSetup } from "#components/chart/candle-chart.ts";
import { tupleOf } from "#components/chart/chart-data.ts";
import { type CrosshairLink, useCrosshairLink } from "#components/chart/crosshair-link.tsx";
import { useOverlays } from "#components/chart/overlays/use-overlays.ts";
import type { ReadoutHandle } from "#components/chart/readout.tsx";
import { CHART_BARS_MAX } from "#components/live/bar-window.ts";
import { useLiveParts } from "#components/live/live-context.tsx";
import { fetchOlderBars } from "#components/queries/older-bars.ts";
import type { BarMessage } from "#lib/wire/stream.ts";
import { barTopic, type Hours, type Interval } from "#lib/wire/topic.ts";

export type ChartQuestion = { contract: string | null; interval: Interval; hours: Hours };

export type ChartParts = {
  container: RefObject<HTMLDivElement | null>;
  readout: RefObject<ReadoutHandle | null>;
  chart: RefObject<CandleChart | null>;
};

/** After a failed page of history the next try waits. */
const OLDER_RETRY_MS = 5_000;

export function useCandleChart(setup: ChartSetup, question: ChartQuestion): ChartParts {
  const container = useRef<HTMLDivElement>(null);
  const readout = useRef<ReadoutHandle>(null);
  const chart = useRef<CandleChart>(null);
  const onOldest = useRef<(openMs: number) => void>(() => undefined);
  const latest = useRef(setup);
  latest.current = setup;
  const link = useCrosshairLink();

  useEffect(() => {
    if (container.current === null) return;
    const events: ChartEvents = {
      onBar: (bar) => readout.current?.show(bar, latest.current.root, latest.current.zone),
      onPoint: (openMs) => link?.point(chart.current, openMs),
      onOldest: (openMs) => onOldest.current(openMs),
    };
    const made = new CandleChart(container.current, latest.current, events);
    chart.current = made;
    const leave = link?.join(made);
    return () => {
      leave?.();
      chart.current = null;
      made.dispose();
    };
  }, [link]);

  const { root, isShaded, zone, palette } = setup;
  useEffect(() => {
    chart.current?.setSetup({ root, isShaded, zone, palette });
  }, [root, isShaded, zone, palette]);

  useBars(chart, link, question, onOldest);
  useOverlays(chart, link, { ...question, root });
  return { container, readout, chart };
}

/** Feeds the chart from the topic of the question, and older pages from history. */
function useBars(
  chart: RefObject<CandleChart | null>,
  link: CrosshairLink | null,
  { contract, interval, hours }: ChartQuestion,
  onOldest: RefObject<(openMs: number) => void>,
): void {
  const { client, store } = useLiveParts();
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `link` remakes the chart, which then must be filled again.
  useEffect(() => {
    if (contract === null) return;
    const topic = barTopic(contract, interval, hours);
    const release = client.want(topic);
    chart.current?.open(store.barsOf(topic));
    const leave = store.listen(topic, (messages) => chart.current?.apply(messages as readonly BarMessage[]));
    const leaveReset = store.onReset(() => chart.current?.open(null));
    const pages = createPager(chart, (toMs) => fetchOlderBars(queries, { contract, interval, hours, toMs }));
    onOldest.current = pages.want;
    return () => {
      onOldest.current = () => undefined;
      pages.stop();
      leave();
      leaveReset();
      release();
    };
  }, [contract, interval, hours, client, store, queries, chart, onOldest, link]);
}

type Page = Awaited<ReturnType<typeof fetchOlderBars>>;

/** One page at a time, until the beginning or the bound of what a chart holds. */
function createPager(chart: RefObject<CandleChart | null>, fetchPage: (toMs: number) => Promise<Page>) {
  let state: "idle" | "busy" | "done" = "idle";
  let notBeforeMs = 0;
  const take = (page: Page): void => {
    const isLive = state === "busy";
    if (!isLive) return;
    chart.current?.prepend(page.bars.map(tupleOf));
    state = page.next === null || page.bars.length === 0 ? "done" : "idle";
  };
  const fail = (): void => {
    if (state !== "busy") return;
    state = "idle";
    notBeforeMs = performance.now() + OLDER_RETRY_MS;
  };
  return {
    want(openMs: number): void {
      const held = chart.current?.bars().length ?? 0;
      if (state !== "idle" || held >= CHART_BARS_MAX || performance.now() < notBeforeMs) return;
      state = "busy";
      fetchPage(openMs).then(take, fail);
    },
    stop(): void {
      state = "done";
    },
  };
}

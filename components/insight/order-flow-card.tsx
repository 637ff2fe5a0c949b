"use client";
/** Who pushes: buyers or sellers? CVD with its source, the newest divergence, and each bar's delta. */

import { useCallback, useSyncExternalStore } from "react";
import { divergenceText, flowLines, flowSource } from "#components/insight/flow-words.ts";
import styles from "#components/insight/insight.module.css";
import { barTimeText } from "#components/insight/insight-words.ts";
import type { CardProps } from "#components/insight/readings.tsx";
import { Forming, Reasoned } from "#components/insight/reasoned.tsx";
import { useLiveParts } from "#components/live/live-context.tsx";
import { useWanted } from "#components/live/use-live.ts";

export function OrderFlowCard({ parts, provisional, contract }: CardProps & { contract: string }) {
  const { orderFlow } = parts;
  const source = flowSource(orderFlow);
  const forming = provisional === null ? [] : flowLines(provisional.orderFlow);
  const divergence = divergenceText(orderFlow);
  const { session } = orderFlow;
  const reasons = [
    ...session.reasons,
    ...orderFlow.large.reasons,
    ...(source.accuracy === null ? [] : [source.accuracy]),
  ];
  return (
    <div className={styles.card}>
      <Reasoned label="Order flow" reasons={reasons} atMs={orderFlow.atMs}>
        <span className={styles.row}>
          <span className="label">Order flow</span>
          <span className="dim" data-testid="insight-flow-source">
            {source.words}
          </span>
        </span>
        {flowLines(orderFlow).map(({ id, label, value, note, sign }) => (
          <span key={id} className={styles.row}>
            <span className="mid">{label}</span>
            <span className={styles.reading}>
              <span className={`n live ${sign}`} data-testid={`insight-${id}`}>
                {value}
              </span>
              <Forming text={forming.find((line) => line.id === id)?.value} shown={value} />
              <span className={`${styles.note} dim`}>{note}</span>
            </span>
          </span>
        ))}
      </Reasoned>
      <div className={`${styles.divergence} dim`}>{divergence}</div>
      <DeltaBars contract={contract} />
    </div>
  );
}

const BARS_SHOWN = 48;

/** Deltas of the newest closed 5-minute bars, "openMs delta" each: one text, so that it renders once a bar. */
function useClosedDeltas(contract: string): string {
  const { store } = useLiveParts();
  const topic = `bar:${contract}:5m`;
  useWanted(topic);
  const subscribe = useCallback((listener: () => void) => store.subscribe(topic, listener), [store, topic]);
  const read = (): string => {
    const bars = store.barsOf(topic)?.bars ?? [];
    const closed = bars.slice(-BARS_SHOWN - 1).filter((bar) => bar[11] === 1);
    return closed.map(([openMs, , , , , , buy, sell]) => `${openMs} ${buy - sell}`).join(",");
  };
  return useSyncExternalStore(subscribe, read, () => "");
}

function DeltaBars({ contract }: { contract: string }) {
  const text = useClosedDeltas(contract);
  if (text === "") return null;
  const bars = text.split(",").map((pair) => {
    const [openMs, delta] = pair.split(" ").map(Number);
    return { openMs, delta };
  });
  const most = Math.max(1, ...bars.map(({ delta }) => Math.abs(delta)));
  const label = `Delta of ${bars.length} bars of 5 minutes, until ${barTimeText(bars[bars.length - 1].openMs)}`;
  return (
    <div className={styles.deltas} role="img" aria-label={label} data-testid="insight-deltas">
      {bars.map(({ openMs, delta }) => (
        <span key={openMs} data-sign={delta < 0 ? "down" : "up"} title={`${barTimeText(openMs)} ${delta}`}>
          <b style={{ height: `${(Math.abs(delta) / most) * 50}%` }} />
        </span>
      ))}
    </div>
  );
}

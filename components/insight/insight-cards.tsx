"use client";
/** What do the analyses say of the linked instrument? Quality, regime, readings, the plan, order flow. */

import styles from "#components/insight/insight.module.css";
import { OrderFlowCard } from "#components/insight/order-flow-card.tsx";
import { PlanCard } from "#components/insight/plan-card.tsx";
import { QualityCard } from "#components/insight/quality-card.tsx";
import { type CardProps, Readings } from "#components/insight/readings.tsx";
import { RegimeCard } from "#components/insight/regime-card.tsx";
import { useInsight, useQuoteValue } from "#components/live/use-live.ts";
import { EmptyNote, SkeletonRows } from "#components/ui/panel.tsx";
import { instrumentOf } from "#lib/instrument.ts";
import type { CardsView } from "#lib/wire/insight-stream.ts";

export function InsightCards({ root }: { root: string }) {
  const view = useInsight(root, (cards) => cards);
  const isStale = useQuoteValue(view?.contract ?? null, (quote) => quote.staleSinceMs !== null);
  if (view === undefined) return <SkeletonRows rows={10} label="Loading the analysis" />;
  const { parts, provisional, frames, contract, regimeRuns, interval } = view;
  if (parts === null) return <Building view={view} />;
  const card: CardProps = { parts, provisional, context: { instrument: instrumentOf(root), frames, interval } };
  return (
    <div className={isStale ? "stale-value" : undefined} data-testid="insight">
      <QualityCard {...card} />
      <RegimeCard {...card} runs={regimeRuns} barMs={BAR_MS[interval]} />
      <Readings {...card} />
      <PlanCard {...card} root={root} />
      <OrderFlowCard {...card} contract={contract} />
    </div>
  );
}

const BAR_MS: Readonly<Record<CardsView["interval"], number>> = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
};

function Building({ view }: { view: CardsView }) {
  const { have, need } = view.bars;
  return (
    <>
      <EmptyNote title="No analysis yet">{view.whyNull}</EmptyNote>
      {need === 0 ? null : <progress className={styles.progress} value={have} max={need} aria-label="History taken" />}
    </>
  );
}

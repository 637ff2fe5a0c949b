"use client";
/** What is there to know about the linked instrument? What the analyses say, or the contract itself: two tabs. */

import dynamic from "next/dynamic";
import { barTimeText } from "#components/insight/insight-words.ts";
import { useInstrument } from "#components/live/use-instrument.ts";
import { useInsight, useInstruments } from "#components/live/use-live.ts";
import { useLinked } from "#components/ui/linked.ts";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";

const loading = () => <SkeletonRows rows={10} label="Loading the cards" />;

/** Each tab's cards come when they are looked at, and never hold the first paint up. */
const InsightCards = dynamic(
  () => import("#components/insight/insight-cards.tsx").then((cards) => cards.InsightCards),
  {
    ssr: false,
    loading,
  },
);
const ContractCards = dynamic(
  () => import("#components/insight/contract-cards.tsx").then((cards) => cards.ContractCards),
  { ssr: false, loading },
);

const TABS = ["insight", "contract"] as const;
type Tab = (typeof TABS)[number];

const TAB_WORDS: Readonly<Record<Tab, string>> = { insight: "Insight", contract: "Contract" };

const chosenTab = createPersisted<Tab>({
  key: "rightseat.detail.tab",
  initial: "insight",
  read: (stored) => TABS.find((tab) => tab === stored) ?? null,
});

export function InsightPanel() {
  const { root } = useLinked();
  const row = useInstrument(root);
  const isLoading = useInstruments() === undefined;
  const tab = usePersisted(chosenTab);
  return (
    <Panel
      title={row?.label ?? root}
      note={<Tabs tab={tab} />}
      source={tab === "insight" && row !== undefined ? <ClosedAt root={root} /> : row?.exchange}
      testId="detail"
    >
      {row === undefined ? <Missing root={root} isLoading={isLoading} /> : null}
      {row !== undefined && tab === "insight" ? <InsightCards root={root} /> : null}
      {row !== undefined && tab === "contract" ? <ContractCards row={row} /> : null}
    </Panel>
  );
}

function Tabs({ tab }: { tab: Tab }) {
  return (
    <span className="tabs">
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          className="tab"
          aria-pressed={one === tab}
          data-testid={`tab-${one}`}
          onClick={() => chosenTab.set(one)}
        >
          {TAB_WORDS[one]}
        </button>
      ))}
    </span>
  );
}

/** "closed 08:10 CT": the newest bar of any interval that the analyses stand on. */
function ClosedAt({ root }: { root: string }) {
  const text = useInsight(root, ({ asOfMs }) => (asOfMs === null ? "" : `closed ${barTimeText(asOfMs)}`));
  return <span data-testid="insight-closed">{text ?? ""}</span>;
}

function Missing({ root, isLoading }: { root: string; isLoading: boolean }) {
  if (isLoading) return <SkeletonRows rows={10} label="Loading the instrument" />;
  return (
    <EmptyNote title={`${root} is not followed in this run`}>
      Choose a line of the table, or type another root
    </EmptyNote>
  );
}

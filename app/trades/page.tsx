/** What were the trades? Round trips from imports and by hand, with their words. */

import { OpsStrip } from "#components/ops/ops-strip.tsx";
import { Header } from "#components/shell/header.tsx";
import { TradesPanel } from "#components/trades/trades-panel.tsx";
import { PageFrame } from "#components/ui/page-frame.tsx";

export default function TradesPage() {
  return (
    <PageFrame header={<Header />} title="Trades" strip={<OpsStrip />}>
      <TradesPanel />
    </PageFrame>
  );
}

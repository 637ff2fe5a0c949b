/** What does the trader see first? The cockpit: instruments, chart, detail, data trust and the ops strip. */

import { LinkedChart } from "#components/chart/linked-chart.tsx";
import { InsightPanel } from "#components/insight/insight-panel.tsx";
import { LevelBoard } from "#components/levels/level-board.tsx";
import { OpsStrip } from "#components/ops/ops-strip.tsx";
import { TrustBar } from "#components/ops/trust-bar.tsx";
import { TrustPanel } from "#components/ops/trust-panel.tsx";
import { PositionPanel } from "#components/position/position-panel.tsx";
import { InstrumentTable } from "#components/scanner/instrument-table.tsx";
import { MarketStrip } from "#components/scanner/market-strip.tsx";
import { Header } from "#components/shell/header.tsx";
import { CockpitFrame } from "#components/ui/cockpit-frame.tsx";

export default function CockpitPage() {
  return (
    <CockpitFrame
      header={<Header />}
      trustBar={
        <>
          <TrustBar />
          <MarketStrip />
        </>
      }
      table={<InstrumentTable />}
      levels={<LevelBoard />}
      trust={<TrustPanel />}
      chart={<LinkedChart />}
      positions={<PositionPanel />}
      detail={<InsightPanel />}
      strip={<OpsStrip />}
    />
  );
}

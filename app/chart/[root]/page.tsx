/** How does one instrument look in full width? Its charts, several intervals in step, and its levels beside them. */

import { notFound } from "next/navigation";
import { ChartGrid } from "#components/chart/chart-grid.tsx";
import { LevelBoard } from "#components/levels/level-board.tsx";
import { OpsStrip } from "#components/ops/ops-strip.tsx";
import { TrustBar } from "#components/ops/trust-bar.tsx";
import { Header } from "#components/shell/header.tsx";
import { PageFrame } from "#components/ui/page-frame.tsx";
import { instrumentOf } from "#lib/instrument.ts";

export default async function ChartPage({ params }: { params: Promise<{ root: string }> }) {
  const { root } = await params;
  if (instrumentOf(root) === null) notFound();
  return (
    <PageFrame
      header={
        <>
          <Header />
          <TrustBar />
        </>
      }
      title={`Chart ${root}`}
      beside={<LevelBoard />}
      strip={<OpsStrip />}
    >
      <ChartGrid root={root} />
    </PageFrame>
  );
}

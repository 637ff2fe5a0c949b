/** How does a broker's file become trades? */

import { ImportPanel } from "#components/import/import-panel.tsx";
import { OpsStrip } from "#components/ops/ops-strip.tsx";
import { Header } from "#components/shell/header.tsx";
import { PageFrame } from "#components/ui/page-frame.tsx";

export default function ImportPage() {
  return (
    <PageFrame header={<Header />} title="Import" strip={<OpsStrip />}>
      <ImportPanel />
    </PageFrame>
  );
}

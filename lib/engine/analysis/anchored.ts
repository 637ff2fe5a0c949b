/** What do VWAP and CVD say since the user's own anchors? An analysis's sums follow the anchors of its contract. */
import { anchorCvd, cvdOf } from "#lib/analysis/order-flow/cvd.ts";
import { anchorVwap, vwapOf } from "#lib/analysis/vwap.ts";
import { rowAtOrAfter } from "#lib/bars/bar-series.ts";
import type { Anchored } from "#lib/outputs/insight.ts";
import type { Anchor, ContractState } from "../state.ts";
import { FIRST_ANALYSED } from "./catch-up.ts";
import type { ContractAnalysis } from "./contract-analysis.ts";

type Anchors = Pick<ContractAnalysis, "anchors" | "vwap" | "orderFlow" | "walk">;

/** Sums of removed anchors go; those of new ones begin with the minutes taken so far. They stay in one order. */
export function followAnchors(analysis: Anchors, { anchors, series, calendar }: ContractState): void {
  const { vwap, orderFlow, walk } = analysis;
  const { cvd } = orderFlow;
  const isAnchor = ({ anchorMs }: { anchorMs: number }): boolean => anchors.some(({ atMs }) => atMs === anchorMs);
  vwap.custom = vwap.custom.filter(isAnchor);
  cvd.custom = cvd.custom.filter(isAnchor);
  const minutes = series[FIRST_ANALYSED];
  const rows = rowAtOrAfter(minutes, walk.takenMs[FIRST_ANALYSED] + 1);
  for (const { atMs } of anchors) {
    if (vwap.custom.some(({ anchorMs }) => anchorMs === atMs)) continue;
    anchorVwap(vwap, atMs, { series: minutes, rows, calendar });
    anchorCvd(cvd, atMs, { series: minutes, rows, calendar });
  }
  analysis.anchors = anchors.map((anchor): Anchor => ({ ...anchor }));
}

/** One reading an anchor, in the order of the anchors. */
export function anchoredOf({ anchors, vwap, orderFlow: { cvd } }: Anchors): Anchored[] {
  return anchors.map(({ atMs }, at) => ({ atMs, vwap: vwapOf(vwap.custom[at]), cvd: cvdOf(cvd, cvd.custom[at]) }));
}

/** What would be published if the forming bars closed now? Said apart, never stored: a copy takes them. */
import { copyTree } from "#lib/math/copy-tree.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import type { EngineState } from "../state.ts";
import { type AnalysisScratch, surroundingsOf } from "./analyse.ts";
import { placeBar } from "./bar-place.ts";
import { FIRST_ANALYSED } from "./catch-up.ts";
import { insightOf } from "./read-insight.ts";
import { takeClosedBar } from "./take-bar.ts";

/**
 * The contract's insight with its forming bars taken as if they ended where they stand, as of the first of their ends;
 * null while nothing forms or it still builds. The state stays as it was.
 */
export function provisionalInsight(state: EngineState, scratch: AnalysisScratch, index: number): Insight | null {
  const analysis = state.analyses[index];
  const contract = state.contracts[index];
  if (analysis === null || analysis === undefined || analysis.status !== "ready") return null;
  // RVOL compares whole five minutes with whole ones: a part of them would always read as little.
  const copy = copyTree({ ...analysis, published: null, isVolumeDue: true });
  let asOfMs = Number.POSITIVE_INFINITY;
  for (let kept = FIRST_ANALYSED; kept < contract.series.length; kept += 1) {
    const series = contract.series[kept];
    if (!series.isForming) continue;
    asOfMs = Math.min(asOfMs, series.formingEndMs);
    const row = series.length;
    const formerMs = row > 0 ? series.openMs[row - 1] : Number.NEGATIVE_INFINITY;
    placeBar(scratch.bar, copy.place, contract, { series, row, endMs: series.formingEndMs, formerMs });
    takeClosedBar(copy, kept, scratch.bar, scratch.minute);
  }
  if (asOfMs === Number.POSITIVE_INFINITY) return null;
  return insightOf({ ...copy, asOfMs }, surroundingsOf(state, index));
}

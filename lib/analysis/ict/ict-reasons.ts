/** What does the ICT reading say in words? One short sentence for each thing that is alive, with its numbers. */

import { MS_PER_HOUR } from "#lib/units.ts";
import type { IctReady } from "./ict.ts";
import { SWEEP_RECENT_MS } from "./liquidity.ts";

/** Words in ticks; a panel that shows prices writes its own. */
export function ictReasons(reading: Omit<IctReady, "reasons">): string[] {
  const lastBreak = reading.breaks.at(-1);
  const openGaps = reading.gaps.filter(({ state }) => state === "open").length;
  const blocks = reading.orderBlocks.filter(({ state }) => state !== "failed").length;
  const recent = reading.sweeps.filter(({ bornMs }) => reading.atMs - bornMs <= SWEEP_RECENT_MS);
  const buySide = recent.filter(({ liquidity }) => liquidity === "buySide").length;
  const hours = SWEEP_RECENT_MS / MS_PER_HOUR;
  const { dealingRange: range, killzone } = reading;
  return [
    lastBreak === undefined ? "no break of structure yet" : `last break: ${lastBreak.kind} ${lastBreak.side}`,
    `${openGaps} open FVG, ${blocks} order blocks`,
    `${buySide} buy-side and ${recent.length - buySide} sell-side sweeps in ${hours} h`,
    ...(range === null ? [] : [`${range.zone}: ${Math.round(range.position * 100)} % of the ${range.side} range`]),
    ...(range?.ote.isInside === true ? ["inside the OTE zone"] : []),
    ...(killzone.status === "in" ? [`in ${killzone.id}`] : []),
  ];
}

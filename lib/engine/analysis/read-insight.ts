/** What do a contract's analyses say of the bars taken so far? The record that is published behind each close. */
import { focusCardOf } from "#lib/advice/focus.ts";
import { readingsForFocus } from "#lib/advice/focus-input.ts";
import { type FocusAccount, focusRiskOf } from "#lib/advice/focus-risk.ts";
import { qualityOf } from "#lib/advice/quality.ts";
import { confluenceOf } from "#lib/analysis/confluence/confluence.ts";
import { ictOf } from "#lib/analysis/ict/ict.ts";
import { levelBoardOf } from "#lib/analysis/levels/level-board.ts";
import { minutePulseOf } from "#lib/analysis/minute-pulse.ts";
import { orderFlowOf } from "#lib/analysis/order-flow/order-flow.ts";
import { pivotsOf } from "#lib/analysis/pivots.ts";
import { premarketOf } from "#lib/analysis/premarket.ts";
import { regimeOf } from "#lib/analysis/regime/regime-reading.ts";
import { relativeVolumeOf } from "#lib/analysis/relative-volume.ts";
import { tpoOf, tpoOpeningOf } from "#lib/analysis/tpo.ts";
import { volatilityOf } from "#lib/analysis/volatility.ts";
import { volumeProfileOf } from "#lib/analysis/volume-profile.ts";
import { vwapOf } from "#lib/analysis/vwap.ts";
import { waveOf } from "#lib/analysis/wave.ts";
import { type CalendarEvent, eventsOf } from "#lib/event-calendar.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import { tradeDate } from "#lib/units.ts";
import { anchoredOf } from "./anchored.ts";
import type { ContractAnalysis } from "./contract-analysis.ts";
import { pairOf } from "./pair.ts";

/** What is known beside the bars: previous settlement in ticks, the user's event calendar (null: none), the account. */
export type Surroundings = {
  root: string;
  /** The root whose turns are compared with its own; null: it is not followed, or there is none. */
  sibling: string | null;
  settlementTicks: number | null;
  events: readonly CalendarEvent[] | null;
  account: FocusAccount;
};

export function insightOf(analysis: ContractAnalysis, beside: Surroundings): Insight {
  const { profile, vwap, tpo } = analysis;
  const relativeVolume = relativeVolumeOf(analysis.relativeVolume);
  const read = { ...intervalPartsOf(analysis), confluence: confluenceOf(analysis.confluence) };
  const { volatility } = read;
  const quality = qualityOf(read);
  const levels = levelBoardOf(analysis.levels);
  return {
    asOfMs: analysis.asOfMs,
    interval: analysis.settings.interval,
    ...read,
    relativeVolume,
    quality,
    pulse: minutePulseOf(analysis.pulse),
    ict: ictOf(analysis.ict),
    smt: pairOf(analysis, { own: beside.root, sibling: beside.sibling }),
    orderFlow: orderFlowOf(analysis.orderFlow),
    profiles: {
      session: volumeProfileOf(profile, "session"),
      rth: volumeProfileOf(profile, "rth"),
      composite: analysis.composite,
    },
    tpo: { session: tpoOf(tpo, "session"), rth: tpoOf(tpo, "rth"), opening: tpoOpeningOf(tpo) },
    vwap: { session: vwapOf(vwap.session), rth: vwapOf(vwap.rth, vwap.session.atMs), week: vwapOf(vwap.week) },
    anchored: anchoredOf(analysis),
    pivots: pivotsOf(analysis.pivots),
    rthPivots: pivotsOf(analysis.pivots, "rth"),
    levels,
    premarket: premarketOf(analysis.premarket, { volatility, relativeVolume, ...beside }),
    focus: focusOf(analysis, { ...read, quality, levels }, beside),
  };
}

/** Most minutes do not close a bar of the interval: what was published of it stands. */
function intervalPartsOf(analysis: ContractAnalysis): Pick<Insight, "volatility" | "wave" | "regime"> {
  const { isIntervalRead, published } = analysis;
  if (isIntervalRead && published !== null) {
    const { volatility, wave, regime } = published;
    return { volatility, wave, regime };
  }
  return {
    volatility: volatilityOf(analysis.volatility),
    wave: waveOf(analysis.wave),
    regime: regimeOf(analysis.regime),
  };
}

type ReadForFocus = Parameters<typeof readingsForFocus>[0] & Pick<Insight, "levels">;

function focusOf(analysis: ContractAnalysis, read: ReadForFocus, { root, events, account }: Surroundings) {
  const { place, asOfMs: atMs } = analysis;
  const isRth = atMs > place.rthOpenMs && atMs <= place.rthCloseMs;
  const next = events === null ? [] : eventsOf(events, root, { fromMs: atMs, toMs: place.closeMs });
  return focusCardOf({
    atMs,
    lastTicks: analysis.levels.closeTicks,
    ...readingsForFocus(read),
    levels: read.levels.levels,
    nextEvent: next[0] ?? null,
    risk: focusRiskOf({ root, tradeDate: tradeDate(place.tradeDate), isRth }, account),
  });
}

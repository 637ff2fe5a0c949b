/** What does the engine remember of one contract to analyse it? One plain tree, taken forward bar by bar. */
import {
  type ConfluenceFrames,
  type ConfluenceState,
  confluenceFramesOf,
  createConfluence,
} from "#lib/analysis/confluence/confluence.ts";
import { createIct, DEFAULT_SWING_SIDE, type IctState } from "#lib/analysis/ict/ict.ts";
import { createLevelBoard, type LevelBoardState } from "#lib/analysis/levels/level-board.ts";
import { createLevelList, type LevelList } from "#lib/analysis/levels/level-list.ts";
import { createMinutePulse, type MinutePulseState } from "#lib/analysis/minute-pulse.ts";
import { createOrderFlow, type OrderFlowState } from "#lib/analysis/order-flow/order-flow.ts";
import { createPivots, type PivotsState } from "#lib/analysis/pivots.ts";
import { createPremarket, type PremarketState } from "#lib/analysis/premarket.ts";
import { createPriceRows, type PriceRows } from "#lib/analysis/price-rows.ts";
import { noProfile, type VolumeProfile } from "#lib/analysis/profile.ts";
import { createRegime, type RegimeState } from "#lib/analysis/regime/regime.ts";
import { createRelativeVolume, type RelativeVolumeState } from "#lib/analysis/relative-volume.ts";
import { createTpo, type TpoState } from "#lib/analysis/tpo.ts";
import { createVolatility, type VolatilityState } from "#lib/analysis/volatility.ts";
import { createVolumeProfile, type VolumeProfileState } from "#lib/analysis/volume-profile.ts";
import { createVwap, type VwapState } from "#lib/analysis/vwap.ts";
import { createWave, type WaveState } from "#lib/analysis/wave.ts";
import { KEPT_INTERVAL_MS, KEPT_INTERVALS } from "#lib/bars/interval.ts";
import type { EngineSettings } from "#lib/events/operator.ts";
import { type AtrState, createAtr } from "#lib/indicators/atr.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import type { Anchor, ContractState } from "../state.ts";
import { followAnchors } from "./anchored.ts";
import { createSessionPlace, type SessionPlace } from "./bar-place.ts";
import { createWalk, type Walk } from "./catch-up.ts";
import { createPair, type PairState } from "./pair.ts";

export const MINUTE = KEPT_INTERVALS.indexOf("1m");
export const FIVE_MINUTES = KEPT_INTERVALS.indexOf("5m");

/** Building: closed bars of before are still being taken in. */
export type ContractAnalysis = {
  status: "building" | "ready";
  walk: Walk;
  place: SessionPlace;
  settings: EngineSettings;
  /** Trades from here on were taken one by one, minutes before it as bars. Infinity while it builds. */
  tradesFromMs: number;
  /** End of the newest bar taken, and how many were. */
  asOfMs: number;
  bars: number;
  /** Volume of the forming minute by price. */
  minute: PriceRows;
  /** Wilder's ATR14 of 5-minute bars: by it the level board judges touches. */
  atr5: AtrState;
  volatility: VolatilityState;
  wave: WaveState;
  regime: RegimeState;
  relativeVolume: RelativeVolumeState;
  /** It is to be read from the root's past before the next publication: see root-volume.ts. */
  isVolumeDue: boolean;
  confluence: ConfluenceState;
  /** Intervals of its three layers. */
  frames: ConfluenceFrames;
  pulse: MinutePulseState;
  ict: IctState;
  /** Its turns beside those of its sibling. */
  pair: PairState;
  orderFlow: OrderFlowState;
  profile: VolumeProfileState;
  /** Sum of the closed sessions looked back on; made once a trade date. */
  composite: VolumeProfile;
  compositeDate: number;
  tpo: TpoState;
  vwap: VwapState;
  /** Those of the contract, whose sums VWAP and CVD hold in this order. */
  anchors: Anchor[];
  pivots: PivotsState;
  levels: LevelBoardState;
  /** Lines for the board that change with a date or a bar of the interval, not with each minute. */
  slowLevels: LevelList;
  premarket: PremarketState;
  /** What is read of the interval's bars alone stands in `published`, and no such bar came since. */
  isIntervalRead: boolean;
  /** As of the newest closed bar; null until it was first ready. Replaced, never changed. */
  published: Insight | null;
  /** Raised with every change but those that trades make (see analysis-parts.ts); itself no part of the state. */
  changes: number;
};

const ATR_PERIOD = 14;
/** Of the random prices beside the levels: the same in every replay. */
const RANDOM_SEED = 20_070_101;

export function createContractAnalysis(contract: ContractState, settings: EngineSettings): ContractAnalysis {
  const { root, index, calendar } = contract;
  const intervalMs = KEPT_INTERVAL_MS[KEPT_INTERVALS.indexOf(settings.interval)];
  const analysis: ContractAnalysis = {
    status: "building",
    walk: createWalk(),
    place: createSessionPlace(),
    settings,
    tradesFromMs: Number.POSITIVE_INFINITY,
    asOfMs: Number.NEGATIVE_INFINITY,
    bars: 0,
    minute: createPriceRows(),
    atr5: createAtr({ period: ATR_PERIOD }),
    volatility: createVolatility({ intervalMs }),
    wave: createWave(),
    regime: createRegime({ intervalMs }),
    relativeVolume: createRelativeVolume(KEPT_INTERVAL_MS[FIVE_MINUTES]),
    isVolumeDue: true,
    confluence: createConfluence(),
    frames: confluenceFramesOf(calendar),
    pulse: createMinutePulse(),
    ict: createIct({ root, barsEachSide: DEFAULT_SWING_SIDE }),
    pair: createPair(),
    orderFlow: createOrderFlow({ root }),
    profile: createVolumeProfile({ rule: "two-row", dates: settings.lookbackDates }),
    composite: noProfile({ span: "composite", atMs: Number.NaN }),
    compositeDate: 0,
    tpo: createTpo(),
    vwap: createVwap(),
    anchors: [],
    pivots: createPivots(),
    levels: createLevelBoard({ root, seed: RANDOM_SEED + index }),
    slowLevels: createLevelList(),
    premarket: createPremarket({ root }),
    isIntervalRead: false,
    published: null,
    changes: 0,
  };
  followAnchors(analysis, contract);
  return analysis;
}

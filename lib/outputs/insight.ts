/** What do all analyses of a contract say together? One record a closed bar; prices in ticks, never changed later. */
import type { FocusCard } from "#lib/advice/focus.ts";
import type { Quality } from "#lib/advice/quality.ts";
import type { Confluence } from "#lib/analysis/confluence/confluence.ts";
import type { IctReading } from "#lib/analysis/ict/ict.ts";
import type { Smt } from "#lib/analysis/ict/smt.ts";
import type { LevelBoard } from "#lib/analysis/levels/level-board.ts";
import type { MinutePulse } from "#lib/analysis/minute-pulse.ts";
import type { Opening } from "#lib/analysis/opening-type.ts";
import type { Cvd } from "#lib/analysis/order-flow/cvd.ts";
import type { OrderFlow } from "#lib/analysis/order-flow/order-flow.ts";
import type { Pivots } from "#lib/analysis/pivots.ts";
import type { Premarket } from "#lib/analysis/premarket.ts";
import type { VolumeProfile } from "#lib/analysis/profile.ts";
import type { Regime } from "#lib/analysis/regime/regime-reading.ts";
import type { RelativeVolume } from "#lib/analysis/relative-volume.ts";
import type { Tpo } from "#lib/analysis/tpo.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import type { Vwap } from "#lib/analysis/vwap.ts";
import type { Wave } from "#lib/analysis/wave.ts";
import type { AnalysisInterval } from "#lib/events/operator.ts";

/** Since the minute of the user's own anchor. */
export type Anchored = { atMs: number; vwap: Vwap; cvd: Cvd };

export type Insight = {
  /** End of the newest bar that it stands on, and the interval of the analyses that have one. */
  asOfMs: number;
  interval: AnalysisInterval;
  volatility: Volatility;
  wave: Wave;
  regime: Regime;
  relativeVolume: RelativeVolume;
  confluence: Confluence;
  quality: Quality;
  pulse: MinutePulse;
  ict: IctReading;
  /** Beside the other market of the pair. */
  smt: Smt;
  orderFlow: OrderFlow;
  profiles: { session: VolumeProfile; rth: VolumeProfile; composite: VolumeProfile };
  tpo: { session: Tpo; rth: Tpo; opening: Opening };
  vwap: { session: Vwap; rth: Vwap; week: Vwap };
  anchored: Anchored[];
  /** From the full trade date, which the level board takes; and from RTH alone. */
  pivots: Pivots;
  rthPivots: Pivots;
  levels: LevelBoard;
  premarket: Premarket;
  focus: FocusCard;
};

/** How do a minute's trades of one contract spread over the prices that the book visits? */
import { assert } from "#lib/assert.ts";
import type { MinutePath } from "#lib/simulator/minute-path.ts";
import { nextUniform, type Stream } from "#lib/simulator/noise.ts";

/**
 * The plan that both the bar and the tape of a minute are made of: for each visit of the path, trades and contracts
 * bought at the ask and sold at the bid. Prices are the contract's own ticks.
 */
export type MinutePlan = {
  visits: number;
  bidTicks: Int32Array;
  buys: Int32Array;
  sells: Int32Array;
  buyVolume: Int32Array;
  sellVolume: Int32Array;
  /** The visits with trades, in order: visitsTraded of them. Volumes of the others mean nothing. */
  traded: Int32Array;
  visitsTraded: number;
  /** Contracts that the opening auction prints at the first bid, on neither side; 0 in other minutes. */
  auctionVolume: number;
  /** Room for the pace of the minute: the part of its trades done up to each twelfth. */
  pace: Float64Array;
};

/** What a contract does in a minute, beside the path: all drawn by (seed, contract, trade date, minute). */
export type MinuteFlow = {
  trades: number;
  volume: number;
  /** Share of buyers, 0 to 1. */
  buyShare: number;
  auctionVolume: number;
  /** Own ticks = floor((path ticks + offset) × ratio): mini tick ÷ own tick; the offset is the carry to the expiry. */
  offsetTicks: number;
  tickRatio: number;
};

const PLAN_VISITS_MAX = 790;
/** Trades do not come evenly: each twelfth of the minute has its own pace. */
const PACES = 12;
const PACES_PER_MS = PACES / 60_000;
/** On the way up buyers are this much more, on the way down less. */
const LEG_LEAN = 0.12;

export function createMinutePlan(): MinutePlan {
  return {
    visits: 0,
    bidTicks: new Int32Array(PLAN_VISITS_MAX),
    buys: new Int32Array(PLAN_VISITS_MAX),
    sells: new Int32Array(PLAN_VISITS_MAX),
    buyVolume: new Int32Array(PLAN_VISITS_MAX),
    sellVolume: new Int32Array(PLAN_VISITS_MAX),
    traded: new Int32Array(PLAN_VISITS_MAX),
    visitsTraded: 0,
    auctionVolume: 0,
    pace: new Float64Array(PACES + 1),
  };
}

/**
 * Spreads `flow.trades` (≥ 1) and `flow.volume` (≥ trades) over the visits: some print always at the end, at the
 * beginning from two trades on, at both extremes from four on; the rest by time and pace, so that one second never
 * holds more than a few times its share. Draws from `stream` in a fixed order.
 */
export function writeMinutePlan(plan: MinutePlan, path: MinutePath, flow: MinuteFlow, stream: Stream): void {
  const { trades, volume, tickRatio, offsetTicks } = flow;
  assert(trades >= 1 && volume >= trades, `minute plan: ${trades} trades of ${volume} contracts, expected 1 ≤ t ≤ v`);
  drawPace(plan.pace, stream);
  const { buys: planBuys, sells: planSells, buyVolume, sellVolume, traded, pace } = plan;
  const { bidTicks, startMs, direction } = path;
  const last = path.count - 1;
  const first = trades >= 2 ? 0 : -1;
  const lowest = trades >= 4 ? path.bidTicks.indexOf(path.lowBidTicks) : -1;
  const highest = trades >= 4 ? path.bidTicks.indexOf(path.highBidTicks) : -1;
  const free = trades - (trades >= 4 ? 4 : trades >= 2 ? 2 : 1);
  const extra = volume - trades;
  const tradePhase = nextUniform(stream);
  const volumePhase = nextUniform(stream);
  let visitsTraded = 0;
  let planned = 0;
  let freeBefore = 0;
  let volumeBefore = 0;
  for (let visit = 0; visit <= last; visit += 1) {
    const freeUpTo = Math.floor(free * paceAt(pace, startMs[visit + 1]) + tradePhase);
    let count = freeUpTo - freeBefore;
    freeBefore = freeUpTo;
    plan.bidTicks[visit] = tickRatio === 1 ? bidTicks[visit] + offsetTicks : scaled(bidTicks[visit], flow);
    if (visit === last) count += 1;
    if (visit === first) count += 1;
    const forcedSell = visit === lowest ? 1 : 0;
    const forcedBuy = visit === highest ? 1 : 0;
    const all = count + forcedSell + forcedBuy;
    if (all === 0) {
      planBuys[visit] = planSells[visit] = 0;
      continue;
    }
    traded[visitsTraded++] = visit;
    const share = flow.buyShare + LEG_LEAN * direction[visit];
    let buys = count === 0 ? 0 : Math.floor(count * share + nextUniform(stream));
    buys = (buys < 0 ? 0 : buys > count ? count : buys) + forcedBuy;
    planned += all;
    const volumeUpTo = Math.floor((extra * planned) / trades + volumePhase);
    const spare = volumeUpTo - volumeBefore;
    volumeBefore = volumeUpTo;
    const buySpare = buys === 0 ? 0 : buys === all ? spare : Math.round((spare * buys) / all);
    planBuys[visit] = buys;
    planSells[visit] = all - buys;
    buyVolume[visit] = buys + buySpare;
    sellVolume[visit] = all - buys + spare - buySpare;
  }
  plan.visitsTraded = visitsTraded;
  plan.visits = path.count;
  plan.auctionVolume = flow.auctionVolume;
}

/** The plan of a minute without trades: the book moves on its own. */
export function writeQuietPlan(
  plan: MinutePlan,
  path: MinutePath,
  ticks: Pick<MinuteFlow, "offsetTicks" | "tickRatio">,
): void {
  for (let visit = 0; visit < path.count; visit += 1) {
    plan.bidTicks[visit] = scaled(path.bidTicks[visit], ticks);
    plan.buys[visit] = plan.sells[visit] = 0;
  }
  plan.visitsTraded = 0;
  plan.visits = path.count;
  plan.auctionVolume = 0;
}

function scaled(bidTicks: number, { offsetTicks, tickRatio }: Pick<MinuteFlow, "offsetTicks" | "tickRatio">): number {
  return Math.floor((bidTicks + offsetTicks) * tickRatio);
}

/** The part of the minute's trades done up to each twelfth: [0] = 0, [12] = 1. */
function drawPace(pace: Float64Array, stream: Stream): void {
  let sum = 0;
  pace[0] = 0;
  for (let part = 1; part <= PACES; part += 1) {
    sum += 0.6 + nextUniform(stream);
    pace[part] = sum;
  }
  for (let part = 1; part < PACES; part += 1) pace[part] /= sum;
  pace[PACES] = 1;
}

function paceAt(pace: Float64Array, ms: number): number {
  const part = ms * PACES_PER_MS;
  const whole = part | 0;
  if (whole >= PACES) return 1;
  return pace[whole] + (part - whole) * (pace[whole + 1] - pace[whole]);
}

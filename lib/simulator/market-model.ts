/** What happens in any minute of any contract of the simulated market? */
import { assert } from "#lib/assert.ts";
import type { Contract } from "#lib/contract.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { rthOf, sessionCloseMs } from "#lib/session.ts";
import { appendMinute, createBarBlockWriter, finishBlock } from "#lib/simulator/bar-block-writer.ts";
import { type ContractDay, createMinuteFlow, writeMinuteFlow } from "#lib/simulator/contract-day.ts";
import { createMarketDays } from "#lib/simulator/market-days.ts";
import { createFoldedMinute, foldPlan, type MinuteBar, minuteBarOf } from "#lib/simulator/minute-fold.ts";
import { createMinutePath, writeMinutePath } from "#lib/simulator/minute-path.ts";
import { createMinutePlan, writeMinutePlan, writeQuietPlan } from "#lib/simulator/minute-plan.ts";
import { type BookStyle, writeMinuteTape } from "#lib/simulator/minute-tape.ts";
import { placeStream, type Stream } from "#lib/simulator/noise.ts";
import { type ContractShare, contractsOn } from "#lib/simulator/roll-calendar.ts";
import { beginTape, createTapeWriter, finishTape, type MinuteTape, TAPE_ROWS_MAX } from "#lib/simulator/tape-writer.ts";
import { gridIndexAt, type TradeDateGrid } from "#lib/simulator/trade-date-grid.ts";
import { type EpochMs, epochMs, type FractionalTicks, fractionalTicks, type TradeDate } from "#lib/units.ts";

/** Part of a run's identity: another model would not go on where this one stopped. */
export const MODEL_VERSION = 1;

export type MarketModel = {
  readonly seed: number;
  readonly roots: readonly string[];
  /** The contracts that trade in earnest on a date, of all roots or of one. */
  contractsOn(date: TradeDate, root?: string): readonly ContractShare[];
  /** The minutes of a root's trade date; indices below count in it. */
  grid(root: string, date: TradeDate): TradeDateGrid;
  /** The bar of a minute; null where nothing trades. */
  minuteBar(contract: Contract, date: TradeDate, minute: number): MinuteBar | null;
  /** The trades and quotes of a minute; its trades fold to `minuteBar` exactly. */
  minuteTape(contract: Contract, date: TradeDate, minute: number): MinuteTape;
  /** The bars of minutes [fromMinute, toMinute) in one block. */
  sessionBars(contract: Contract, date: TradeDate, fromMinute: number, toMinute: number): BarBlock;
  /** The settlement in fractional ticks: VWAP of the last minute of RTH that traded, a micro's is its mini's. */
  settlement(contract: Contract, date: TradeDate): FractionalTicks;
  /** When the settlement is struck: the end of RTH, or of the session where that comes first. */
  settlementMs(root: string, date: TradeDate): EpochMs;
};

/** A busy book repeats itself this often, RTH's at least and a quiet night's; the bounds of STALE are 5 s and 60 s. */
const BUSY_TRADES = 40;
const BUSY_IDLE_MS_PER_TRADE = 24_000;
const BUSY_IDLE_MS_MIN = 60;
const RTH_IDLE_MS = 2_000;
const NIGHT_IDLE_MS = 8_000;
/** Of the events a second that a product may make, quotes that only refresh sizes take up to this part. */
const REFRESH_PART = 0.6;

/**
 * The simulated market of a seed. Everything is a function of (seed, trade date, minute): any order of questions gives
 * the same answers. Throws RangeError for a root that the simulator does not know.
 */
export function createMarketModel({ seed, roots }: { seed: number; roots: readonly string[] }): MarketModel {
  for (const root of roots) {
    if (instrumentOf(root) === null) throw new RangeError(`createMarketModel: root was ${root}, expected a listed one`);
  }
  const days = createMarketDays(seed);
  const path = createMinutePath();
  const plan = createMinutePlan();
  const flow = createMinuteFlow();
  const folded = createFoldedMinute();
  const tape = createTapeWriter();
  const stream: Stream = { word: 0 };

  function planMinute(day: ContractDay, minute: number): boolean {
    writeMinutePath(path, day.price, minute, stream);
    if (!writeMinuteFlow(flow, day, minute, stream)) return false;
    writeMinutePlan(plan, path, flow, stream);
    return true;
  }

  function foldMinute(day: ContractDay, minute: number): boolean {
    if (!planMinute(day, minute)) return false;
    foldPlan(folded, plan, path.direction);
    return true;
  }

  function minuteBar(contract: Contract, date: TradeDate, minute: number): MinuteBar | null {
    const day = dayAt(contract, date, minute);
    return foldMinute(day, minute) ? minuteBarOf(folded, day.price.grid.openMs[minute]) : null;
  }

  function minuteTape(contract: Contract, date: TradeDate, minute: number): MinuteTape {
    const day = dayAt(contract, date, minute);
    const trades = planMinute(day, minute) ? flow.trades : 0;
    if (trades === 0) writeQuietPlan(plan, path, day);
    placeStream(stream, day.base, minute, 3);
    beginTape(tape, day.price.grid.openMs[minute]);
    writeMinuteTape(tape, path, plan, bookStyle(day, minute, trades), stream);
    assert(tape.count <= TAPE_ROWS_MAX, `minuteTape: ${tape.count} rows, expected at most ${TAPE_ROWS_MAX}`);
    return finishTape(tape);
  }

  function sessionBars(contract: Contract, date: TradeDate, fromMinute: number, toMinute: number): BarBlock {
    const day = days.contractDay(contract, date);
    const { openMs, count } = day.price.grid;
    const end = Math.min(toMinute, count);
    const writer = createBarBlockWriter(Math.max(0, end - fromMinute));
    for (let minute = fromMinute; minute < end; minute += 1) {
      if (foldMinute(day, minute)) appendMinute(writer, folded, openMs[minute]);
    }
    return finishBlock(writer);
  }

  function settlement(contract: Contract, date: TradeDate): FractionalTicks {
    const mini = instrumentOf(contract.root)?.mini ?? null;
    if (mini !== null) {
      const ratio = days.contractDay(contract, date).tickRatio;
      return fractionalTicks(settlement({ ...contract, root: mini }, date) * ratio);
    }
    const day = days.contractDay(contract, date);
    const last = gridIndexAt(day.price.grid, settlementMs(contract.root, date) - 1);
    for (let minute = last; minute > last - 30 && minute >= 0; minute -= 1) {
      if (foldMinute(day, minute)) return fractionalTicks(minuteBarOf(folded, 0).vwapTicks);
    }
    return fractionalTicks(day.price.levelTicks[last + 1] + day.offsetTicks);
  }

  function settlementMs(root: string, date: TradeDate): EpochMs {
    const calendar = instrumentOf(root)?.calendar;
    assert(calendar !== undefined, `settlementMs: root was ${root}, expected one that we list`);
    return epochMs(rthOf(root, date)?.closeMs ?? sessionCloseMs(calendar, date));
  }

  function dayAt(contract: Contract, date: TradeDate, minute: number): ContractDay {
    const day = days.contractDay(contract, date);
    const { count } = day.price.grid;
    if (minute < 0 || minute >= count) throw new RangeError(`minute: was ${minute}, expected 0 to ${count - 1}`);
    return day;
  }

  return {
    seed,
    roots,
    contractsOn: (date, root) => (root === undefined ? roots : [root]).flatMap((one) => contractsOn(one, date)),
    grid: days.grid,
    minuteBar,
    minuteTape,
    sessionBars,
    settlement,
    settlementMs,
  };
}

function bookStyle(day: ContractDay, minute: number, trades: number): BookStyle {
  const { profile } = day;
  const isRth = minute >= day.rthFrom && minute < day.rthTo;
  const quietMs = isRth ? RTH_IDLE_MS : NIGHT_IDLE_MS;
  return {
    depth: profile.depth,
    wideShare: isRth ? profile.wideShareRth : profile.wideShareOvernight,
    idleMs: trades < BUSY_TRADES ? quietMs : Math.max(BUSY_IDLE_MS_MIN, BUSY_IDLE_MS_PER_TRADE / trades),
    refreshRowsPerSecondMax: Math.max(2, profile.eventsPerSecondMax * REFRESH_PART * Math.max(day.volumeShare, 0.05)),
  };
}

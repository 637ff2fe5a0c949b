/** What happens in any minute of any contract of the simulated market? */
import { assert } from "#lib/assert.ts";
import type { Contract } from "#lib/contract.ts";
import type { BarBlock } from "#lib/events/bar-block.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { rthOf, sessionCloseMs } from "#lib/session.ts";
import { appendMinute, createBarBlockWriter, finishBlock } from "#lib/simulator/bar-block-writer.ts";
import type { ContractDay } from "#lib/simulator/contract-day.ts";
import { createMarketDays } from "#lib/simulator/market-days.ts";
import { type MinuteBar, minuteBarOf } from "#lib/simulator/minute-fold.ts";
import { createMinuteMaker } from "#lib/simulator/minute-maker.ts";
import { type ContractShare, contractsOn } from "#lib/simulator/roll-calendar.ts";
import type { MinuteTape } from "#lib/simulator/tape-writer.ts";
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

/**
 * The simulated market of a seed. Everything is a function of (seed, trade date, minute): any order of questions gives
 * the same answers. Throws RangeError for a root that the simulator does not know.
 */
export function createMarketModel({ seed, roots }: { seed: number; roots: readonly string[] }): MarketModel {
  for (const root of roots) {
    if (instrumentOf(root) === null) throw new RangeError(`createMarketModel: root was ${root}, expected a listed one`);
  }
  const days = createMarketDays(seed);
  const maker = createMinuteMaker();

  function dayAt(contract: Contract, date: TradeDate, minute: number): ContractDay {
    const day = days.contractDay(contract, date);
    const { count } = day.price.grid;
    if (minute < 0 || minute >= count) throw new RangeError(`minute: was ${minute}, expected 0 to ${count - 1}`);
    return day;
  }

  function minuteBar(contract: Contract, date: TradeDate, minute: number): MinuteBar | null {
    const day = dayAt(contract, date, minute);
    const folded = maker.fold(day, minute);
    return folded === null ? null : minuteBarOf(folded, day.price.grid.openMs[minute]);
  }

  function sessionBars(contract: Contract, date: TradeDate, fromMinute: number, toMinute: number): BarBlock {
    const day = days.contractDay(contract, date);
    const { openMs, count } = day.price.grid;
    const end = Math.min(toMinute, count);
    const writer = createBarBlockWriter(Math.max(0, end - fromMinute));
    for (let minute = fromMinute; minute < end; minute += 1) {
      const folded = maker.fold(day, minute);
      if (folded !== null) appendMinute(writer, folded, openMs[minute]);
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
      const folded = maker.fold(day, minute);
      if (folded !== null) return fractionalTicks(minuteBarOf(folded, 0).vwapTicks);
    }
    return fractionalTicks(day.price.levelTicks[last + 1] + day.offsetTicks);
  }

  function settlementMs(root: string, date: TradeDate): EpochMs {
    const calendar = instrumentOf(root)?.calendar;
    assert(calendar !== undefined, `settlementMs: root was ${root}, expected one that we list`);
    return epochMs(rthOf(root, date)?.closeMs ?? sessionCloseMs(calendar, date));
  }

  return {
    seed,
    roots,
    contractsOn: (date, root) => (root === undefined ? roots : [root]).flatMap((one) => contractsOn(one, date)),
    grid: days.grid,
    minuteBar,
    minuteTape: (contract, date, minute) => maker.tape(dayAt(contract, date, minute), minute),
    sessionBars,
    settlement,
    settlementMs,
  };
}

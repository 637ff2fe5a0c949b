/** Which days has the model made already? A bounded memory: what it forgets it makes again, the same. */
import { assert } from "#lib/assert.ts";
import { civilParts } from "#lib/civil.ts";
import type { Contract } from "#lib/contract.ts";
import { type Instrument, instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { hashSeed } from "#lib/prng.ts";
import { isTradeDate, previousTradeDate, rthOf } from "#lib/session.ts";
import { RTH_HOURS } from "#lib/session-hours.ts";
import { type ClockShape, createClockShape } from "#lib/simulator/clock-shape.ts";
import type { ContractDay } from "#lib/simulator/contract-day.ts";
import { createFamilyDay, type FamilyDay } from "#lib/simulator/family-day.ts";
import { createPriceDay, type PriceDay } from "#lib/simulator/price-day.ts";
import { type Family, flowProfile, priceProfile, priceRoot } from "#lib/simulator/product-profile.ts";
import { volumeShareOf } from "#lib/simulator/roll-calendar.ts";
import { gridIndexAt, type TradeDateGrid, tradeDateGrid } from "#lib/simulator/trade-date-grid.ts";
import { MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";

export type MarketDays = {
  grid(root: string, date: TradeDate): TradeDateGrid;
  contractDay(contract: Contract, date: TradeDate): ContractDay;
};

/** Days kept of each kind; the oldest goes. Covers 25 roots over a roll of the trade date. */
const DAYS_MAX = 96;
const DAYS_PER_MONTH = 30.4375;

/** How lively Asia and London are in a family; equities are the measure. */
const NIGHTS: Readonly<Record<Family, { asia: number; london: number }>> = {
  equity: { asia: 1, london: 1 },
  metals: { asia: 1.7, london: 2 },
  energy: { asia: 1.2, london: 2 },
  rates: { asia: 1.2, london: 2 },
  fx: { asia: 1.8, london: 3 },
  crypto: { asia: 1.8, london: 1.8 },
};

/** The days of a seed, made when first asked for. */
export function createMarketDays(seed: number): MarketDays {
  const grids = new Map<string, TradeDateGrid>();
  const families = new Map<string, FamilyDay>();
  const prices = new Map<string, PriceDay>();
  const contracts = new Map<string, ContractDay>();

  function grid(root: string, date: TradeDate): TradeDateGrid {
    const { calendar } = listed(root);
    return remembered(grids, `${calendar} ${date}`, () => tradeDateGrid(calendar, date));
  }

  function priceDay(root: string, date: TradeDate): PriceDay {
    return remembered(prices, `${root} ${date}`, () => {
      const instrument = listed(root);
      const profile = priceProfile(root);
      const { family } = profile;
      const dateGrid = grid(root, date);
      return createPriceDay({
        seed,
        root,
        date,
        previousDate: previousTradeDate(instrument.calendar, date),
        tickSize: tickSizeAt(instrument, date),
        profile,
        shape: ordinaryShape(root, date, family),
        family: remembered(families, `${family} ${date}`, () =>
          createFamilyDay({ seed, family, date, grid: dateGrid }),
        ),
        grid: dateGrid,
      });
    });
  }

  function contractDay(contract: Contract, date: TradeDate): ContractDay {
    const key = `${contract.root} ${contract.year} ${contract.month} ${date}`;
    return remembered(contracts, key, () => {
      const instrument = listed(contract.root);
      assert(isTradeDate(instrument.calendar, date), `simulator: day ${date} is no trade date of ${contract.root}`);
      const price = priceDay(priceRoot(instrument), date);
      const rth = rthOf(contract.root, date);
      return {
        contract,
        date,
        price,
        profile: flowProfile(contract.root),
        volumeShare: volumeShareOf(contract, date),
        ...ticksOf(instrument, contract, date),
        base: (hashSeed(seed, "flow", contract.root, contract.year * 12 + contract.month) + Math.imul(date, 7919)) | 0,
        rthFrom: rth === null ? 0 : gridIndexAt(price.grid, rth.openMs),
        rthTo: rth === null ? 0 : gridIndexAt(price.grid, rth.closeMs - MS_PER_MINUTE) + 1,
      };
    });
  }

  return { grid, contractDay };
}

function listed(root: string): Instrument {
  const instrument = instrumentOf(root);
  assert(instrument !== null, `simulator: root was ${root}, expected one that we list`);
  return instrument;
}

/** Carry from the price root's ticks to the expiry's, and the ratio of the two tick sizes (6E to M6E: 0.5). */
function ticksOf(
  instrument: Instrument,
  contract: Contract,
  date: TradeDate,
): { offsetTicks: number; tickRatio: number } {
  const mini = listed(priceRoot(instrument));
  const profile = priceProfile(mini.root);
  const miniTickSize = tickSizeAt(mini, date);
  const { year, month, day } = civilParts(date);
  const months = (contract.year - year) * 12 + contract.month - month + (15 - day) / DAYS_PER_MONTH;
  return {
    offsetTicks: Math.round((profile.levelPoints / miniTickSize) * profile.carryPerMonth * months),
    tickRatio: Math.round((miniTickSize / tickSizeAt(instrument, date)) * 1e6) / 1e6,
  };
}

/** The clock shape by the RTH of an ordinary day of these years, whatever an early close does to this one. */
function ordinaryShape(root: string, date: TradeDate, family: Family): ClockShape {
  const rth = ordinaryRth(root, date);
  return createClockShape({ ...rth, ...NIGHTS[family] });
}

function ordinaryRth(root: string, date: TradeDate): { rthOpenMinute: number; rthCloseMinute: number } {
  const rows = RTH_HOURS[root];
  assert(rows !== undefined, `simulator: ${root} has no RTH`);
  let inForce = rows[0];
  for (const row of rows) if (date >= row.fromDay) inForce = row;
  return { rthOpenMinute: inForce.openMinute, rthCloseMinute: inForce.closeMinute };
}

/** The entry of a key, made where it is missing; the oldest entry goes when there is no room. */
function remembered<Value>(entries: Map<string, Value>, key: string, make: () => Value): Value {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (entries.size >= DAYS_MAX) {
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  }
  entries.set(key, made);
  return made;
}

/** Which ticks does the latency bench replay? Sixteen front contracts at an even, high rate, written as a CSV file. */
import fs from "node:fs";
import { type Contract, contractLongSymbol } from "#lib/contract.ts";
import { firstFront, microFront } from "#lib/front-contract.ts";
import { instrumentOf, tickSizeAt } from "#lib/instrument.ts";
import { createRandom } from "#lib/prng.ts";
import { tradeDateAt } from "#lib/session.ts";
import { DEFAULT_ROOTS, priceProfile, priceRoot } from "#lib/simulator/product-profile.ts";
import { tradeDate } from "#lib/units.ts";

/** Tuesday 2026-11-17, 09:30 in New York: every market of the sixteen is open. */
const START_MS = 1_794_925_800_000;
const SEED = 11;
const NS_PER_MS = 1_000_000n;
/** Ticks come in sweeps: so many at most share one instant. */
const SWEEP_MAX = 12;
const ROWS_PER_WRITE = 20_000;

type Market = { symbol: string; tickSize: number; decimals: number; priceTicks: number; isBuy: boolean };

export type TickFile = { rowsPerSecond: number; seconds: number; contracts: number };

/** The front contract of a root by the calendar; a micro's is its mini's. */
function frontOf(root: string): Contract {
  const instrument = instrumentOf(root);
  if (instrument === null) throw new Error(`tick file: root ${root} is not listed`);
  const mini = instrument.mini ?? root;
  const miniInstrument = instrumentOf(mini) ?? instrument;
  const front = firstFront(mini, tradeDateAt(miniInstrument.calendar, START_MS));
  return mini === root ? front : microFront(root, front);
}

function marketOf(root: string): Market {
  const instrument = instrumentOf(root);
  if (instrument === null) throw new Error(`tick file: root ${root} is not listed`);
  const tickSize = tickSizeAt(instrument, tradeDate(tradeDateAt(instrument.calendar, START_MS)));
  const priceTicks = Math.round(priceProfile(priceRoot(instrument)).levelPoints / tickSize);
  const decimals = String(tickSize).split(".")[1]?.length ?? 0;
  return { symbol: contractLongSymbol(frontOf(root)), tickSize, decimals, priceTicks, isBuy: true };
}

/**
 * Writes rows of trades with aggressor and book. A price moves by one tick in a quarter of the rows, so each such row
 * is two events, a quote and a trade. Mean rate `rowsPerSecond` over all contracts, the same for each.
 */
export function writeTickFile(file: string, { rowsPerSecond, seconds }: Omit<TickFile, "contracts">): TickFile {
  const random = createRandom(SEED);
  const markets = DEFAULT_ROOTS.map(marketOf);
  const rows = rowsPerSecond * seconds;
  const nsPerRow = 1_000_000_000 / rowsPerSecond;
  const handle = fs.openSync(file, "w");
  let lines = ["contract,ts_event_ns,price,size,aggressor,bid_px,bid_sz,ask_px,ask_sz"];
  let row = 0;
  let turn = 0;
  while (row < rows) {
    const atNs = BigInt(START_MS) * NS_PER_MS + BigInt(Math.floor(row * nsPerRow));
    // A sweep is of one contract; all have their turn.
    const market = markets[turn++ % markets.length];
    const sweep = Math.min(rows - row, 1 + Math.floor(random() * SWEEP_MAX));
    for (let part = 0; part < sweep; part += 1) lines.push(rowOf(market, atNs, random));
    row += sweep;
    if (lines.length >= ROWS_PER_WRITE) {
      fs.writeSync(handle, `${lines.join("\n")}\n`);
      lines = [];
    }
  }
  fs.writeSync(handle, `${lines.join("\n")}\n`);
  fs.closeSync(handle);
  return { rowsPerSecond, seconds, contracts: markets.length };
}

function rowOf(market: Market, atNs: bigint, random: () => number): string {
  market.isBuy = random() < 0.5;
  if (random() < 0.25) market.priceTicks += market.isBuy ? 1 : -1;
  const points = (ticks: number): string => (ticks * market.tickSize).toFixed(market.decimals);
  const bidTicks = market.isBuy ? market.priceTicks - 1 : market.priceTicks;
  const size = 1 + Math.floor(random() * 5);
  const side = market.isBuy ? "B" : "S";
  return `${market.symbol},${atNs},${points(market.priceTicks)},${size},${side},${points(bidTicks)},20,${points(bidTicks + 1)},20`;
}

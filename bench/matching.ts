/** How far do other platforms' settings lie from our values? Each setting computed on the real ES bars and ticks. */
import path from "node:path";
import { spreadBar } from "#lib/analysis/bar-rows.ts";
import { addRowTrade, addVolume, createPriceRows, type PriceRows, rowVolumes } from "#lib/analysis/price-rows.ts";
import { valueAreaOf } from "#lib/analysis/value-area.ts";
import { SIDE } from "#lib/bars/time-bars.ts";
import { addAtr, createAtr } from "#lib/indicators/atr.ts";
import { addRsi, createRsi } from "#lib/indicators/rsi.ts";
import { addSma, createSma } from "#lib/indicators/sma.ts";
import { type FiveMinutes, readEsFiveMinutes } from "#tests/support/es-five-minutes.ts";
import { type OracleTrade, readEsHour } from "#tests/support/es-oracle.ts";
import { median, quantile } from "./measure.ts";

const TICK = 0.25;
const HOUR_FILE = path.resolve(
  import.meta.dirname,
  "../../shared/data/ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz",
);
/** 2024 up to the file's end, by the contract that the file shows. */
const bars = readEsFiveMinutes((day) => day >= "2024-01-01");

function say(what: string, values: readonly number[], unit: string): void {
  const away = values.map(Math.abs);
  const shown = [median(away), quantile(away, 0.95), Math.max(...away)].map((value) => value.toPrecision(3));
  console.log(`${what} | ${values.length} | ${shown.join(" | ")} | ${unit}`);
}

/** First and last row of each session, 17:00 to 16:00 by Chicago's clock; of RTH where `isRth`. */
function sessions({ count, atCt, contract }: FiveMinutes, isRth = false): [number, number][] {
  const found: [number, number][] = [];
  const dateOf = (row: number): number => Math.floor((atCt[row] + 7 * 3_600_000) / 86_400_000);
  const minuteOf = (row: number): number => Math.floor((atCt[row] % 86_400_000) / 60_000);
  const isIn = (row: number): boolean => !isRth || (minuteOf(row) >= 510 && minuteOf(row) < 900);
  for (let row = 0; row < count; row += 1) {
    if (!isIn(row)) continue;
    const last = found.at(-1);
    const goesOn = last !== undefined && dateOf(last[0]) === dateOf(row) && contract[last[0]] === contract[row];
    if (goesOn) last[1] = row;
    else found.push([row, row]);
  }
  return found.filter(([from, to]) => to - from > 50);
}

function smoothing(): void {
  const atr = createAtr({ period: 14 });
  const simple = createSma({ period: 14 });
  const rsi = createRsi({ period: 14 });
  const gains = createSma({ period: 14 });
  const losses = createSma({ period: 14 });
  const avg = { value: Number.NaN };
  const [byMean, rsiByMean, smoothed] = [[] as number[], [] as number[], [] as number[]];
  for (let row = 1; row < bars.count; row += 1) {
    const [high, low, close] = [bars.highTicks[row], bars.lowTicks[row], bars.closeTicks[row]];
    const prior = bars.closeTicks[row - 1];
    const range = Math.max(high, prior) - Math.min(low, prior);
    addAtr(atr, { open: bars.openTicks[row], high, low, close, volume: bars.volume[row] });
    addSma(simple, range);
    addRsi(rsi, close);
    addSma(gains, Math.max(0, close - prior));
    addSma(losses, Math.max(0, prior - close));
    if (row < 300) continue;
    byMean.push((100 * (simple.value - atr.value)) / atr.value);
    const moved = gains.value + losses.value;
    if (moved > 0) rsiByMean.push((100 * gains.value) / moved - rsi.value);
    // NinjaTrader's second line: an EMA of the RSI with its parameter smooth, 3.
    avg.value = Number.isNaN(avg.value) ? rsi.value : avg.value + (rsi.value - avg.value) * 0.5;
    smoothed.push(avg.value - rsi.value);
  }
  say("ATR 14, simple mean in place of Wilder's", byMean, "% of ATR");
  say("RSI 14, simple means in place of Wilder's", rsiByMean, "points of RSI");
  say("RSI 14, line Avg with smooth 3 in place of RSI", smoothed, "points of RSI");
}

type VwapPrice = (row: number) => number;

/** VWAP of 5-minute bars at the end of each session, by the price that stands for a bar. */
function vwapAt([from, to]: [number, number], priceOf: VwapPrice): number {
  let [sum, volume] = [0, 0];
  for (let row = from; row <= to; row += 1) {
    sum += priceOf(row) * bars.volume[row];
    volume += bars.volume[row];
  }
  return sum / volume;
}

function vwaps(): void {
  const { highTicks: high, lowTicks: low, closeTicks: close, openTicks: open } = bars;
  const typical: VwapPrice = (row) => (high[row] + low[row] + close[row]) / 3;
  const ends = sessions(bars);
  const against = (other: VwapPrice) => ends.map((session) => vwapAt(session, other) - vwapAt(session, typical));
  say(
    "VWAP at the session's end, 5m bars by close, not (H+L+C)/3",
    against((row) => close[row]),
    "ticks",
  );
  say(
    "VWAP at the session's end, 5m bars by (O+H+L+C)/4",
    against((row) => (open[row] + high[row] + low[row] + close[row]) / 4),
    "ticks",
  );
  const rth = sessions(bars, true).map((part) => {
    const whole = ends.find(([from, to]) => from <= part[0] && to >= part[1]);
    return whole === undefined ? 0 : vwapAt(part, typical) - vwapAt([whole[0], part[1]], typical);
  });
  say("VWAP at 15:00 CT, reset at 08:30 in place of 17:00", rth, "ticks");
}

/** The session's rows, each bar spread over its range. */
function rowsOf([from, to]: [number, number], by: "spread" | "close"): PriceRows {
  const rows = createPriceRows();
  for (let row = from; row <= to; row += 1) {
    const [lowTicks, highTicks, volume] = [bars.lowTicks[row], bars.highTicks[row], bars.volume[row]];
    if (by === "spread") spreadBar(rows, { lowTicks, highTicks, volume, buyVolume: 0, sellVolume: 0 });
    else addVolume(rows, bars.closeTicks[row], SIDE.unsigned, volume);
  }
  return rows;
}

type Area = { poc: number; low: number; high: number };

function areaOf(volumes: ArrayLike<number>, rule: "two-row" | "one-row", percent: number): Area {
  // valueAreaOf takes 70 %: another share is reached by its own expansion here, one row or two at a time.
  const base = valueAreaOf(volumes, rule);
  if (base === null) throw new Error("a session without volume");
  if (percent === 70) return base;
  const step = rule === "two-row" ? 2 : 1;
  let [low, high, inside] = [base.poc, base.poc, volumes[base.poc]];
  const sum = (from: number, to: number): number => {
    let total = 0;
    for (let row = Math.max(0, from); row <= Math.min(volumes.length - 1, to); row += 1) total += volumes[row];
    return total;
  };
  while (inside * 100 < base.total * percent) {
    const above = high + 1 < volumes.length ? sum(high + 1, high + step) : -1;
    const below = low > 0 ? sum(low - step, low - 1) : -1;
    if (above >= below) {
      inside += above;
      high = Math.min(volumes.length - 1, high + step);
    } else {
      inside += below;
      low = Math.max(0, low - step);
    }
  }
  return { poc: base.poc, low, high };
}

function areas(): void {
  const all = sessions(bars);
  const compare = (what: string, of: (session: [number, number], rows: PriceRows) => Area): void => {
    const [poc, edges] = [[] as number[], [] as number[]];
    for (const session of all) {
      const rows = rowsOf(session, "spread");
      const ours = areaOf(rowVolumes(rows), "two-row", 70);
      const theirs = of(session, rows);
      poc.push(theirs.poc - ours.poc);
      edges.push(theirs.low - ours.low, theirs.high - ours.high);
    }
    say(`${what}: POC`, poc, "ticks");
    say(`${what}: value area's edges`, edges, "ticks");
  };
  compare("One row at a time, 70 %", (_, rows) => areaOf(rowVolumes(rows), "one-row", 70));
  compare("68 % in place of 70 %", (_, rows) => areaOf(rowVolumes(rows), "two-row", 68));
  compare("24 rows over the range in place of rows of a tick", (_, rows) => inBins(rows, 24));
  compare("5m bars all at their close, not spread", (session, rows) => {
    const other = rowsOf(session, "close");
    const shift = other.lowTicks - rows.lowTicks;
    const { poc, low, high } = areaOf(rowVolumes(other), "two-row", 70);
    return { poc: poc + shift, low: low + shift, high: high + shift };
  });
}

/** So many equal rows from low to high; a row's middle stands for it, edges are its edges. */
function inBins(rows: PriceRows, count: number): Area {
  const ticks = rowVolumes(rows);
  const bins = new Float64Array(count);
  ticks.forEach((volume, row) => {
    bins[Math.min(count - 1, Math.floor((row * count) / ticks.length))] += volume;
  });
  const { poc, low, high } = areaOf(bins, "two-row", 70);
  const size = ticks.length / count;
  return { poc: (poc + 0.5) * size, low: low * size, high: (high + 1) * size - 1 };
}

function deltas(): void {
  const cvd = (session: [number, number], deltaOf: (row: number) => number): number => {
    let sum = 0;
    for (let row = session[0]; row <= session[1]; row += 1) sum += deltaOf(row);
    return sum;
  };
  const truth = (row: number): number => bars.askVolume[row] - bars.bidVolume[row];
  const byBar = (row: number): number => Math.sign(bars.closeTicks[row] - bars.openTicks[row]) * bars.volume[row];
  const all = sessions(bars);
  say(
    "CVD at the session's end itself (ask − bid volume)",
    all.map((session) => cvd(session, truth)),
    "contracts",
  );
  say(
    "CVD by the sign of each 5m bar, less ask − bid",
    all.map((session) => cvd(session, byBar) - cvd(session, truth)),
    "contracts",
  );
  const isSame = all.filter((session) => cvd(session, byBar) * cvd(session, truth) > 0).length;
  console.log(`CVD by bars has the true sign in ${isSame} of ${all.length} sessions`);
}

function hour(): void {
  const trades = readEsHour(HOUR_FILE);
  const rows = createPriceRows();
  const sum = (of: (trade: OracleTrade, at: number) => number): number =>
    trades.reduce((all, one, at) => all + of(one, at), 0);
  const volume = sum(({ size }) => size);
  for (const { price, size, ms } of trades) {
    addRowTrade(rows, { priceTicks: price / TICK, size, side: SIDE.unsigned, deltaSource: 0, exchangeMs: ms });
  }
  const exact = sum(({ price, size }) => price * size) / volume / TICK;
  const fives = new Map<number, OracleTrade[]>();
  for (const one of trades) {
    const at = Math.floor(one.ms / 300_000);
    fives.set(at, [...(fives.get(at) ?? []), one]);
  }
  const ranges = [...fives.values()].map((list) => {
    const prices = list.map(({ price }) => price / TICK);
    const [high, low] = [Math.max(...prices), Math.min(...prices)];
    return { high, low, close: prices[prices.length - 1], size: list.reduce((all, { size }) => all + size, 0) };
  });
  const typical =
    ranges.reduce((all, { high, low, close, size }) => all + ((high + low + close) / 3) * size, 0) / volume;
  const spread = createPriceRows();
  for (const { high, low, size } of ranges) {
    spreadBar(spread, { lowTicks: low, highTicks: high, volume: size, buyVolume: 0, sellVolume: 0 });
  }
  const real = areaOf(rowVolumes(rows), "two-row", 70);
  const estimated = areaOf(rowVolumes(spread), "two-row", 70);
  const shift = spread.lowTicks - rows.lowTicks;
  const signed = sum(({ side, size }) => (side === "B" ? size : side === "S" ? -size : 0));
  let direction = 0;
  const byTick = sum(({ price, size }, at) => {
    if (at > 0 && price !== trades[at - 1].price) direction = Math.sign(price - trades[at - 1].price);
    return direction * size;
  });
  console.log(`ES hour, ${trades.length} trades, ${volume} contracts`);
  console.log(`VWAP by 5m (H+L+C)/3 less VWAP of trades: ${(typical - exact).toFixed(3)} ticks`);
  console.log(
    `5m bars spread less trades: POC ${estimated.poc + shift - real.poc}, VAL ${estimated.low + shift - real.low}, ` +
      `VAH ${estimated.high + shift - real.high} ticks`,
  );
  console.log(`CVD by aggressor ${signed}, by up and down ticks ${byTick} contracts`);
}

console.log("what | n | median | 95 % | most | unit");
smoothing();
vwaps();
areas();
deltas();
hour();

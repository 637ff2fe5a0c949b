/** In which order and at which times do a minute's trades and quotes of one contract print? */
import { AGGRESSOR } from "#lib/events/market.ts";
import type { MinutePath } from "#lib/simulator/minute-path.ts";
import type { MinutePlan } from "#lib/simulator/minute-plan.ts";
import { nextUniform, type Stream } from "#lib/simulator/noise.ts";
import { type TapeWriter, writeQuote, writeTrade } from "#lib/simulator/tape-writer.ts";

/** How a contract's book looks in this minute. */
export type BookStyle = {
  depth: number;
  /** Chance that a visit's spread is wider than one tick. */
  wideShare: number;
  /** A book without news repeats itself after this long, so that a quiet market is told from a dead feed. */
  idleMs: number;
  /** Quotes that only refresh sizes stop at this many rows a second. */
  refreshRowsPerSecondMax: number;
};

/** Chances: a quote follows a trade, an order sweeps on in the same instant, a new price shows one side first. */
const REFRESH_CHANCE = 0.85;
const SWEEP_CHANCE = 0.3;
const ONE_SIDE_FIRST_CHANCE = 0.25;
const ONE_SIDE_FIRST_MS = 60;
/** A wide spread is three ticks this often, else two. */
const THREE_TICKS_CHANCE = 0.25;

/**
 * Prints the plan's visits into the writer. Every trade prints at the bid (sell) or the ask (buy) that the last quote
 * before it showed; the book is never crossed and has two sides. The auction comes before the first book.
 */
export function writeMinuteTape(
  writer: TapeWriter,
  path: MinutePath,
  plan: MinutePlan,
  style: BookStyle,
  stream: Stream,
): void {
  if (plan.auctionVolume > 0) {
    writeTrade(writer, 0, { priceTicks: plan.bidTicks[0], size: plan.auctionVolume, aggressor: AGGRESSOR.none });
  }
  for (let visit = 0; visit < plan.visits; visit += 1) {
    const bid = plan.bidTicks[visit];
    const startMs = path.startMs[visit];
    const endMs = path.startMs[visit + 1];
    const trades = plan.buys[visit] + plan.sells[visit];
    const isNew = visit === 0 || bid !== plan.bidTicks[visit - 1];
    const wide = nextUniform(stream) < style.wideShare ? (nextUniform(stream) < THREE_TICKS_CHANCE ? 2 : 1) : 0;
    if (isNew)
      openVisit(writer, { bid, wide, startMs, endMs, isFirst: visit === 0, hasTrades: trades > 0 }, style, stream);
    if (trades > 0)
      printVisit(writer, { plan, visit, wide, startMs, endMs, isUp: path.direction[visit] >= 0 }, style, stream);
    fillIdle(writer, endMs, style, stream);
  }
}

type Opening = {
  bid: number;
  wide: number;
  startMs: number;
  endMs: number;
  isFirst: boolean;
  hasTrades: boolean;
};

/** The book moves to a new price; sometimes the side that was taken shows its new price before the other follows. */
function openVisit(writer: TapeWriter, opening: Opening, style: BookStyle, stream: Stream): void {
  const { bid, wide, startMs, endMs, isFirst, hasTrades } = opening;
  const isOneSideFirst = !isFirst && wide === 0 && nextUniform(stream) < ONE_SIDE_FIRST_CHANCE;
  if (isOneSideFirst && !hasTrades && Math.abs(bid - writer.bid) === 1) {
    if (bid > writer.bid) writer.ask = bid + 1;
    else writer.bid = bid;
    drawDepths(writer, style, stream);
    writeQuote(writer, startMs);
    setBook(writer, bid, bid + 1, style, stream);
    writeQuote(writer, Math.min(startMs + ONE_SIDE_FIRST_MS * nextUniform(stream), (startMs + endMs) / 2));
    return;
  }
  const isBidWide = nextUniform(stream) < 0.5;
  setBook(writer, bid - (isBidWide ? wide : 0), bid + 1 + (isBidWide ? 0 : wide), style, stream);
  writeQuote(writer, startMs);
}

type Printing = { plan: MinutePlan; visit: number; wide: number; startMs: number; endMs: number; isUp: boolean };

function printVisit(writer: TapeWriter, printing: Printing, style: BookStyle, stream: Stream): void {
  const { plan, visit, wide, startMs, endMs, isUp } = printing;
  const bid = plan.bidTicks[visit];
  let buys = plan.buys[visit];
  let sells = plan.sells[visit];
  let buyVolume = plan.buyVolume[visit];
  let sellVolume = plan.sellVolume[visit];
  const slotMs = (endMs - startMs) / (buys + sells);
  let wasBuy = false;
  for (let slot = 0; buys + sells > 0; slot += 1) {
    const isBuy = nextIsBuy({ buys, sells, isUp, isFirst: slot === 0 }, stream);
    const isSweep = slot > 0 && isBuy === wasBuy && nextUniform(stream) < SWEEP_CHANCE;
    const ms = isSweep ? writer.lastMs : startMs + slotMs * (slot + nextUniform(stream));
    fillIdle(writer, ms, style, stream);
    showTouch(writer, { isBuy, bid, wide, ms }, style, stream);
    const size = isBuy ? partOf(buyVolume, buys, stream) : partOf(sellVolume, sells, stream);
    if (isBuy) {
      writeTrade(writer, ms, { priceTicks: bid + 1, size, aggressor: AGGRESSOR.buy });
      buys -= 1;
      buyVolume -= size;
      writer.askDepth = left(writer.askDepth, size);
    } else {
      writeTrade(writer, ms, { priceTicks: bid, size, aggressor: AGGRESSOR.sell });
      sells -= 1;
      sellVolume -= size;
      writer.bidDepth = left(writer.bidDepth, size);
    }
    if (nextUniform(stream) < REFRESH_CHANCE) refresh(writer, ms, style);
    wasBuy = isBuy;
  }
}

type Turn = { buys: number; sells: number; isUp: boolean; isFirst: boolean };

/** On the way up the first is a sell and the last a buy, on the way down the other way round; chance between. */
function nextIsBuy({ buys, sells, isUp, isFirst }: Turn, stream: Stream): boolean {
  if (buys === 0) return false;
  if (sells === 0) return true;
  if (isFirst) return !isUp;
  if (isUp && buys === 1) return false;
  if (!isUp && sells === 1) return true;
  return nextUniform(stream) * (buys + sells) < buys;
}

/** Makes the side that is about to be hit stand at its price, where the spread is wide. */
function showTouch(
  writer: TapeWriter,
  { isBuy, bid, wide, ms }: { isBuy: boolean; bid: number; wide: number; ms: number },
  style: BookStyle,
  stream: Stream,
): void {
  if (isBuy ? writer.ask === bid + 1 : writer.bid === bid) return;
  if (isBuy) setBook(writer, bid - wide, bid + 1, style, stream);
  else setBook(writer, bid, bid + 1 + wide, style, stream);
  writeQuote(writer, ms);
}

/** A part of `volume` for the next of `trades` trades: at least 1, mostly small, now and then large; the last: all. */
function partOf(volume: number, trades: number, stream: Stream): number {
  if (trades === 1) return volume;
  const spare = volume - trades;
  return 1 + Math.min(spare, Math.floor((-Math.log(nextUniform(stream) + 1e-9) * spare) / trades));
}

function left(depth: number, size: number): number {
  return depth > size ? depth - size : 1;
}

function setBook(writer: TapeWriter, bid: number, ask: number, style: BookStyle, stream: Stream): void {
  writer.bid = bid;
  writer.ask = ask;
  drawDepths(writer, style, stream);
}

function drawDepths(writer: TapeWriter, style: BookStyle, stream: Stream): void {
  writer.bidDepth = 1 + Math.floor(style.depth * (0.3 + 1.4 * nextUniform(stream)));
  writer.askDepth = 1 + Math.floor(style.depth * (0.3 + 1.4 * nextUniform(stream)));
}

function refresh(writer: TapeWriter, ms: number, style: BookStyle): void {
  if (writer.perSecond[Math.floor(ms / 1000)] < style.refreshRowsPerSecondMax) writeQuote(writer, ms);
}

/** Repeats the book, sizes redrawn, while nothing else happens. */
function fillIdle(writer: TapeWriter, untilMs: number, style: BookStyle, stream: Stream): void {
  for (let ms = writer.lastMs + style.idleMs; ms < untilMs; ms += style.idleMs) {
    drawDepths(writer, style, stream);
    refresh(writer, ms, style);
  }
}

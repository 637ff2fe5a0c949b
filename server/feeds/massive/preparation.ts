/** What is there before the first live message? Contracts listed, history loaded, the ones to follow chosen. */
import { civilDayIso } from "#lib/civil.ts";
import { type Contract, contractLongSymbol, isSameContract } from "#lib/contract.ts";
import { type ContractVolume, decideFront, microFront } from "#lib/front-contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { MASSIVE_HISTORY_DAYS, MASSIVE_SESSION_DAYS } from "#lib/limits.ts";
import { previousTradeDate, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { civilDay, MS_PER_DAY, MS_PER_MINUTE, type TradeDate } from "#lib/units.ts";
import type { FeedResume, FeedSink } from "#server/feeds/feed.ts";
import { ContractStream } from "./contract-stream.ts";
import { historyEvent } from "./gap-filler.ts";
import { type Listing, listRoot } from "./listing.ts";
import { barsOf, sessionsOf } from "./past.ts";
import { MassiveRestError, type RestClient } from "./rest-client.ts";
import type { Settlements } from "./settlements.ts";
import { type LiveMode, usualDelayMs } from "./timeliness.ts";

export type PreparationOptions = {
  rest: RestClient;
  sink: FeedSink;
  numberOf(contract: Contract): number;
  mode: LiveMode;
  resume: FeedResume | null;
  settlements: Settlements;
  signal: AbortSignal;
};

export type Prepared = {
  root: string;
  listings: readonly Listing[];
  /** Contracts to subscribe to: the front by volume and the busiest expiry behind it. */
  chosen: readonly Listing[];
};

/**
 * Lists a root's expiries with their sessions and settlements, and chooses what to follow; a micro follows `mini`.
 * Throws MassiveRestError; answers `refused` for a root that cannot be followed.
 */
export async function prepareRoot(
  options: PreparationOptions,
  root: string,
  place: { nowMs: number; mini: Prepared | null },
): Promise<Prepared | { root: string; refused: string }> {
  const listed = await listRoot(options.rest, root, place.nowMs);
  if ("refused" in listed) return listed;
  const { listings } = listed;
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  const today = tradeDateAt(calendar, place.nowMs);
  const completed = previousTradeDate(calendar, today);
  const volumes: ContractVolume[] = [];
  const fromIso = civilDayIso(civilDay(Math.floor(place.nowMs / MS_PER_DAY) - MASSIVE_SESSION_DAYS));
  const ask = { fromIso, beforeDate: today, reject: options.sink.reject.bind(options.sink) };
  const answers = await Promise.all(listings.map((listing) => sessionsOf(options.rest, listing, ask)));
  for (const [at, listing] of listings.entries()) {
    const sessions = answers[at];
    volumes.push({ contract: listing.contract, volume: volumeOn(sessions.bars, sessionOpenMs(calendar, completed)) });
    if (sessions.bars.count === 0) continue;
    const number = options.numberOf(listing.contract);
    if (isFresh(options, listing)) options.sink.publish(historyEvent(number, MS_PER_DAY, sessions.bars));
    options.settlements.tell(number, sessions.settlements);
    await options.sink.drained();
  }
  return { root, listings, chosen: choose(root, { listings, volumes, completed }, place.mini) };
}

/** Sessions of a contract that the log knows already are not told again. */
function isFresh({ resume }: PreparationOptions, { contract }: Listing): boolean {
  return resume === null || resume.lastSourceSeq(contract) < 0;
}

function volumeOn(bars: { count: number; openMs: Float64Array; volume: Uint32Array }, openMs: number): number {
  const at = bars.openMs.subarray(0, bars.count).indexOf(openMs);
  return at < 0 ? 0 : bars.volume[at];
}

type Choice = { listings: readonly Listing[]; volumes: readonly ContractVolume[]; completed: TradeDate };

function choose(root: string, { listings, volumes, completed }: Choice, mini: Prepared | null): Listing[] {
  const front =
    mini === null
      ? decideFront({ root, front: null, volumes, completed, pin: null }).contract
      : microFront(root, mini.chosen[0].contract);
  const at = Math.max(
    0,
    listings.findIndex(({ contract }) => isSameContract(contract, front)),
  );
  const behind = listings.slice(at + 1);
  const volumeOf = ({ contract }: Listing) => volumes.find((row) => row.contract === contract)?.volume ?? 0;
  const next = behind.toSorted((a, b) => volumeOf(b) - volumeOf(a))[0];
  return next === undefined || volumeOf(next) === 0 ? [listings[at]] : [listings[at], next];
}

/** Loads a contract's minute bars and makes its stream; what lies between them and the first live trade is a gap. */
export async function openStream(
  options: PreparationOptions,
  listing: Listing,
  nowMs: number,
): Promise<ContractStream> {
  const { rest, sink, resume, mode } = options;
  const delayMs = usualDelayMs(mode);
  const number = options.numberOf(listing.contract);
  const stream = new ContractStream({ number, listing, sink });
  if (resume !== null && !isFresh(options, listing)) {
    const fromMs = resume.nowMs - delayMs;
    stream.knowUpTo(resume.lastSourceSeq(listing.contract), resume.nowMs + MS_PER_MINUTE);
    stream.gap = { fromMs, reason: "the data-service did not run", isListed: false };
    return stream;
  }
  const toMs = Math.floor((nowMs - delayMs) / MS_PER_MINUTE) * MS_PER_MINUTE;
  stream.gap = { fromMs: toMs, reason: "between history and the first live data", isListed: false };
  try {
    const fromMs = historyFromMs(listing.contract, nowMs);
    const reject = sink.reject.bind(sink);
    const bars = await barsOf(rest, listing, { fromMs, toMs, intervalMs: MS_PER_MINUTE, reject });
    if (bars.count > 0) {
      sink.publish(historyEvent(number, MS_PER_MINUTE, bars));
      stream.setReference(bars.closeTicks[bars.count - 1]);
    }
  } catch (error) {
    if (!(error instanceof MassiveRestError)) throw error;
    sink.reject("not-filled", `the history of ${contractLongSymbol(listing.contract)}: ${error.message}`);
  }
  await sink.drained();
  return stream;
}

/** Minutes begin with a whole trade date, so that no day is folded from a part of it. */
function historyFromMs({ root }: Contract, nowMs: number): number {
  const calendar = instrumentOf(root)?.calendar ?? "equity";
  return sessionOpenMs(calendar, tradeDateAt(calendar, nowMs - MASSIVE_HISTORY_DAYS * MS_PER_DAY));
}

/** What does one topic of the stream say, first and then again and again? One file's worth of words for each kind. */
import { rowAtOrAfter } from "#lib/bars/bar-series.ts";
import { createWindows } from "#lib/bars/windows.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import { STREAM_SNAPSHOT_BARS } from "#lib/limits.ts";
import type { EngineOutput, Outputs } from "#lib/outputs/output.ts";
import type { InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { BridgeAccountRow } from "#lib/wire/positions.ts";
import type { BarTuple, FeedsReport, Header } from "#lib/wire/stream.ts";
import { barTopic, type Hours, type Interval, isTimeInterval, quoteTopic, type TimeInterval } from "#lib/wire/topic.ts";
import { barPage, keptTuple } from "#server/bar-history.ts";
import { quoteOf } from "#server/live-view.ts";
import type { TradeTape, WatchedBars } from "#server/trade-tape.ts";

/** A topic that somebody follows. Texts are whole messages as JSON; null: nothing to say. */
export type LiveTopic = {
  readonly name: string;
  /** Takes note of a batch: is there something new to say? */
  note(outputs: Outputs): void;
  /** All that a new follower needs; `sinceMs`: only what is newer, for one that comes back. Null: not ready yet. */
  snapshot(sinceMs: number | null): string | null;
  /** What is new since the last call; null when nothing is. */
  delta(): string | null;
  release(): void;
};

/** What topics read. */
export type TopicSource = {
  state: EngineState;
  header(): Header;
  instruments(): InstrumentRow[];
  feeds(): FeedsReport;
  ops(): OpsReport;
  insight(root: string): InsightView | null;
  scanner(): ScannerView;
  accounts(): BridgeAccountRow[];
  tape: TradeTape;
  onTapeError(error: unknown): void;
};

export function createQuoteTopic(source: TopicSource, contract: ContractState): LiveTopic {
  const name = quoteTopic(contract.symbol);
  let isDirty = false;
  const say = (kind: "snapshot" | "delta") =>
    JSON.stringify({ topic: name, kind, ...source.header(), quote: quoteOf(source.state, contract) });
  return {
    name,
    note(outputs) {
      if (outputs.touched[contract.index] === 1 || outputs.list.some((output) => isAbout(output, contract.index))) {
        isDirty = true;
      }
    },
    snapshot: () => say("snapshot"),
    delta() {
      if (!isDirty) return null;
      isDirty = false;
      return say("delta");
    },
    release() {},
  };
}

function isAbout(output: EngineOutput, contract: number): boolean {
  return (output.type === "StaleChanged" || output.type === "SettlementSet") && output.contract === contract;
}

/** Instruments change rarely: a new contract, a roll, a pin. */
export function createInstrumentsTopic(source: TopicSource): LiveTopic {
  let isDirty = false;
  const changing: readonly EngineOutput["type"][] = ["ContractListed", "FrontChanged", "PinChanged"];
  const say = () =>
    JSON.stringify({ topic: "instruments", kind: "snapshot", ...source.header(), instruments: source.instruments() });
  return {
    name: "instruments",
    note(outputs) {
      if (outputs.list.some((output) => changing.includes(output.type))) isDirty = true;
    },
    snapshot: say,
    delta() {
      if (!isDirty) return null;
      isDirty = false;
      return say();
    },
    release() {},
  };
}

/** Feeds, ops and scanner are said once a second, and feeds at once when something went wrong. */
export function createReportTopic(
  source: TopicSource,
  name: "feeds" | "ops" | "scanner",
  wallMs: () => number,
): LiveTopic {
  let saidMs = Number.NEGATIVE_INFINITY;
  const urgent: readonly EngineOutput["type"][] = ["FeedChanged", "StaleChanged"];
  const say = () => {
    return JSON.stringify({ topic: name, kind: "snapshot", ...source.header(), [name]: source[name]() });
  };
  return {
    name,
    note(outputs) {
      if (name === "feeds" && outputs.list.some((output) => urgent.includes(output.type))) {
        saidMs = Number.NEGATIVE_INFINITY;
      }
    },
    snapshot: say,
    delta() {
      if (wallMs() - saidMs < 1_000) return null;
      saidMs = wallMs();
      return say();
    },
    release() {},
  };
}

/** Bridge accounts: at once when one says something, with the ticks that mark them, and each second for the ages. */
export function createPositionsTopic(source: TopicSource, wallMs: () => number): LiveTopic {
  let isDirty = false;
  let saidMs = Number.NEGATIVE_INFINITY;
  const say = () => {
    return JSON.stringify({ topic: "positions", kind: "snapshot", ...source.header(), accounts: source.accounts() });
  };
  return {
    name: "positions",
    note(outputs) {
      const { mode, accounts } = source.state;
      const isMarked = outputs.anyTouched && mode === "LIVE" && accounts.length > 0;
      if (isMarked || outputs.list.some(({ type }) => type === "AccountChanged")) isDirty = true;
    },
    snapshot: say,
    delta() {
      const isDue = source.state.accounts.length > 0 && wallMs() - saidMs >= 1_000;
      if (!isDirty && !isDue) return null;
      isDirty = false;
      saidMs = wallMs();
      return say();
    },
    release() {},
  };
}

export function createBarTopic(
  source: TopicSource,
  contract: ContractState,
  interval: Interval,
  hours: Hours,
): LiveTopic {
  if (isTimeInterval(interval)) return createTimeBarTopic(source, contract, interval, hours);
  return createTradeBarTopic(source, contract, interval);
}

/** Bars from the columns: a delta begins with the oldest bar that changed since the last one. */
function createTimeBarTopic(
  source: TopicSource,
  contract: ContractState,
  interval: TimeInterval,
  hours: Hours,
): LiveTopic {
  const name = barTopic(contract.symbol, interval, hours);
  const windows = createWindows(interval, hours, contract.root, contract.calendar);
  let isDirty = false;
  let isReplaced = false;
  let fromMs = Number.POSITIVE_INFINITY;
  const page = (sinceMs: number) => {
    const toMs = Number.POSITIVE_INFINITY;
    const query = { interval, hours, fromMs: sinceMs, toMs, limit: STREAM_SNAPSHOT_BARS };
    return barPage(contract, query, source.header().nowMs);
  };
  const say = (kind: "snapshot" | "delta", { bars, why }: { bars: BarTuple[]; why: string | null }) =>
    JSON.stringify({ topic: name, kind, ...source.header(), bars, why: bars.length > 0 ? null : why });
  const newestMs = (bars: readonly BarTuple[]) => bars.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  fromMs = newestMs(page(Number.NEGATIVE_INFINITY).bars);
  return {
    name,
    note(outputs) {
      if (outputs.touched[contract.index] === 1) isDirty = true;
      for (const output of outputs.list) {
        if (output.type === "HistoryMerged" && output.contract === contract.index) isReplaced = true;
        if (output.type !== "BarAmended" || output.contract !== contract.index) continue;
        fromMs = Math.min(fromMs, windows.openMs(output.openMs) ?? fromMs);
      }
    },
    snapshot: (sinceMs) =>
      sinceMs === null ? say("snapshot", page(Number.NEGATIVE_INFINITY)) : say("delta", page(sinceMs)),
    delta() {
      if (!isDirty && !isReplaced) return null;
      const wasReplaced = isReplaced;
      isDirty = false;
      isReplaced = false;
      const found = page(wasReplaced ? Number.NEGATIVE_INFINITY : fromMs);
      if (found.bars.length === 0) return null;
      fromMs = newestMs(found.bars);
      return say(wasReplaced ? "snapshot" : "delta", found);
    },
    release() {},
  };
}

/** Bars of trades, volume or range grow from the logged trades of the session while they are followed. */
function createTradeBarTopic(source: TopicSource, contract: ContractState, interval: Interval): LiveTopic {
  const name = barTopic(contract.symbol, interval, "eth");
  let isAnnounced = false;
  const watched: WatchedBars = source.tape.watch(contract, interval, () => {}, source.onTapeError);
  const rowsFrom = (first: number): BarTuple[] => {
    const { series } = watched.bars;
    const end = series.isForming ? series.length + 1 : series.length;
    const bars: BarTuple[] = [];
    for (let row = Math.max(first, end - STREAM_SNAPSHOT_BARS); row < end; row++) {
      bars.push(keptTuple(contract, series, row));
    }
    return bars;
  };
  const say = (kind: "snapshot" | "delta", bars: BarTuple[]) =>
    JSON.stringify({ topic: name, kind, ...source.header(), bars, why: bars.length > 0 ? null : "needs trades" });
  return {
    name,
    note() {},
    snapshot(sinceMs) {
      if (!watched.isReady) return null;
      if (sinceMs === null) return say("snapshot", rowsFrom(0));
      return say("delta", rowsFrom(rowAtOrAfter(watched.bars.series, sinceMs) - 1));
    },
    delta() {
      if (!watched.isReady) return null;
      if (!isAnnounced) {
        isAnnounced = true;
        watched.changedFromRow = Number.POSITIVE_INFINITY;
        return say("snapshot", rowsFrom(0));
      }
      if (watched.changedFromRow === Number.POSITIVE_INFINITY) return null;
      const bars = rowsFrom(watched.changedFromRow);
      watched.changedFromRow = Number.POSITIVE_INFINITY;
      return say("delta", bars);
    },
    release: () => source.tape.release(watched),
  };
}

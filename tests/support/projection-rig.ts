/** How does a test fill PostgreSQL? Engine, log and projection as the data-service has them, under a random market. */

import type { TestContext } from "node:test";
import { sql } from "drizzle-orm";
import { KEPT_INTERVALS } from "#lib/bars/interval.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { createEngine } from "#lib/engine/engine.ts";
import type { EngineState } from "#lib/engine/state.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { type LoggedRun, PostgresProjection, type ProjectionOptions } from "#server/handlers/project-postgres.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import type { SequencedEngine } from "#server/sequencer/sequenced-engine.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import type { Database } from "#server/store/database.ts";
import { RANDOM_CONTRACTS, randomEvents } from "./random-market.ts";
import { QUIET, until } from "./stores.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export type LoggedMarket = {
  run: LoggedRun;
  state: EngineState;
  sequencer: Sequencer;
  flushedSeq: () => number;
  /** Called at each flush. */
  onFlushed: Set<() => void>;
  publish(events: readonly InputEvent[]): void;
  /** Resolves when everything that was published is flushed. */
  settled(): Promise<void>;
};

/** A sequencer over the real engine (or another) with two contracts listed and a log of its own. */
export function loggedMarket(t: TestContext, runId: string, other: SequencedEngine | null = null): LoggedMarket {
  const engine = createEngine();
  const logFolder = temporaryFolder(t);
  const onFlushed = new Set<() => void>();
  const sequencer = new Sequencer({
    engine: other ?? engine,
    writer: new LogWriter({ folder: logFolder, runId, tail: EMPTY_TAIL }),
    wallMs: Date.now,
    feedNowMs: Date.now,
    onBatch() {},
    onFlushed() {
      for (const listener of onFlushed) listener();
    },
    onGap() {},
    crash(error) {
      throw error;
    },
    logger: { ...QUIET, fatal() {} },
    recovered: { nowMs: 0, receivedMs: 0, contracts: [] },
  });
  t.after(() => sequencer[Symbol.asyncDispose]());
  const run: LoggedRun = { runId, mode: "SIM", feed: "simulator", seed: 7, createdMs: 1_795_186_800_000, logFolder };
  const { mode, feed, seed } = { mode: "SIM", feed: "simulator", seed: 7 } as const;
  sequencer.publish({ ...UNSTAMPED, nowMs: 1, type: "RunStarted", runId, mode, feed, seed, ...emptyLedger() });
  RANDOM_CONTRACTS.forEach((contract, number) => {
    sequencer.publish({ ...UNSTAMPED, nowMs: 1, type: "InstrumentListed", contract: number, ...contract });
  });
  return {
    run,
    state: engine.state,
    sequencer,
    onFlushed,
    flushedSeq: () => sequencer.status.flushedSeq,
    publish(events) {
      for (const event of events) sequencer.publish(event);
    },
    async settled() {
      await until(
        () => sequencer.status.queued === 0 && sequencer.status.flushedSeq === sequencer.status.seq,
        "flushed",
      );
    },
  };
}

/** The same market for everybody who names the same seed. */
export function market(seed: number, count: number): InputEvent[] {
  return randomEvents(seed, count);
}

/** A projection of the market's run that is woken by its flushes. */
export function projected(
  t: TestContext,
  database: Database,
  logged: LoggedMarket,
  options: Partial<ProjectionOptions> = {},
): PostgresProjection {
  const { run, flushedSeq } = logged;
  const projection = new PostgresProjection({
    database,
    run,
    formerRuns: [],
    flushedSeq,
    wallMs: Date.now,
    logger: QUIET,
    ...options,
  });
  const wake = (): void => projection.wake();
  logged.onFlushed.add(wake);
  t.after(async () => {
    logged.onFlushed.delete(wake);
    await projection[Symbol.asyncDispose]();
  });
  projection.start();
  return projection;
}

export async function caughtUp(projection: PostgresProjection, msMax = 30_000): Promise<void> {
  const words = (): string => `caught up: ${JSON.stringify(projection.status)}`;
  await until(() => projection.status.lagEvents === 0, words(), msMax);
}

/** Closed bars of a minute and longer as the engine holds them, one line a bar, sorted. */
export function barsOfEngine(state: EngineState): string[] {
  const lines: string[] = [];
  for (const contract of state.contracts) {
    contract.series.forEach((series, kept) => {
      if (KEPT_INTERVALS[kept] === "1s") return;
      for (let row = 0; row < series.length; row++) {
        const vwap = series.vwapSum[row] / series.volume[row];
        lines.push(
          [
            contractLongSymbol(contract),
            series.interval,
            ...[series.openMs, series.openTicks, series.highTicks, series.lowTicks, series.closeTicks],
            ...[series.volume, series.buyVolume, series.sellVolume, series.trades, series.deltaSource, series.madeOf],
            series.revision,
          ]
            .map((part) => (typeof part === "object" ? part[row] : part))
            .concat(Number.isFinite(vwap) ? vwap : "null")
            .join(" "),
        );
      }
    });
  }
  return lines.sort();
}

/** The same lines from the table, of one run. */
export async function barsOfDatabase(database: Database, runId: string): Promise<string[]> {
  const { rows } = await database.transaction((tx) =>
    tx.execute(sql`select * from bars join bar_series using (series) where run_id = ${runId}`),
  );
  return rows
    .map((row) =>
      [
        ...[row.contract, row.interval, row.open_ms, row.open_ticks, row.high_ticks, row.low_ticks, row.close_ticks],
        ...[row.volume, row.buy_volume, row.sell_volume, row.trades, row.delta_source, row.made_of, row.revision],
        row.vwap_ticks,
      ].join(" "),
    )
    .map((line) => line.replace(/ $/, " null"))
    .sort();
}

/** Any rows, by a statement. */
export async function rowsOf(database: Database, statement: string): Promise<Record<string, unknown>[]> {
  const { rows } = await database.transaction((tx) => tx.execute(sql.raw(statement)));
  return rows;
}

/** How are the parts put together? The composition root: every part is made here and knows only what it is given. */
import path from "node:path";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { type EngineState, STATE_VERSION } from "#lib/engine/state.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import { BridgeRefusals } from "#server/bridge-refusals.ts";
import { type ChosenFeed, chooseFeed } from "#server/choose-feed.ts";
import { codeVersion } from "#server/code-version.ts";
import { createCommands } from "#server/commands.ts";
import type { Config } from "#server/config.ts";
import { CodedError } from "#server/errors.ts";
import { CalendarFile } from "#server/event-calendar-file.ts";
import { FeedTraffic } from "#server/feed-traffic.ts";
import type { Feed, FeedSink } from "#server/feeds/feed.ts";
import type { LiveMode } from "#server/feeds/massive/timeliness.ts";
import { TimerFeed } from "#server/feeds/timer-feed.ts";
import { ForceRefresh } from "#server/force-refresh.ts";
import { formerLedger } from "#server/former-ledger.ts";
import { createHttpServer, type HttpServer } from "#server/http/server.ts";
import { keepLogs, SESSION_SPAN_MS } from "#server/keep-logs.ts";
import type { Logger } from "#server/logger.ts";
import { createMetrics } from "#server/metrics.ts";
import { acquireOwnerLock } from "#server/owner-lock.ts";
import { createReadModel, type Facts, type ReadModel, SETTINGS_VERSION } from "#server/read-model.ts";
import { RejectCounts } from "#server/reject-counts.ts";
import { formerRuns, lastRun, openRun, type Run } from "#server/runs.ts";
import { Checkpointer } from "#server/sequencer/checkpoint.ts";
import type { LogKeeper } from "#server/sequencer/log-keeper.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { type Recovered, recover } from "#server/sequencer/recover.ts";
import { RunBook } from "#server/sequencer/run-book.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { Stores } from "#server/store/stores.ts";
import { TradeTape } from "#server/trade-tape.ts";
import { tradeParts } from "#server/trades/trade-parts.ts";
import { serveStream } from "#server/ws/stream.ts";
import { TopicHub } from "#server/ws/topic-hub.ts";

export type App = {
  port: number;
  /** Resolves with what a file replay came to; never for feeds without an end. */
  finished: Promise<{ status: "failed"; error: Error } | { status: "ended" }>;
  /** The vendor's data are of this mode, not of the run's: start anew with it. Never for other feeds. */
  modeChanged: Promise<LiveMode>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type AppOptions = {
  config: Config;
  logger: Logger;
  crash: (error: Error) => void;
  /** What an earlier app of this process found the vendor's data to be; null: not known. */
  foundMode?: LiveMode | null;
};

/**
 * Starts the data-service: owner lock, HTTP (so that /health answers), recovery, feed. Resolves when it is ready.
 * Throws OwnedError, BadSettings (a taken port), LogCorruptError, FileFeedError, or Node's errors of the disk.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const stack = new AsyncDisposableStack();
  try {
    stack.use(await acquireOwnerLock(options.config.dataDir));
    const house = createHouse(options);
    const http = await serveHttp(house, stack);
    const { port } = await http.listen(options.config.dataServicePort, options.config.host);
    stack.use(house.stores);
    house.stores.start();
    const run = findRun(house);
    const former = formerRuns(options.config.dataDir, run);
    const recovered = await recoverRun(house, run);
    house.recoveredSeq = recovered.lastSeq;
    const sequencer = await runEngine(house, { run, former, recovered, http }, stack);
    await connectFeed(house, { sequencer, recovered }, stack);
    followCalendar(house, sequencer, stack);
    house.stores.follow(run, former, sequencer.status.flushedSeq);
    stack.use(keepHouseLogs(house, run, former));
    const { feed } = house.chosen;
    options.logger.info({ feed: feed.name, mode: feed.mode, runId: run.runId, port }, "ready");
    const modeChanged = house.chosen.modeChanged ?? new Promise<LiveMode>(() => {});
    const finished = finishedReplay(house.chosen);
    return { port, finished, modeChanged, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** The calendar is ledger: what the log holds stays until the file says otherwise. */
function followCalendar({ config, engine, facts, logger }: House, sequencer: Sequencer, stack: AsyncDisposableStack) {
  const file = path.join(config.dataDir, "event-calendar.json");
  const calendar = stack.use(
    new CalendarFile({
      file,
      known: () => engine.state.calendar,
      publish: (events) => void sequencer.publish({ ...UNSTAMPED, type: "CalendarApplied", events }),
      logger,
    }),
  );
  facts.calendar = () => calendar.report();
}

function keepHouseLogs(house: House, run: Run, former: readonly Run[]): LogKeeper {
  const { config, logger, stores, book, engine } = house;
  const handledSeq = (): number => stores.report().projection?.seq ?? 0;
  const sessionSeq = (): number => book.index.firstSeqOf(engine.state.nowMs - SESSION_SPAN_MS);
  return keepLogs({ config, run, formerRuns: former, handledSeq, sessionSeq, wallMs, logger });
}

/** What every later step needs. */
type House = AppOptions & {
  chosen: ChosenFeed;
  engine: Engine;
  rejects: RejectCounts;
  refusals: BridgeRefusals;
  traffic: FeedTraffic;
  book: RunBook;
  facts: Facts;
  model: ReadModel;
  stores: Stores;
  /** Null until the engine runs: nothing can be commanded before. */
  sequencer: Sequencer | null;
  refresh: ForceRefresh | null;
  /** The last event that this start found in the log. */
  recoveredSeq: number;
};

const wallMs = Date.now;

function createHouse(options: AppOptions): House {
  const { config, logger } = options;
  const chosen = chooseFeed(config, wallMs, { lastRun: lastRun(config.dataDir), found: options.foundMode ?? null });
  const engine = createEngine();
  const rejects = new RejectCounts();
  const refusals = new BridgeRefusals();
  const stores = new Stores({ config, logger, state: engine.state, scanner: () => model.scanner(), wallMs });
  const facts: Facts = {
    sequencer: null,
    checkpointer: null,
    readiness: { ready: false, reason: "recovering the log" },
    progressMs: null,
    digest: null,
    clients: () => 0,
    clientsCut: 0,
    codeVersion: codeVersion(),
    calendar: () => null,
    refresh: () => null,
    stores: () => stores.report(),
  };
  const model = createReadModel({ config, state: engine.state, feed: chosen.feed, rejects, refusals, facts, wallMs });
  const traffic = new FeedTraffic(wallMs);
  return {
    ...options,
    chosen,
    engine,
    rejects,
    refusals,
    traffic,
    book: new RunBook(),
    facts,
    model,
    stores,
    sequencer: null,
    refresh: null,
    recoveredSeq: 0,
  };
}

async function serveHttp(house: House, stack: AsyncDisposableStack): Promise<HttpServer> {
  const { config, logger, model, stores } = house;
  const { tell, ...commands } = createCommands(house);
  const metrics = createMetrics(() => ({ ops: model.ops(), feeds: model.feeds(), nowMs: model.nowMs() }));
  const http = await createHttpServer({
    ...model,
    config,
    logger,
    metricsText: () => metrics.text(),
    ...commands,
    bridgeRefused: (address, refusal) => house.refusals.add(address, refusal),
    ...tradeParts({ stores, tell, recoveredSeq: () => house.recoveredSeq, wallMs }),
    forceRefresh(from) {
      if (house.refresh === null) throw new CodedError("NOT_READY");
      return house.refresh.start(from);
    },
    liveFeed: house.chosen.controls,
    feedTraffic: () => house.traffic.report(),
  });
  stack.defer(() => http.close());
  return http;
}

/** The run that this start continues, or a new one. */
function findRun({ config, chosen }: House): Run {
  const { feed, alwaysNewRun: alwaysNew } = chosen;
  const identity = { mode: feed.mode, feed: feed.identity, seed: feed.seed };
  return openRun(config.dataDir, identity, { alwaysNew, nowMs: wallMs() }).run;
}

async function recoverRun({ engine, facts, book, logger }: House, run: Run): Promise<Recovered> {
  const { runId, folder, logFolder } = run;
  const snapshots = { folder, state: engine.state };
  const recovered = await recover({
    folder: logFolder,
    runId,
    engine,
    logger,
    snapshots,
    book,
    version: versionOf(facts),
  });
  facts.digest = recovered.digest;
  const { events, tookMs, snapshot } = recovered;
  logger.info({ runId, snapshotSeq: snapshot?.seq ?? null, events, tookMs: Math.round(tookMs) }, "recovered");
  return recovered;
}

function versionOf({ codeVersion }: Facts): { codeVersion: string; nodeVersion: string } {
  return { codeVersion, nodeVersion: process.version };
}

type Begun = { run: Run; former: readonly Run[]; recovered: Recovered; http: HttpServer };

function createCheckpointer({ engine, book, facts, logger }: House, { run, recovered }: Begun): Checkpointer {
  const version = versionOf(facts);
  return new Checkpointer({ folder: run.folder, engine, book, version, recovered: recovered.snapshot, wallMs, logger });
}

function createRefresh(
  { engine, logger }: House,
  { folder, logFolder }: Run,
  { checkpointer, sequencer }: { checkpointer: Checkpointer; sequencer: Sequencer },
): ForceRefresh {
  const publishDurable = sequencer.publishDurable.bind(sequencer);
  return new ForceRefresh({ folder, logFolder, state: engine.state, checkpointer, publishDurable, wallMs, logger });
}

/** Puts the sequencer behind the recovered log, the stream and the timers behind the sequencer, and logs the start. */
async function runEngine(house: House, begun: Begun, stack: AsyncDisposableStack): Promise<Sequencer> {
  const { engine, book, facts, model, chosen, stores, logger } = house;
  const { run, recovered, http } = begun;
  const { state } = engine;
  const tape = new TradeTape(
    { logFolder: run.logFolder, lastSeq: () => state.seq, firstSeqOf: (ms) => book.index.firstSeqOf(ms) },
    CONTRACTS_MAX,
  );
  const onTapeError = (error: unknown): void => logger.error({ err: error }, "trade bars could not be read");
  const hub = new TopicHub({ state, ...model, tape, onTapeError }, wallMs);
  facts.clients = () => hub.clients;
  const checkpointer = stack.use(createCheckpointer(house, begun));
  const sequencer: Sequencer = new Sequencer({
    engine: {
      digest: engine.digest,
      digestAhead: engine.digestAhead,
      conclude: engine.conclude,
      process(event, outputs) {
        const outcome = engine.process(event, outputs);
        book.note(event);
        tape.take(event);
        return outcome;
      },
    },
    writer: new LogWriter({ folder: run.logFolder, runId: run.runId, tail: recovered.tail }),
    wallMs,
    feedNowMs: isVirtual(chosen.feed) ? () => chosen.feed.clock.nowMs() : wallMs,
    onBatch(outputs, lastSeq, receivedMs) {
      facts.progressMs = receivedMs;
      timers.onOutputs(outputs);
      followFronts(chosen, state, outputs);
      hub.note(outputs, lastSeq);
      checkpointer.note(lastSeq);
      stores.note(outputs, lastSeq);
    },
    onFlushed(seq) {
      checkpointer.flushed(seq);
      stores.flushed(seq);
    },
    onGap(fromMs, toMs) {
      const reason = "the event log could not be written";
      sequencer.publish({ ...UNSTAMPED, type: "FeedGapFound", contract: null, fromMs, toMs, reason });
    },
    crash: house.crash,
    logger,
    recovered,
  });
  const publish = sequencer.publish.bind(sequencer);
  const timers = new TimerFeed({ feedClock: chosen.feed.clock, wallMs, publish });
  stack.use(sequencer);
  stack.use(timers);
  stack.use(hub);
  house.sequencer = sequencer;
  facts.sequencer = sequencer;
  facts.checkpointer = checkpointer;
  const refresh = stack.use(createRefresh(house, run, { checkpointer, sequencer }));
  house.refresh = refresh;
  facts.refresh = () => refresh.report;
  await logStart(sequencer, house, begun);
  const onCut = (): void => {
    facts.clientsCut++;
  };
  stack.use(serveStream({ server: http.server, hub, hello: model.hello, guard: http.guard.checkUpgrade, onCut }));
  return sequencer;
}

/** A vendor's feed follows what became front. */
function followFronts({ follow }: ChosenFeed, state: EngineState, { list }: Outputs): void {
  if (follow === null) return;
  for (const output of list) {
    if (output.type === "FrontChanged") follow(state.contracts[output.contract]);
  }
}

function isVirtual(feed: Feed): boolean {
  return feed.mode === "SIM" || feed.mode === "REPLAY";
}

async function logStart(
  sequencer: Sequencer,
  { chosen, facts }: House,
  { run, former, recovered }: Begun,
): Promise<void> {
  const { runId, mode, seed } = run;
  // Also where a former start made the run and was cut off before this event.
  if (recovered.lastSeq === 0) {
    const ledger = await formerLedger(former);
    sequencer.publish({ ...UNSTAMPED, type: "RunStarted", runId, mode, feed: chosen.feed.name, seed, ...ledger });
  }
  await sequencer.publishDurable({
    ...UNSTAMPED,
    type: "EngineStarted",
    epoch: recovered.epochs + 1,
    codeVersion: facts.codeVersion,
    nodeVersion: process.version,
    snapshotVersion: STATE_VERSION,
    settingsVersion: SETTINGS_VERSION,
  });
}

/** Lets the feed load its history; ready when all of that has gone through the engine. */
async function connectFeed(
  { chosen, facts, rejects, traffic }: House,
  { sequencer, recovered }: { sequencer: Sequencer; recovered: Recovered },
  stack: AsyncDisposableStack,
): Promise<void> {
  const sink: FeedSink = {
    contractNumber: (contract) => sequencer.contractNumber(contract),
    publish(event) {
      traffic.note(event);
      sequencer.publish(event);
    },
    drained: () => sequencer.drained(),
    reject(reason, detail) {
      rejects.add(reason, detail);
      traffic.noteReject(reason, detail);
    },
  };
  facts.readiness = { ready: false, reason: "loading the first history" };
  stack.use(chosen.feed);
  chosen.controls.bind?.(sink);
  await chosen.feed.connect(sink, recovered.lastSeq === 0 ? null : recovered);
  while (sequencer.status.queued > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  facts.readiness = { ready: true };
}

function finishedReplay({ finished }: ChosenFeed): App["finished"] {
  return new Promise((resolve) => {
    finished?.then((end) => {
      if (end.status === "failed") resolve(end);
      if (end.status === "ended") resolve({ status: "ended" });
    });
  });
}

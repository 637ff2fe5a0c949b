/** How are the parts put together? The composition root: every part is made here and knows only what it is given. */
import { createEngine } from "#lib/engine/engine.ts";
import { STATE_VERSION } from "#lib/engine/state.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { CONTRACTS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { Hello } from "#lib/wire/stream.ts";
import { chooseFeed } from "#server/choose-feed.ts";
import { codeVersion } from "#server/code-version.ts";
import type { Config } from "#server/config.ts";
import { CodedError } from "#server/errors.ts";
import type { FeedSink } from "#server/feeds/feed.ts";
import { TimerFeed } from "#server/feeds/timer-feed.ts";
import type { PinResult } from "#server/http/deps.ts";
import { createHttpServer } from "#server/http/server.ts";
import { instrumentRow } from "#server/live-view.ts";
import type { Logger } from "#server/logger.ts";
import { createMetrics } from "#server/metrics.ts";
import { acquireOwnerLock } from "#server/owner-lock.ts";
import { createReadModel, type Facts } from "#server/read-model.ts";
import { RejectCounts } from "#server/reject-counts.ts";
import { ledgerPins, openRun } from "#server/runs.ts";
import { SeqIndex } from "#server/seq-index.ts";
import { LogWriter } from "#server/sequencer/log-writer.ts";
import { recover } from "#server/sequencer/recover.ts";
import { Sequencer } from "#server/sequencer/sequencer.ts";
import { TradeTape } from "#server/trade-tape.ts";
import { serveStream } from "#server/ws/stream.ts";
import { TopicHub } from "#server/ws/topic-hub.ts";

/** No settings are versioned yet: they come from the environment alone. */
const SETTINGS_VERSION = 1;

export type App = {
  port: number;
  /** Resolves with what a file replay came to; never for feeds without an end. */
  finished: Promise<{ status: "failed"; error: Error } | { status: "ended" }>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type AppOptions = { config: Config; logger: Logger; crash: (error: Error) => void };

/**
 * Starts the data-service: owner lock, HTTP (so that /health answers), recovery, feed. Resolves when it is ready.
 * Throws OwnedError, LogCorruptError, FileFeedError, or Node's error of a taken port.
 */
export async function startApp({ config, logger, crash }: AppOptions): Promise<App> {
  const stack = new AsyncDisposableStack();
  try {
    return await assemble({ config, logger, crash }, stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function assemble({ config, logger, crash }: AppOptions, stack: AsyncDisposableStack): Promise<App> {
  const wallMs = Date.now;
  stack.use(await acquireOwnerLock(config.dataDir));
  const { feed, alwaysNewRun, finished } = chooseFeed(config, wallMs);
  const engine = createEngine();
  const { state } = engine;
  const rejects = new RejectCounts();
  const facts: Facts = {
    sequencer: null,
    readiness: { ready: false, reason: "recovering the log" },
    progressMs: null,
    digest: null,
    clients: () => 0,
    clientsCut: 0,
    codeVersion: codeVersion(),
  };
  let commands: Sequencer | null = null;
  const pin = async (root: string, symbol: string | null): Promise<PinResult> => {
    if (commands === null) throw new CodedError("NOT_READY");
    const event = { ...UNSTAMPED, type: "ContractPinned", root, symbol } as const;
    const answer = await commands.publishDurable(event);
    return { ...answer, row: instrumentRow(state, root, model.nowMs()) };
  };
  const model = createReadModel({ config, state, feed, rejects, facts, wallMs });
  const metrics = createMetrics(() => ({ ops: model.ops(), feeds: model.feeds(), nowMs: model.nowMs() }));
  const http = await createHttpServer({
    ...model,
    config,
    logger,
    pin,
    metricsText: () => metrics.text(),
  });
  stack.defer(() => http.close());
  const { port } = await http.listen(config.dataServicePort, config.host);

  const identity = { mode: feed.mode, feed: feed.identity, seed: feed.seed };
  const { run, isNew, former } = openRun(config.dataDir, identity, { alwaysNew: alwaysNewRun, nowMs: wallMs() });
  const pins = former === null ? {} : await ledgerPins(former);
  const index = new SeqIndex();
  const { runId, logFolder: folder } = run;
  const recovered = await recover({
    folder,
    runId,
    engine,
    logger,
    visit: (event) => index.note(event.seq, event.nowMs),
  });
  facts.digest = recovered.digest;
  logger.info({ runId, isNew, events: recovered.events, tookMs: Math.round(recovered.tookMs) }, "recovered");

  const tape = new TradeTape(
    { logFolder: folder, lastSeq: () => state.seq, firstSeqOf: (ms) => index.firstSeqOf(ms) },
    CONTRACTS_MAX,
  );
  const onTapeError = (error: unknown): void => logger.error({ err: error }, "trade bars could not be read");
  const hub = stack.use(new TopicHub({ state, ...model, tape, onTapeError }, wallMs));
  facts.clients = () => hub.clients;
  const onBatch = (outputs: Outputs, lastSeq: number, receivedMs: number): void => {
    facts.progressMs = receivedMs;
    timers.onOutputs(outputs);
    hub.note(outputs, lastSeq);
  };
  const sequencer = new Sequencer({
    engine: {
      digest: engine.digest,
      process(event, outputs) {
        const outcome = engine.process(event, outputs);
        index.note(event.seq, event.nowMs);
        tape.take(event);
        return outcome;
      },
    },
    writer: new LogWriter({ folder, runId, tail: recovered.tail }),
    wallMs,
    feedNowMs: feed.mode === "LIVE" || feed.mode === "DELAYED" ? wallMs : () => feed.clock.nowMs(),
    onBatch,
    onFlushed: () => {},
    onGap: (fromMs, toMs) => {
      const reason = "the event log could not be written";
      sequencer.publish({ ...UNSTAMPED, type: "FeedGapFound", contract: null, fromMs, toMs, reason });
    },
    crash,
    logger,
    recovered,
  });
  stack.use(sequencer);
  facts.sequencer = sequencer;
  commands = sequencer;
  const timers = stack.use(
    new TimerFeed({ feedClock: feed.clock, wallMs, publish: (event) => sequencer.publish(event) }),
  );

  if (recovered.lastSeq === 0) {
    const { mode, feed: name, seed } = identity;
    sequencer.publish({ ...UNSTAMPED, type: "RunStarted", runId, mode, feed: name, seed, pins });
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

  const hello = (): Hello => ({
    kind: "hello",
    epoch: state.epoch,
    runId: state.runId,
    mode: state.mode,
    nowMs: model.nowMs(),
    speed: model.speed(),
  });
  const onCut = (): void => {
    facts.clientsCut++;
  };
  stack.use(serveStream({ server: http.server, hub, hello, guard: http.guard.checkUpgrade, onCut }));

  const sink: FeedSink = {
    contractNumber: (contract) => sequencer.contractNumber(contract),
    publish: (event) => void sequencer.publish(event),
    drained: () => sequencer.drained(),
    reject: (reason, detail) => rejects.add(reason, detail),
  };
  facts.readiness = { ready: false, reason: "loading the first history" };
  stack.use(feed);
  await feed.connect(sink, recovered.lastSeq === 0 ? null : recovered);
  await settled(sequencer);
  facts.readiness = { ready: true };
  logger.info({ feed: feed.name, mode: feed.mode, runId, port }, "ready");
  return {
    port,
    finished: new Promise((resolve) => {
      finished?.then((end) => {
        if (end.status === "failed") resolve(end);
        if (end.status === "ended") resolve({ status: "ended" });
      });
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Everything that was published so far has gone through the engine. */
async function settled(sequencer: Sequencer): Promise<void> {
  while (sequencer.status.queued > 0) await new Promise<void>((resolve) => setImmediate(resolve));
}

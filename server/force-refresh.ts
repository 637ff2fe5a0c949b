/** Are the live analyses what the log makes of them? Replays beside the running engine and mends what differs. */
import { Worker } from "node:worker_threads";
import type { EngineState } from "#lib/engine/state.ts";
import type { AnalysisRebuilt } from "#lib/events/operator.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { RefreshFrom, RefreshReport } from "#lib/wire/refresh.ts";
import type { Logger } from "#server/logger.ts";
import type { RebuildQuery, Rebuilt } from "#server/replay/rebuild-state.ts";
import type { FromRebuild } from "#server/replay/rebuild-worker.ts";
import type { Checkpointer } from "#server/sequencer/checkpoint.ts";
import { reasonOf } from "#server/sequencer/log-disk.ts";

export type ForceRefreshOptions = {
  /** The run's folder and its log. */
  folder: string;
  logFolder: string;
  state: EngineState;
  checkpointer: Pick<Checkpointer, "take" | "status" | "hold">;
  /** Durable: resolves when the engine has taken it and the log has it. */
  publishDurable: (event: AnalysisRebuilt) => Promise<{ seq: number }>;
  wallMs: () => number;
  logger: Pick<Logger, "info" | "error">;
};

const WORKER = new URL("./replay/rebuild-worker.ts", import.meta.url);

export class ForceRefresh {
  readonly #options: ForceRefreshOptions;
  #worker: Worker | null = null;
  #report: RefreshReport | null = null;
  #isClosed = false;

  constructor(options: ForceRefreshOptions) {
    this.#options = options;
  }

  /** Of the newest refresh; null: none was asked for. */
  get report(): RefreshReport | null {
    return this.#report;
  }

  /** Starts one, or says how far the one under way is: there is one at a time. */
  start(from: RefreshFrom): RefreshReport {
    if (this.#report?.status === "running" && !this.#isClosed) return this.#report;
    const report: RefreshReport = { status: "running", from, startedMs: this.#options.wallMs(), events: 0, seq: 0 };
    this.#report = report;
    void this.#run(from).catch((error: unknown) => this.#failed(error, report.startedMs));
    return report;
  }

  async #run(from: RefreshFrom): Promise<void> {
    const { checkpointer, folder, logFolder, state } = this.#options;
    // What is live goes to the disk as it always does; nothing more is asked of the engine's thread.
    using _held = checkpointer.hold();
    await checkpointer.take();
    const { seq, error } = checkpointer.status;
    if (error !== null) throw new Error(`no snapshot of the live state could be taken: ${error}`);
    const rebuilt = await this.#rebuild({ folder, logFolder, seq, from });
    const repair = rebuilt.contracts.length === 0 ? null : await this.#repair(rebuilt.contracts);
    const base = { startedMs: this.#report?.startedMs ?? 0, from, seq: rebuilt.seq, events: rebuilt.events };
    const done = { ...base, fromSeq: rebuilt.fromSeq, tookMs: this.#options.wallMs() - base.startedMs };
    const { difference } = rebuilt;
    if (difference === null) this.#report = { status: "equal", ...done };
    else {
      const contracts = rebuilt.contracts.map((contract) => state.contracts[contract].symbol);
      const rest = { difference, rebuilt: contracts, repairSeq: repair, isElsewhere: rebuilt.isElsewhere };
      this.#report = { status: "different", ...done, ...rest };
      this.#options.logger.error(rest, "The live state differs from what the log makes of it");
    }
    this.#options.logger.info({ status: this.#report.status, ...done }, "A forced refresh is through");
  }

  async #repair(contracts: number[]): Promise<number> {
    const { seq } = await this.#options.publishDurable({ ...UNSTAMPED, type: "AnalysisRebuilt", contracts });
    return seq;
  }

  #rebuild(query: RebuildQuery): Promise<Rebuilt> {
    if (this.#isClosed) return Promise.reject(new Error("the data-service is stopping"));
    const worker = new Worker(WORKER, { workerData: query });
    this.#worker = worker;
    return new Promise<Rebuilt>((resolve, reject) => {
      worker.on("message", (word: FromRebuild) => {
        if (word.say === "done") resolve(word.rebuilt);
        else if (this.#report?.status === "running") {
          this.#report = { ...this.#report, events: word.events, seq: word.seq };
        }
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the rebuild ended with code ${code}`)));
    }).finally(() => {
      this.#worker = null;
    });
  }

  #failed(error: unknown, startedMs: number): void {
    const from = this.#report?.from ?? "snapshot";
    this.#report = { status: "failed", from, startedMs, reason: reasonOf(error) };
    if (!this.#isClosed) this.#options.logger.error({ err: error }, "A forced refresh failed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }
}

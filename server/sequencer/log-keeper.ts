/** Who keeps the log small? Now and then compresses closed segments and lets old market records go, one at a time. */

import { KEEP_EVERY_MS } from "#lib/limits.ts";
import type { Logger } from "#server/logger.ts";
import { compressSegment } from "./compress.ts";
import { segmentsToThin, thinSegment } from "./retention.ts";
import { segmentSpans } from "./segment-spans.ts";

export type KeptLog = {
  /** `DATA_DIR/runs/<runId>/log`. */
  folder: string;
  /** When the run ended; null: it is the one that is written. */
  endedMs: number | null;
  /** See `segmentsToThin`; asked again before each look. */
  keepFromSeq: () => number;
};

export type KeeperOptions = {
  /** Of all runs, oldest first. */
  logs: readonly KeptLog[];
  days: number;
  /** Bytes on disk of all logs together. */
  bytesMax: number;
  wallMs: () => number;
  logger: Pick<Logger, "info" | "error">;
};

export class LogKeeper {
  readonly #options: KeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), KEEP_EVERY_MS);
    this.#timer.unref();
  }

  /** One look over the log; resolves when it is done. Trouble is logged and met again at the next look. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, "The log could not be compressed or thinned out");
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #look(): Promise<void> {
    const readable: KeptLog[] = [];
    for (const log of this.#options.logs) {
      // One damaged log keeps no other from getting small.
      await this.#compress(log).then(
        () => readable.push(log),
        (error: unknown) => this.#options.logger.error({ err: error, folder: log.folder }, "A log was not compressed"),
      );
    }
    await this.#thin(readable);
  }

  async #compress({ folder, endedMs }: KeptLog): Promise<void> {
    const spans = segmentSpans(folder);
    for (const { segment, isCompressed } of endedMs === null ? spans.slice(0, -1) : spans) {
      if (this.#isClosed) return;
      if (!isCompressed) await compressSegment(folder, segment);
    }
  }

  async #thin(logs: readonly KeptLog[]): Promise<void> {
    const { days, bytesMax, wallMs, logger } = this.#options;
    const all = logs.map((log) => ({ ...log, spans: segmentSpans(log.folder) }));
    const bytes = all.flatMap(({ spans }) => spans).reduce((sum, { byteLength }) => sum + byteLength, 0);
    let bytesOver = bytes - bytesMax;
    for (const { folder, spans, endedMs, keepFromSeq } of all) {
      const limits = { days, bytesOver, keepFromSeq: keepFromSeq(), endedMs, nowMs: wallMs() };
      const chosen = segmentsToThin(spans, limits);
      bytesOver = chosen.bytesOver;
      for (const segment of chosen.segments) {
        if (this.#isClosed) return;
        await thinSegment(folder, segment);
        logger.info({ folder, segment }, "Old market records went from the log; ledger records and facts stay");
      }
    }
  }

  /** Waits for the segment in hand. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }
}

/** How does the data-service live and die? Starts the app, says why it cannot, and ends in order. */
import fs from "node:fs";
import path from "node:path";
import { type App, startApp } from "#server/app.ts";
import { BadSettings, type Config, loadConfig } from "#server/config.ts";
import { dropStartGarbage } from "#server/drop-start-garbage.ts";
import { FileFeedError } from "#server/feeds/file/file-feed-error.ts";
import type { LiveMode } from "#server/feeds/massive/timeliness.ts";
import { createLogger, type Logger } from "#server/logger.ts";
import { OwnedError } from "#server/owner-lock.ts";
import { LogCorruptError } from "#server/sequencer/log-segment.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
/** A wrong setting or file, or a folder that is not ours: starting again would not help. */
const EXIT_REFUSED = 2;

/** What can be mended by the user alone, in words; null: a defect, which a restart may survive. */
function refusalOf(error: unknown): string | null {
  if (error instanceof BadSettings || error instanceof OwnedError) return error.message;
  if (error instanceof FileFeedError || error instanceof LogCorruptError) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EROFS" || code === "ENOSPC") {
    return `DATA_DIR cannot be written (${(error as Error).message}). Make it writable and give it room, or set DATA_DIR.`;
  }
  return null;
}

function fail(error: unknown): never {
  const refusal = refusalOf(error);
  if (refusal === null) console.error(error);
  else console.error(refusal);
  process.exit(refusal === null ? 1 : EXIT_REFUSED);
}

async function main(): Promise<void> {
  // NOTE: from the first line on: the launcher may end while recovery still runs.
  let stop = (): void => process.exit(0);
  for (const end of ["SIGTERM", "SIGINT", "disconnect"]) process.on(end, () => stop());
  const config = loadConfig({ env: process.env, argv: process.argv.slice(2), root: ROOT });
  const logger = createLogger("data", config);
  fs.mkdirSync(config.dataDir, { recursive: true });
  let isStopping = false;
  for (let foundMode: LiveMode | null = null; !isStopping; ) {
    const app = await startApp({ config, logger, foundMode, crash: (error) => crash(logger, error) });
    dropStartGarbage();
    stop = () => {
      if (isStopping) return;
      isStopping = true;
      logger.info("stopping");
      app[Symbol.asyncDispose]().then(
        () => process.exit(0),
        (error: unknown) => crash(logger, error),
      );
    };
    watchReplay(app, config, logger).catch(fail);
    foundMode = await app.modeChanged;
    if (isStopping) return;
    logger.warn({ mode: foundMode }, "the vendor's data are of another mode: this run ends, the next begins");
    await app[Symbol.asyncDispose]();
  }
}

/** The state or the disk cannot be trusted any more: end at once, recovery decides. */
function crash(logger: Logger, error: unknown): void {
  logger.fatal({ err: error }, "the data-service ends");
  process.exit(1);
}

/** A replay that breaks off in the middle ends the process; one that is through leaves its last state on screen. */
async function watchReplay(app: App, config: Config, logger: Logger): Promise<void> {
  const end = await app.finished;
  if (end.status === "ended") {
    logger.info({ feed: config.feed.kind }, "the replay is through; the cockpit stays");
    return;
  }
  await app[Symbol.asyncDispose]();
  fail(end.error);
}

main().catch(fail);

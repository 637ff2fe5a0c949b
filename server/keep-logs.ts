/** How long do market records stay? As the settings say, and while a start, the database or the session needs them. */
import { MS_PER_DAY } from "#lib/units.ts";
import type { Config } from "#server/config.ts";
import type { Logger } from "#server/logger.ts";
import type { Run } from "#server/runs.ts";
import { checkpointFolders } from "#server/sequencer/checkpoint.ts";
import { LogKeeper } from "#server/sequencer/log-keeper.ts";
import { listSnapshots } from "#server/sequencer/snapshot-file.ts";

/** The session of the trade bars and the one before it stay whole. */
export const SESSION_SPAN_MS = 2 * MS_PER_DAY;

export type KeepOptions = {
  config: Pick<Config, "logRetainDays" | "logRetainGb">;
  run: Run;
  formerRuns: readonly Run[];
  /** Seq up to which every handler has all facts. */
  handledSeq: () => number;
  /** First seq of the sessions on screen. */
  sessionSeq: () => number;
  wallMs: () => number;
  logger: Logger;
};

/** Begins to keep the logs of all runs small. Of this run nothing goes that its oldest snapshot does not hold. */
export function keepLogs({ config, run, formerRuns, handledSeq, sessionSeq, wallMs, logger }: KeepOptions): LogKeeper {
  const { snapshots } = checkpointFolders(run.folder);
  const snapshotSeq = (): number => listSnapshots(snapshots).at(-1)?.seq ?? 0;
  const runs = [...formerRuns, run].sort((a, b) => a.createdMs - b.createdMs);
  const logs = runs.map(({ logFolder: folder }, index) => ({
    folder,
    endedMs: runs[index + 1]?.createdMs ?? null,
    keepFromSeq: () =>
      index + 1 < runs.length ? Number.POSITIVE_INFINITY : Math.min(snapshotSeq(), handledSeq(), sessionSeq()),
  }));
  return new LogKeeper({ logs, days: config.logRetainDays, bytesMax: config.logRetainGb * 1e9, wallMs, logger });
}

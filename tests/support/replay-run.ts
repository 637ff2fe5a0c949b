/** What comes out of a replay of these files? Small files written for a test, replayed without waiting. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { FeedResume } from "#server/feeds/feed.ts";
import { createFileFeed, type FileFeed, type FileFeedEnd, type FileFeedOptions } from "#server/feeds/file-feed.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

/** Writes files into a folder of their own that goes with the test; gives the folder. */
export function replayFolder(test: TestContext, files: Record<string, string | Uint8Array>): string {
  const folder = temporaryFolder(test);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export type ReplayRun = { feed: FileFeed; recorder: FeedRecorder; end: FileFeedEnd };

/** Replays to the end at full speed; the wall clock stands. */
export async function replayAll(
  paths: string,
  options: Partial<FileFeedOptions> & { resume?: FeedResume | null } = {},
): Promise<ReplayRun> {
  const { resume = null, ...rest } = options;
  const base = { speed: Number.POSITIVE_INFINITY, fromMs: null, contractOverride: null, wallMs: () => 0 };
  const feed = createFileFeed({ ...base, ...rest, paths });
  const recorder = new FeedRecorder();
  await feed.connect(recorder, resume);
  const end = await feed.finished;
  return { feed, recorder, end };
}

/** A wall clock that only waiting moves. */
export function steppedWall(): { wallMs: () => number; waitMs: (ms: number) => Promise<void>; waitedMs: () => number } {
  let nowMs = 1_000_000;
  return {
    wallMs: () => nowMs,
    waitMs: async (ms) => {
      nowMs += ms;
    },
    waitedMs: () => nowMs - 1_000_000,
  };
}

/** How much work does the page do while numbers stream in? React's commits, socket frames, and tasks of its thread. */

import { readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";

declare global {
  /** React's own hook for its tools, also called by production builds. */
  var __REACT_DEVTOOLS_GLOBAL_HOOK__: unknown;
  var __commits: number | undefined;
}

/** From the next navigation on, `commitsOf` counts React's commits. */
export async function countCommits(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.__commits = 0;
    globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
      isDisabled: false,
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onScheduleFiberRoot: () => undefined,
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
      onCommitFiberRoot: () => {
        globalThis.__commits = (globalThis.__commits ?? 0) + 1;
      },
    };
  });
}

export function commitsOf(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.__commits ?? Number.NaN);
}

export type FrameCount = { frames(): number; messages(): number };

/** Counts the stream's frames and the messages in them from now on. */
export function countFrames(page: Page): FrameCount {
  let frames = 0;
  let messages = 0;
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      const frame: unknown = JSON.parse(String(payload));
      frames += 1;
      if (Array.isArray(frame)) messages += frame.length;
    });
  });
  return { frames: () => frames, messages: () => messages };
}

type TraceEvent = { name: string; ph: string; pid: number; tid: number; dur?: number; tdur?: number; args?: unknown };

export type MainThread = {
  tasks: number;
  /** Longest task by the thread's own processor time, ms: other processes of the machine do not count. */
  longestCpuMs: number;
  longestWallMs: number;
  /** Processor time of all tasks, ms. */
  cpuMs: number;
};

/** Traces the page's main thread while `work` runs. */
export async function traceMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  const file = path.join(os.tmpdir(), `rightseat-trace-${process.pid}.json`);
  await browser.startTracing(page, { path: file, categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await work();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8")) as { traceEvents: TraceEvent[] }; // Chromium's format
  rmSync(file);
  return mainThreadOf(traceEvents);
}

function mainThreadOf(events: readonly TraceEvent[]): MainThread {
  const mains = events.filter(
    ({ name, args }) => name === "thread_name" && JSON.stringify(args ?? {}).includes("CrRendererMain"),
  );
  const isMain = ({ pid, tid }: TraceEvent): boolean => mains.some((main) => main.pid === pid && main.tid === tid);
  const tasks = events.filter((event) => event.ph === "X" && /RunTask$/.test(event.name) && isMain(event));
  const cpuMs = tasks.map((task) => (task.tdur ?? task.dur ?? 0) / 1_000);
  return {
    tasks: tasks.length,
    longestCpuMs: Math.max(0, ...cpuMs),
    longestWallMs: Math.max(0, ...tasks.map((task) => (task.dur ?? 0) / 1_000)),
    cpuMs: cpuMs.reduce((sum, ms) => sum + ms, 0),
  };
}

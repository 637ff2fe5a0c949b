/** How long from `npm start` to the first bar on the screen, when everything is built and a run exists? */
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchBrowser, openPage } from "#tests/support/browser.ts";
import { temporaryDataDir } from "#tests/support/data-service.ts";
import { type FirstBar, openToFirstBar } from "./first-bar.ts";
import { median, report } from "./measure.ts";
import { startProduct } from "./started-product.ts";

const ROUNDS = 5;
const GOAL_MS = 5_000;
/** What a first run leaves behind: its history, and so many seconds of live events. */
const FIRST_RUN_MS = 5_000;

/** A page of its own, opened as by somebody who waits for the address. */
async function firstBar(browser: Browser, url: string): Promise<FirstBar> {
  const { page, context } = await openPage(browser);
  const bar = await openToFirstBar(page, url);
  await context.close();
  return bar;
}

type Round = { toBarMs: number; toReadyMs: number; pageMs: number };

async function round(browser: Browser, dataDir: string): Promise<Round> {
  await using product = await startProduct(dataDir);
  const first = await firstBar(browser, product.url);
  const again = await firstBar(browser, product.url);
  return {
    toBarMs: first.paintedMs - product.spawnedMs,
    toReadyMs: product.readyMs - product.spawnedMs,
    pageMs: again.paintedMs - again.openedMs,
  };
}

/** The run that the measured starts continue; it also builds the pages where they are stale. Time to its address. */
async function firstRun(dataDir: string): Promise<number> {
  await using product = await startProduct(dataDir);
  await sleep(FIRST_RUN_MS);
  return product.readyMs - product.spawnedMs;
}

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { dataDir, remove } = temporaryDataDir();
  stack.defer(remove);
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const firstMs = await firstRun(dataDir);
  const rounds: Round[] = [];
  for (let index = 0; index < ROUNDS; index += 1) rounds.push(await round(browser, dataDir));
  const toBar = rounds.map(({ toBarMs }) => toBarMs);
  const toReady = median(rounds.map(({ toReadyMs }) => toReadyMs));
  report({
    name: "start-up",
    unit: "ms",
    ours: median(toBar),
    peer: median(rounds.map(({ pageMs }) => pageMs)),
    peerName: "the page alone, product already running",
    peerVersion: `Chromium ${browser.version()}`,
    goal: `<= ${GOAL_MS} ms from npm start to the first painted bar, warm`,
    isMet: median(toBar) <= GOAL_MS,
    notes:
      `median of ${ROUNDS}: ${toBar.join(", ")} ms; address printed after ${toReady} ms; ` +
      `start on an empty data folder: ${firstMs} ms to the address`,
  });
}

await main();

/** Is the cockpit alive under the hand? First paint, updates, keys, pins and a crash. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, needsChromium, openPage, textThat, until, type WatchedPage } from "../support/browser.ts";
import { commitsOf, countCommits, countFrames, type FrameCount, traceMainThread } from "../support/page-watch.ts";
import { type Product, startProduct } from "../support/product.ts";

/** A Tuesday, 09:25 in New York: five minutes before the shares open. */
const START = "2026-11-17T14:25:00Z";
const ROOTS = "ES NQ YM RTY GC SI HG CL MES MNQ MYM M2K MGC SIL MHG MCL".split(" ");
const WATCHED_MS = 5_000;

let product: Product;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let stream: FrameCount;

function linkedRoot(): Promise<string | null> {
  return page.locator('tr[data-linked="true"]').first().getAttribute("data-root");
}

async function untilLinked(root: string): Promise<void> {
  await until(page, `${root} is linked`, isLinked, root);
}

function isLinked(root: string): boolean {
  const line = document.querySelector(`tr[data-root="${root}"]`);
  const title = document.querySelector('[data-testid="detail"] h2')?.textContent ?? "";
  return line?.getAttribute("data-linked") === "true" && title.startsWith(root);
}

/** Looks on for so long, one animation frame after the other. */
async function lookOn(lengthMs: number): Promise<void> {
  await page.evaluate(
    async (endMs) => {
      while (performance.now() < endMs) await new Promise(requestAnimationFrame);
    },
    await page.evaluate((ms) => performance.now() + ms, lengthMs),
  );
}

function textHasChanged({ id, former }: { id: string; former: string }): boolean {
  const text = document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim();
  return text !== undefined && text !== "" && text !== former;
}

function readOutClock(part: string): boolean {
  return document.querySelector('[data-testid="readout-time"]')?.textContent?.includes(part) === true;
}

describe("the cockpit on the simulated market", { ...needsChromium() }, () => {
  before(async () => {
    product = await startProduct({ env: { FEED: "simulator:7", FEED_START: START } });
    browser = await launchBrowser();
    watched = await openPage(browser, { stored: { "rightseat.detail.tab": "contract" } });
    ({ page } = watched);
    await countCommits(page);
    stream = countFrames(page);
    await page.goto(product.url);
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("first paint: every followed contract has a price, the chart has bars", async () => {
    await textThat(page, "trust-answer", /^Data alive$/);
    await until(page, "a number in every line", hasPrices, ROOTS.length);
    const roots = await page.locator("tr[data-root]").evaluateAll((lines) => lines.map((line) => line.dataset.root));
    assert.deepEqual(roots, ROOTS);
    await textThat(page, "readout-time", /^2026-11-17 08:2\d CT$/);
    assert.match(await textThat(page, "detail-changeSource", /./), /^published$/);
    assert.match(await textThat(page, "clock-et", /ET/), /^09:2[5-9]:\d\d ET$/);
    const paintMs = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    assert.ok(paintMs < 3_000, `first contentful paint after ${paintMs} ms`);
  });

  test("numbers change without a reload", async () => {
    for (const id of ["detail-volume", "detail-last", "readout-volume", "ops-seq", "clock-ct"]) {
      const former = await textThat(page, id, /\d/);
      await until(page, `${id} changes from ${former}`, textHasChanged, { id, former });
    }
  });

  test("React commits stay below the stream's frames and the clock's ticks", async (t) => {
    const before = { commits: await commitsOf(page), frames: stream.frames(), messages: stream.messages() };
    const lines = await page.locator("tbody tr[data-root]").elementHandles();
    const trace = await traceMainThread(browser, page, () => lookOn(WATCHED_MS));
    const commits = (await commitsOf(page)) - before.commits;
    const frames = stream.frames() - before.frames;
    const messages = stream.messages() - before.messages;
    t.diagnostic(`${commits} commits, ${frames} frames, ${messages} messages in ${WATCHED_MS / 1_000} s`);
    t.diagnostic(`main thread ${JSON.stringify(trace)}`);
    assert.ok(messages > frames, `messages ${messages}, frames ${frames}: the stream was quiet`);
    assert.ok(commits > 0, "React committed nothing: nothing was counted");
    const ticks = (WATCHED_MS / 1_000) * CLOCK_TICKS_PER_S;
    assert.ok(commits <= frames * 1.1 + ticks, `${commits} commits for ${frames} frames and ${ticks} ticks`);
    for (const line of lines) assert.ok(await line.evaluate((node) => node.isConnected), "a line was made anew");
    assert.ok(trace.tasks > 100, `only ${trace.tasks} tasks were traced`);
    assert.ok(trace.longestCpuMs <= 100, `a task took ${trace.longestCpuMs} ms of the main thread`);
    assert.ok(trace.cpuMs < WATCHED_MS * 0.6, `the main thread was busy for ${trace.cpuMs} of ${WATCHED_MS} ms`);
  });

  test("letters and Enter link an instrument, arrows walk the table", async () => {
    assert.equal(await linkedRoot(), "ES");
    await page.keyboard.type("gc");
    await textThat(page, "typed", /^GC/i);
    await page.keyboard.press("Enter");
    await untilLinked("GC");
    await page.keyboard.press("ArrowDown");
    await untilLinked("SI");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await untilLinked("RTY");
    await page.keyboard.type("mes");
    await untilLinked("MES");
  });

  test("a word that is no root links nothing and says so", async () => {
    await page.keyboard.type("zzz");
    await textThat(page, "typed", /no such instrument/);
    await page.keyboard.press("Escape");
    await page.getByTestId("typed").waitFor({ state: "detached" });
    assert.equal(await linkedRoot(), "MES");
  });

  test("digits change the interval", async () => {
    await page.keyboard.type("15");
    await page.keyboard.press("Enter");
    await page.getByTestId("chart-15m").waitFor();
    assert.equal(await page.getByTestId("interval-15m").getAttribute("aria-pressed"), "true");
    await page.keyboard.type("5");
    await page.keyboard.press("Enter");
    await page.getByTestId("chart-5m").waitFor();
  });

  test("? opens the sheet of keys, Ctrl K the palette, which links by Enter", async () => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.getByRole("textbox", { name: "Find" }).fill("crude");
    await page.keyboard.press("Enter");
    await untilLinked("CL");
    await page.getByRole("textbox", { name: "Find" }).waitFor({ state: "detached" });
    await page.keyboard.type("es");
    await page.keyboard.press("Enter");
    await untilLinked("ES");
  });

  test("R asks for everything anew and says how long it took", async () => {
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    await page.getByText(/^\d+ topics anew in \d+ ms$/).waitFor();
  });

  test("RTH leaves the night out; ETH brings it back", async () => {
    await page.getByTestId("hours-rth").click();
    // Before the open the newest RTH bar is the last one of the day before.
    await until(page, "yesterday's last RTH bar", readOutClock, "2026-11-16 14:55 CT");
    await page.getByTestId("hours-eth").click();
    await until(page, "this morning's bar", readOutClock, "2026-11-17 08:");
  });

  test("a pinned month is shown, and survives a reload", async () => {
    await page.keyboard.type("cl");
    await page.keyboard.press("Enter");
    await untilLinked("CL");
    await page.getByTestId("row-CLF7").waitFor();
    await page.getByTestId("pin-CLZ6").click();
    await textThat(page, "detail-pinned", /^pinned by you$/);
    await page.getByTestId("row-CLZ6").waitFor();
    await page.reload();
    await textThat(page, "detail-pinned", /^pinned by you$/);
    assert.match(await textThat(page, "detail", /CL/), /^CL Z6/);
    assert.match((await page.getByTestId("row-CLZ6").textContent()) ?? "", /^CL Z6/);
  });

  test("the ops strip says what is not in this build, and never in green", async () => {
    assert.equal(await page.getByTestId("lamp-log").getAttribute("data-state"), "ok");
    const lamps = await page.evaluate(() => {
      const paint = (id: string): string => {
        const lamp = document.querySelector(`[data-testid="${id}"] i`);
        return lamp === null ? "(absent)" : getComputedStyle(lamp).backgroundColor;
      };
      const text = (id: string): string => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? "";
      return { green: paint("lamp-log"), bridge: paint("lamp-bridge"), words: text("lamp-bridge") };
    });
    assert.equal(lamps.words, "bridge: none yet");
    assert.match(lamps.green, /^rgb\(43, 179, 154\)$/);
    assert.notEqual(lamps.bridge, lamps.green);
  });

  test("the stores have lamps of their own, green only when they are", async () => {
    for (const [name, states] of [
      ["db", ["ok", "degraded"]],
      ["redis", ["ok"]],
    ] as const) {
      const state = await page.getByTestId(`lamp-${name}`).getAttribute("data-state");
      assert.ok(
        states.some((one) => one === state),
        `${name}: ${state}`,
      );
    }
  });

  test("title and icon say the mode", async () => {
    await until(page, "the title", (start: string) => document.title.startsWith(start), "SIM · CL ");
    assert.equal(await page.locator("link[rel='icon']").getAttribute("href"), "/mode-icon/sim");
    assert.match(await textThat(page, "mode-badge", /./), /^SIM · seed 7$/);
  });

  test("insight and contract share the panel; what is chosen survives a reload", async () => {
    await page.getByTestId("tab-insight").click();
    await textThat(page, "insight-quality", /^(Long|Short) \d+$/);
    assert.equal(await textThat(page, "insight-calibration", /./), "uncalibrated");
    assert.match(await textThat(page, "insight-closed", /closed/), /^closed \d\d:\d\d CT$/);
    assert.match(await textThat(page, "insight-flow-source", /./), /^exchange's side$/);
    assert.match(await textThat(page, "plan-verdict", /./), /^(stand aside|do not trade|(long|short) \d+ [A-Z0-9]+)$/);
    await page.reload();
    await textThat(page, "insight-regime", /^(up|down|range|unknown)$/);
    await page.getByTestId("tab-contract").click();
    await textThat(page, "detail-last", /\d/);
  });

  test("the reasons of a value come with the keyboard", async () => {
    await page.getByTestId("tab-insight").click();
    const line = page.getByRole("button", { name: /^Volatility/ });
    const reasons = page.getByRole("tooltip").filter({ hasText: "at this clock time" }).first();
    await line.waitFor();
    assert.equal(await reasons.isVisible(), false);
    await line.focus();
    await reasons.waitFor({ state: "visible" });
    assert.match((await reasons.textContent()) ?? "", /bar closed \d\d:\d\d CT$/);
    await page.getByTestId("tab-contract").click();
  });

  test("the strip says whether to trade and lists the focus; the scanner has analyses in its cells", async () => {
    await textThat(page, "no-trade", /^(No trade|Caution|No block found)/);
    await textThat(page, "premarket-score", /^\d+$/);
    await until(page, "a regime in every line", hasRegimes, ROOTS.length);
    await page.getByTestId("show-micros").click();
    const micros = ROOTS.filter((root) => root.startsWith("M") || root === "SIL");
    await until(
      page,
      "the micros alone",
      (count: number) => {
        return document.querySelectorAll("tr[data-root]").length === count;
      },
      micros.length,
    );
    await page.getByTestId("show-all").click();
  });

  test("until here the page had no complaint", () => assert.deepEqual(watched.complaints, []));

  test("a data-service that is down greys the page and says so; back again it goes on without a reload", async () => {
    await page.evaluate(() => {
      document.body.dataset.sameDocument = "yes";
    });
    await page.keyboard.type("es");
    await page.keyboard.press("Enter");
    await untilLinked("ES");
    await product.stopDataService("SIGKILL");
    await textThat(page, "trust-answer", /^Not connected$/);
    await textThat(page, "mode-badge", /^reconnecting…$/);
    await textThat(page, "feed-message", /Grey values are the last known/);
    await until(page, "the title", (start: string) => document.title.startsWith(start), "OFFLINE");
    const lost = await greyness();
    assert.equal(lost.icon, "/mode-icon/lost");
    assert.notEqual(lost.log, "ok");
    const former = await textThat(page, "detail-volume", /\d/);
    await product.startDataServiceAgain();
    await textThat(page, "trust-answer", /^Data alive$/);
    await until(page, "the volume goes on", textHasChanged, { id: "detail-volume", former });
    const back = await greyness();
    assert.notDeepEqual(lost.last, back.last, "the last price looked the same while the data-service was down");
    assert.equal(await page.evaluate(() => document.body.dataset.sameDocument), "yes");
  });

  test("the pin outlived the crash; unpinned, the front month is back", async () => {
    await page.getByTestId("row-CLZ6").click();
    await untilLinked("CL");
    assert.match(await textThat(page, "detail-pinned", /./), /^pinned by you$/);
    await page.getByTestId("unpin").click();
    await textThat(page, "detail-pinned", /^front month$/);
    await page.getByTestId("row-CLF7").waitFor();
  });
});

/** Ages and clocks are looked at so often; each look may commit once. */
const CLOCK_TICKS_PER_S = 5;

function hasRegimes(count: number): boolean {
  const cells = [...document.querySelectorAll('tr[data-root] [data-cell="regime"]')];
  return cells.length === count && cells.every((cell) => /^(up|down|range)$/.test(cell.textContent ?? ""));
}

function hasPrices(count: number): boolean {
  const cells = [...document.querySelectorAll('tr[data-root] [data-cell="last"]')];
  return cells.length === count && cells.every((cell) => /\d/.test(cell.textContent ?? ""));
}

/** How the linked contract's last price is painted, and what icon and log lamp say. */
function greyness(): Promise<{
  last: (string | undefined)[];
  icon: string | null | undefined;
  log: string | undefined;
}> {
  return page.evaluate(() => {
    const last = document.querySelector('[data-testid="detail-last"]');
    const style = last === null ? null : getComputedStyle(last);
    return {
      last: [style?.color, style?.opacity, style?.filter],
      icon: document.querySelector("link[rel='icon']")?.getAttribute("href"),
      log: document.querySelector<HTMLElement>('[data-testid="lamp-log"]')?.dataset.state,
    };
  });
}

/** Does silence show? A feed that stays connected and says nothing: STALE in words, title and icon, values grey. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, needsChromium, openPage, textThat, until, type WatchedPage } from "../support/browser.ts";
import { type Product, startProduct, startWeb } from "../support/product.ts";

/** 10:00 in New York, in regular hours: data older than 5 s are stale. */
const FROM_MS = Date.parse("2024-03-05T15:00:00Z");
/** Trades for 20 s, silence for 60 s, over and over. */
const CYCLE_S = 80;
const TALK_S = 20;
const CYCLES = 60;
const SPEED = "10";

function silentHours(): string {
  const lines = ["ts_event_ns,price,size,aggressor,bid_px,bid_sz,ask_px,ask_sz"];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    for (let second = 0; second < TALK_S; second += 1) {
      const ns = BigInt(FROM_MS + (cycle * CYCLE_S + second) * 1_000) * 1_000_000n;
      lines.push(`${ns},${5_100 + ((cycle + second) % 8) / 4},1,B,5099.75,5,5100,7`);
    }
  }
  return `${lines.join("\n")}\n`;
}

type Paint = { colour: string; opacity: string; line: string | undefined };

/** How the linked contract's numbers are painted, and the state of its line, while the page answers in these words. */
async function paintWhile(page: Page, answer: string): Promise<Paint> {
  const handle = await page.waitForFunction((words) => {
    const last = document.querySelector('[data-testid="detail-last"]');
    const said = document.querySelector('[data-testid="trust-answer"]')?.textContent?.trim();
    if (last === null || !/\d/.test(last.textContent ?? "") || said !== words) return null;
    const { color: colour, opacity } = getComputedStyle(last);
    return { colour, opacity, line: document.querySelector<HTMLElement>("tr[data-root]")?.dataset.stale };
  }, answer);
  return (await handle.jsonValue()) as Paint; // safe: it waits until there is one
}

describe("a feed that falls silent while it stays connected", { ...needsChromium() }, () => {
  let folder: string;
  let product: Product;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "rightseat-silent-"));
    const file = path.join(folder, "ESH4_silent.csv");
    writeFileSync(file, silentHours());
    product = await startProduct({ args: ["--replay", file, "--speed", SPEED] });
    browser = await launchBrowser();
    watched = await openPage(browser, { stored: { "rightseat.detail.tab": "contract" } });
    ({ page } = watched);
    await page.goto(product.url);
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("turns STALE by its own, comes back by its own, and the status says connected all the while", async () => {
    const alive = await paintWhile(page, "Data alive");
    assert.equal(alive.line, "false");
    await textThat(page, "mode-badge", /^REPLAY ×10$/);
    const stale = await paintWhile(page, "All data stale");
    assert.match(await textThat(page, "mode-badge", /STALE/), /^REPLAY ×10 · STALE \d+(\.\d)? s$/);
    assert.equal(await textThat(page, "chip-feed", /./), "connected");
    assert.equal(stale.line, "true");
    assert.notDeepEqual([stale.colour, stale.opacity], [alive.colour, alive.opacity]);
    await until(page, "STALE in the title", (start: string) => document.title.startsWith(start), "REPLAY STALE · ES");
    await until(page, "the stale icon", hasOnlyIcon, "/mode-icon/stale");
    await textThat(page, "trust-answer", /^Data alive$/);
    assert.deepEqual(watched.complaints, []);
  });
});

function hasOnlyIcon(href: string): boolean {
  const icons = [...document.querySelectorAll("link[rel='icon']")];
  return icons.length === 1 && icons[0].getAttribute("href") === href;
}

describe("a page that finds no data-service", { ...needsChromium() }, () => {
  test("says so in table and chart, and shows no number as if it were known", async () => {
    const web = await startWeb({ DATA_SERVICE_PORT: "1" });
    const browser = await launchBrowser();
    try {
      const { page } = await openPage(browser);
      await page.goto(web.url);
      await textThat(page, "trust-answer", /^Not connected$/);
      await textThat(page, "instruments", /The data service does not answer/);
      await textThat(page, "chart-loading", /The data service does not answer/);
      assert.equal(await page.locator("tr[data-root]").count(), 0);
      assert.equal(await page.getByTestId("lamp-log").getAttribute("data-state"), "unknown");
    } finally {
      await browser.close();
      await web.stop();
    }
  });
});

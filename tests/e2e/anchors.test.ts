/** Does a click on a bar anchor VWAP and CVD there? By hand and by keys, against sums of the raw file's trades. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import {
  keepScreenshot,
  launchBrowser,
  needsChromium,
  openPage,
  textThat,
  until,
  type WatchedPage,
} from "../support/browser.ts";
import { foldTrades, type OracleTrade, priceText, readEsHour, signedText } from "../support/es-oracle.ts";
import { type Product, startProduct } from "../support/product.ts";
import { needsSharedData, sharedData } from "../support/shared-data.ts";

const FILE = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const skip = needsSharedData(FILE).skip || needsChromium().skip;
const MINUTE = 60_000;

let product: Product;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let trades: OracleTrade[];

/** What the strip must say of an anchor, from every trade since; the hour's last minute has closed. */
function expectedFrom(atMs: number): { vwap: string; sigma: number; cvd: string } {
  const since = trades.filter(({ ms }) => ms >= atMs);
  const { vwap, volume, bought, sold } = foldTrades(atMs, since);
  const squares = since.reduce((sum, { price, size }) => sum + (price - vwap) ** 2 * size, 0);
  return { vwap: priceText(vwap), sigma: Math.sqrt(squares / volume), cvd: signedText(bought - sold) };
}

async function assertReads(atMs: number): Promise<void> {
  const line = page.locator(`[data-testid="anchor-${atMs}"][title*="bar closed 12-25 18:00"]`);
  await line.waitFor();
  const field = async (name: string): Promise<string> =>
    (await line.locator(`[data-field="${name}"]`).innerText()).trim();
  const { vwap, sigma, cvd } = expectedFrom(atMs);
  assert.deepEqual([await field("vwap"), await field("cvd")], [vwap, cvd]);
  // Minutes of before the click count with an even spread within each.
  const shown = Number((await field("sigma")).replace("±", ""));
  assert.ok(Math.abs(shown / sigma - 1) < 0.05, `sigma ${shown}, from trades ${sigma}`);
}

function canvas(): Locator {
  return page.getByTestId("chart-1m").getByTestId("chart-canvas");
}

async function readOutMs(): Promise<number> {
  return Number(await page.getByTestId("readout").getAttribute("data-open-ms"));
}

function isReadOut(openMs: number): boolean {
  return document.querySelector<HTMLElement>('[data-testid="readout"]')?.dataset.openMs === String(openMs);
}

function isFocused(testId: string): boolean {
  return document.activeElement?.closest(`[data-testid="${testId}"]`) !== null;
}

describe("anchors on the ES hour of 2023-12-25", { skip }, () => {
  before(async () => {
    const path = sharedData(FILE);
    assert.ok(path);
    trades = readEsHour(path);
    product = await startProduct({ args: ["--replay", path, "--speed", "max"] });
    browser = await launchBrowser();
    watched = await openPage(browser);
    ({ page } = watched);
    await page.goto(product.url);
    await textThat(page, "trust-answer", /^Replay ended$/);
    await page.getByTestId("interval-1m").click();
    await textThat(page, "readout-time", /^2023-12-2\d/);
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("by keys: Shift F10 on the bar that is read out, Enter, and the line says what traded since", async () => {
    await canvas().focus();
    await canvas().press("Home");
    const firstMs = Math.floor(trades[0].ms / MINUTE) * MINUTE;
    await until(page, "the first bar", isReadOut, firstMs);
    for (let step = 0; step < 7; step += 1) await canvas().press("ArrowRight");
    const atMs = await readOutMs();
    assert.ok(atMs > firstMs);
    await canvas().press("Shift+F10");
    await until(page, "the menu's first line has the keys", isFocused, "anchor-here");
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Enter");
    await assertReads(atMs);
  });

  test("by hand: a right click on a bar, and both stand after a reload", async () => {
    const box = await canvas().boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width * 0.55, box.y + box.height * 0.4];
    await page.mouse.move(x, y);
    await page.mouse.move(x + 1, y);
    const atMs = await readOutMs();
    await page.mouse.click(x + 1, y, { button: "right" });
    await page.getByTestId("anchor-here").click();
    await assertReads(atMs);
    assert.equal(await page.locator('li[data-testid^="anchor-"]').count(), 2);
    await keepScreenshot(page, "anchors-dark");
    await page.reload();
    await assertReads(atMs);
    assert.equal(await page.locator('li[data-testid^="anchor-"]').count(), 2);
  });

  test("on chart pages too; in light; each goes by its cross, and no complaint was heard", async () => {
    await page.goto(`${product.url}/chart/ES`);
    await page.getByTestId("interval-1m").first().click();
    await page.locator('li[data-testid^="anchor-"]').first().waitFor();
    await keepScreenshot(page, "anchors-chart");
    const light = await openPage(browser, { scheme: "light" });
    await light.page.goto(product.url);
    await light.page.getByTestId("interval-1m").click();
    await light.page.locator('li[data-testid^="anchor-"]').first().waitFor();
    await textThat(light.page, "readout-time", /^2023-12-2\d/);
    await keepScreenshot(light.page, "anchors-light");
    assert.deepEqual(await axeFindings(light.page), []);
    for (let left = 2; left > 0; left -= 1) {
      const lines = page.locator('li[data-testid^="anchor-"]');
      assert.equal(await lines.count(), left);
      const id = await lines.first().getAttribute("data-testid");
      await lines.first().getByRole("button").click();
      await page.getByTestId(id ?? "").waitFor({ state: "detached" });
    }
    // What one window removes is gone in the other.
    await light.page.locator('li[data-testid^="anchor-"]').first().waitFor({ state: "detached" });
    assert.deepEqual([...watched.complaints, ...light.complaints], []);
    await light.context.close();
  });
});

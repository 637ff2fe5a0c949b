/** Are levels, footprint and TPO on screen those of the raw file? The real ES hour, price by price. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import {
  keepScreenshot,
  launchBrowser,
  needsChromium,
  openPage,
  textThat,
  type WatchedPage,
} from "../support/browser.ts";
import { foldTrades, lotsText, type OracleTrade, priceText, readEsHour, signedText } from "../support/es-oracle.ts";
import { type Product, startProduct } from "../support/product.ts";
import { needsSharedData, sharedData } from "../support/shared-data.ts";

const FILE = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const FIVE_MS = 5 * 60_000;
const skip = needsSharedData(FILE).skip || needsChromium().skip;

let product: Product;
let browser: Browser;
let trades: OracleTrade[];

/** The page at a path, with the replay at its end. */
async function openAt(path: string, stored: Record<string, unknown> = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, { stored });
  await watched.page.goto(`${product.url}${path}`);
  await textThat(watched.page, "trust-answer", /^Replay ended$/);
  return watched;
}

function lots(own: readonly OracleTrade[], side: OracleTrade["side"]): number {
  return own.reduce((sum, one) => sum + (one.side === side ? one.size : 0), 0);
}

/** Columns of the candles' pane whose lowest row is not of the colour that it has at the left edge. */
function tintedColumns(): number {
  const panes = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid="chart-canvas"] canvas')];
  const pane = panes.find(({ width, height }) => width > 300 && height > 200);
  const copy = pane && new OffscreenCanvas(pane.width, pane.height).getContext("2d");
  if (!copy) throw new Error("no pane of candles");
  copy.drawImage(pane, 0, 0);
  const { data } = copy.getImageData(0, pane.height - 2, pane.width, 1);
  const colour = (x: number): number => (data[4 * x] << 16) | (data[4 * x + 1] << 8) | data[4 * x + 2];
  return Array.from({ length: pane.width }, (_, x) => x).filter((x) => colour(x) !== colour(1)).length;
}

describe("the ES hour of 2023-12-25, price by price", { skip }, () => {
  before(async () => {
    const path = sharedData(FILE);
    assert.ok(path);
    trades = readEsHour(path);
    product = await startProduct({ args: ["--replay", path, "--speed", "max"] });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("the board's prices and distances are those of the file; a chosen level and toggles outlive a reload", async () => {
    const { page, context, complaints } = await openAt("/");
    const day = foldTrades(trades[0].ms, trades);
    const last = trades[trades.length - 1].price;
    await page.getByTestId("levels-all").click();
    const shown = await page.$$eval('[data-testid^="level-"]', (rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")),
    );
    const textOf = (label: string): string[] => shown.find((cells) => cells[1] === label)?.slice(2, 4) ?? [];
    const expected = (price: number): string[] => [priceText(price), signedText(Math.round((price - last) / 0.25))];
    assert.deepEqual(textOf("ONH"), expected(day.high));
    assert.deepEqual(textOf("ONL"), expected(day.low));
    assert.deepEqual(textOf("session open"), expected(day.open));
    assert.deepEqual(textOf("VWAP"), expected(day.vwap));
    assert.ok(
      shown.every((cells) => cells[5] === "too few: n 0"),
      "an hour claims nothing",
    );
    const prices = shown.map((cells) => Number(cells[2]));
    assert.deepEqual(
      prices,
      prices.toSorted((a, b) => b - a),
    );

    await page.locator('[data-testid^="level-open.session"]').click();
    await page.getByTestId("overlay-cvd").click();
    await page.getByTestId("overlay-swings").click();
    await page.reload();
    await textThat(page, "trust-answer", /^Replay ended$/);
    const pressed = (selector: string) => page.locator(selector).getAttribute("aria-pressed");
    assert.equal(await pressed('[data-testid^="level-open.session"]'), "true");
    assert.equal(await pressed('[data-testid="levels-all"]'), "true");
    assert.equal(await pressed('[data-testid="overlay-cvd"]'), "false");
    assert.equal(await pressed('[data-testid="overlay-swings"]'), "true");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("every cell, delta and volume of the five-minute footprint is the file's", async (t) => {
    const stored = { "rightseat.chart.view": "footprint", "rightseat.footprint": "5m" };
    const { page, context, complaints } = await openAt("/chart/ES", stored);
    await page.waitForSelector("[data-bar]");
    const bars = await page.$$eval("[data-bar]", (columns) =>
      columns.map((column) => ({
        openMs: Number((column as HTMLElement).dataset.bar),
        cells: [...column.querySelectorAll<HTMLElement>("[data-cell]")].map((cell) => [cell.dataset.cell, cell.title]),
        foot: [...column.querySelectorAll(".n:not([data-cell])")].map((one) => one.textContent),
      })),
    );
    assert.ok(bars.length >= 11, `${bars.length} bars`);
    let cells = 0;
    for (const bar of bars) {
      const own = trades.filter(({ ms }) => ms >= bar.openMs && ms < bar.openMs + FIVE_MS);
      const delta = lots(own, "B") - lots(own, "S");
      assert.deepEqual(bar.foot.slice(0, 2), [`Δ ${signedText(delta)}`, lotsText(foldTrades(0, own).volume)]);
      for (const [price, text] of bar.cells) {
        const there = own.filter((one) => one.price === Number(price));
        const unsigned = lots(there, "N");
        const sides = `${lotsText(lots(there, "S"))} × ${lotsText(lots(there, "B"))}`;
        assert.equal(text, unsigned === 0 ? sides : `${sides} +${lotsText(unsigned)}`, `${price} of ${bar.openMs}`);
        cells += 1;
      }
    }
    t.diagnostic(`${cells} cells compared`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a profile of chosen bars holds their trades' volume, is drawn, outlives a reload and goes", async () => {
    const { page, context, complaints } = await openAt("/", { "rightseat.interval": "1m" });
    await page.getByTestId("interval-1m").click();
    const canvas = page.getByTestId("chart-1m").getByTestId("chart-canvas");
    const stepTo = async (steps: number, key: string): Promise<number> => {
      await canvas.focus();
      for (let step = 0; step < steps; step += 1) await canvas.press(key);
      return Number(await page.getByTestId("readout").getAttribute("data-open-ms"));
    };
    await stepTo(1, "Home");
    const fromMs = await stepTo(9, "ArrowRight");
    await canvas.press("Shift+F10");
    await page.getByTestId("range-from").click();
    await textThat(page, "range-words", /choose its last bar/);
    const lastMs = await stepTo(20, "ArrowRight");
    await canvas.press("Shift+F10");
    await page.getByTestId("range-to").click();
    const own = trades.filter(({ ms }) => ms >= fromMs && ms < lastMs + 60_000);
    const words = new RegExp(` ${lotsText(foldTrades(0, own).volume)} contracts`);
    assert.ok(lastMs > fromMs && own.length > 0);
    await textThat(page, "range-words", words);
    await page.reload();
    await textThat(page, "range-words", words);
    await page.getByTestId("interval-1m").hover();
    await page.getByTestId("overlay-profile").waitFor();
    await keepScreenshot(page, "range-profile");
    const tinted = await page.evaluate(tintedColumns);
    await page.getByTestId("range-strip").getByRole("button").click();
    await page.getByTestId("range-strip").waitFor({ state: "detached" });
    await page.getByTestId("interval-1m").hover();
    const plain = await page.evaluate(tintedColumns);
    assert.ok(tinted > plain + 100, `${tinted} columns tinted with the range, ${plain} without`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("TPO prints A and B at the prices between the extremes of their half hours", async () => {
    const { page, context, complaints } = await openAt("/chart/ES", { "rightseat.chart.view": "tpo" });
    await page.waitForSelector('[data-testid^="tpo-"]');
    const shown = await page.$$eval('[data-testid^="tpo-"]', (rows) =>
      rows.map((row) => [row.children[0].textContent, row.children[2].textContent]),
    );
    const halves = [...Map.groupBy(trades, ({ ms }) => Math.floor(ms / 1_800_000)).values()].map((own) =>
      foldTrades(0, own),
    );
    const { high, low } = foldTrades(0, trades);
    const expected: string[][] = [];
    for (let price = high; price >= low; price -= 0.25) {
      const letters = halves.map((half, at) => (half.low <= price && price <= half.high ? "AB"[at] : "")).join("");
      expected.push([priceText(price), letters]);
    }
    assert.deepEqual(shown, expected);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

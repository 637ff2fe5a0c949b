/** Is the cockpit right to the tick? The real ES hour on screen, against an oracle made here from the raw file. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, needsChromium, openPage, textThat, until, type WatchedPage } from "../support/browser.ts";
import {
  foldBars,
  foldTrades,
  lotsText,
  type OracleBar,
  type OracleTrade,
  priceText,
  readEsHour,
  readoutTexts,
  signedText,
} from "../support/es-oracle.ts";
import { type Product, startProduct } from "../support/product.ts";
import { needsSharedData, sharedData } from "../support/shared-data.ts";

const FILE = "ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz";
const skip = needsSharedData(FILE).skip || needsChromium().skip;

let product: Product;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let trades: OracleTrade[];

/** The shown text of each test id. */
async function textsOf(ids: readonly string[]): Promise<Record<string, string>> {
  return page.evaluate(
    (wanted) =>
      Object.fromEntries(
        wanted.map((id) => [id, document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim() ?? "(absent)"]),
      ),
    ids,
  );
}

/** What the read-out says, by field, once it stands at the bar that opens then. */
async function readoutAt(openMs: number): Promise<Record<string, string>> {
  await until(page, `the read-out at ${new Date(openMs).toISOString()}`, isReadOut, openMs);
  const texts = await textsOf(
    ["time", "open", "high", "low", "close", "volume", "delta", "vwap", "trades"].map(fieldId),
  );
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id.replace("readout-", ""), text]));
}

function isReadOut(openMs: number): boolean {
  return document.querySelector<HTMLElement>('[data-testid="readout"]')?.dataset.openMs === String(openMs);
}

function fieldId(field: string): string {
  return `readout-${field}`;
}

/** Every bar of the interval, walked from the first to the last by the keyboard. */
async function walkBars(interval: string, bars: readonly OracleBar[]): Promise<void> {
  await page.getByTestId(`interval-${interval}`).click();
  const canvas = page.getByTestId(`chart-${interval}`).getByTestId("chart-canvas");
  await canvas.focus();
  await until(page, `the newest bar of ${interval}`, isReadOut, bars[bars.length - 1].openMs);
  await canvas.press("Home");
  for (const [index, bar] of bars.entries()) {
    if (index > 0) await canvas.press("ArrowRight");
    assert.deepEqual(await readoutAt(bar.openMs), readoutTexts(bar), `bar ${index + 1} of ${interval}`);
  }
}

describe("the ES hour of 2023-12-25 in the browser", { skip }, () => {
  before(async () => {
    const path = sharedData(FILE);
    assert.ok(path);
    trades = readEsHour(path);
    product = await startProduct({ args: ["--replay", path, "--speed", "max"] });
    browser = await launchBrowser();
    const columns = { range: true, volume: true, delta: true };
    watched = await openPage(browser, {
      stored: { "rightseat.detail.tab": "contract", "rightseat.table.columns": columns },
    });
    ({ page } = watched);
    await page.goto(product.url);
    await textThat(page, "trust-answer", /^Replay ended$/);
    await textThat(page, "detail-last", /\d/);
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("the day of the trade date is that of the file, number by number", async () => {
    const day = foldTrades(trades[0].ms, trades);
    const newest = trades[trades.length - 1];
    const expected = {
      "detail-last": priceText(newest.price),
      "detail-change": "–",
      "detail-changePercent": "–",
      "detail-changeSource": "no previous settlement in this file",
      "detail-previousSettlement": "–",
      "detail-bid": priceText(newest.bid),
      "detail-bidSize": lotsText(newest.bidSize),
      "detail-ask": priceText(newest.ask),
      "detail-askSize": lotsText(newest.askSize),
      "detail-tradeDate": "2023-12-26",
      "detail-open": priceText(day.open),
      "detail-high": priceText(day.high),
      "detail-low": priceText(day.low),
      "detail-vwap": priceText(day.vwap),
      "detail-volume": lotsText(day.volume),
      "detail-buy": lotsText(day.bought),
      "detail-sell": lotsText(day.sold),
      "detail-unsigned": lotsText(day.unsigned),
      "detail-delta": signedText(day.bought - day.sold),
      "detail-session": "17:00–16:00",
      "detail-rth": "08:30–15:00",
      "detail-tickSize": "0.25",
      "detail-tickValue": "$12.50",
      "detail-pointValue": "$50.00",
      "detail-pinned": "front month",
      "chip-gaps": "0",
      "chip-rejects": "0",
      "chip-late": "0",
    };
    assert.deepEqual(await textsOf(Object.keys(expected)), expected);
  });

  test("the table's line says the same, and names the contract month", async () => {
    const day = foldTrades(trades[0].ms, trades);
    const cells = await page.evaluate(() => {
      const line = document.querySelector('[data-testid="row-ESH4"]');
      const text = (selector: string): string => line?.querySelector(selector)?.textContent?.trim() ?? "(absent)";
      return {
        contract: text('[data-cell="contract"]'),
        last: text('[data-cell="last"]'),
        low: text('[data-part="low"]'),
        high: text('[data-part="high"]'),
        volume: text('[data-cell="volume"]'),
        delta: text('[data-cell="delta"] .n'),
      };
    });
    assert.deepEqual(cells, {
      contract: "ES H4",
      last: priceText(trades[trades.length - 1].price),
      low: priceText(day.low),
      high: priceText(day.high),
      volume: lotsText(day.volume),
      delta: signedText(day.bought - day.sold),
    });
  });

  test("the mode is REPLAY in badge, title and icon, and nothing looks live", async () => {
    assert.match(await textThat(page, "mode-badge", /REPLAY/), /^REPLAY · ended$/);
    await until(page, "the title", (start: string) => document.title.startsWith(start), "REPLAY");
    const icons = await page
      .locator("link[rel='icon']")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.deepEqual(icons, ["/mode-icon/replay"]);
    assert.equal(await textThat(page, "chip-feed", /./), "ended");
  });

  for (const [interval, minutes, count] of [
    ["5m", 5, 12],
    ["1m", 1, 60],
    ["15m", 15, 4],
    ["1h", 60, 1],
  ] as const) {
    test(`each ${interval} bar reads out as the file's trades make it`, async () => {
      const bars = foldBars(trades, minutes);
      assert.equal(bars.length, count);
      await walkBars(interval, bars);
    });
  }

  test("the mouse reads out the bar that it points at", async () => {
    await page.getByTestId("interval-5m").click();
    const bars = foldBars(trades, 5);
    const canvas = page.getByTestId("chart-5m").getByTestId("chart-canvas");
    await canvas.blur();
    await until(page, "the newest bar of 5m", isReadOut, bars[bars.length - 1].openMs);
    const box = await canvas.boundingBox();
    assert.ok(box);
    const read = new Set<number>();
    for (let x = box.x + 4; x < box.x + box.width - 70; x += 4) {
      await page.mouse.move(x, box.y + box.height / 3);
      const openMs = await page.evaluate(readOutMs);
      const bar = bars.find((one) => one.openMs === openMs);
      assert.ok(bar, `a bar of the file at ${x}: ${openMs}`);
      assert.deepEqual(await readoutAt(openMs), readoutTexts(bar));
      read.add(openMs);
    }
    assert.deepEqual([...read].sort(), bars.map((bar) => bar.openMs).sort(), "every bar was pointed at");
  });

  test("what is painted as falling reads out as falling: the crosshair stands on the bar below it", async () => {
    const bars = foldBars(trades, 5);
    const xs = await fallingColumns();
    assert.ok(xs.length >= 3, `columns of falling candles: ${xs.length}`);
    const box = await page.getByTestId("chart-5m").getByTestId("chart-canvas").boundingBox();
    assert.ok(box);
    for (const x of xs) {
      await page.mouse.move(x, box.y + box.height / 3);
      const openMs = await page.evaluate(readOutMs);
      const bar = bars.find((one) => one.openMs === openMs);
      assert.ok(
        bar && bar.close < bar.open,
        `at ${x} stands ${bar ? readoutTexts(bar).time : openMs}, which did not fall`,
      );
    }
  });

  test("candles are painted in both colours, volume below them", async () => {
    const colours = await paintedColours();
    assert.ok(colours.up > 200, `pixels in the up colour: ${colours.up}`);
    assert.ok(colours.down > 200, `pixels in the down colour: ${colours.down}`);
  });

  test("the page opened without a complaint", () => {
    assert.deepEqual(watched.complaints, []);
  });
});

function readOutMs(): number {
  return Number(document.querySelector<HTMLElement>('[data-testid="readout"]')?.dataset.openMs);
}

/** Pixels of the chart's canvases in the tokens' up and down colours. */
function paintedColours(): Promise<{ up: number; down: number }> {
  return page.evaluate(() => {
    const channels = (colour: string): number[] => {
      const context = new OffscreenCanvas(1, 1).getContext("2d");
      if (context === null) throw new Error("no canvas");
      context.fillStyle = colour.trim();
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const style = getComputedStyle(document.documentElement);
    const wanted = {
      up: channels(style.getPropertyValue("--rs-up")),
      down: channels(style.getPropertyValue("--rs-down")),
    };
    const counts = { up: 0, down: 0 };
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-testid="chart-canvas"] canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      if (copy === null) throw new Error("no canvas");
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) {
        for (const side of ["up", "down"] as const) {
          if (wanted[side].every((value, index) => data[at + index] === value) && data[at + 3] === 255)
            counts[side] += 1;
        }
      }
    }
    return counts;
  });
}

/** Where falling candles stand, x in the window: columns of the largest canvases with much of the down colour. */
function fallingColumns(): Promise<number[]> {
  return page.evaluate((leastPx) => {
    const probe = new OffscreenCanvas(1, 1).getContext("2d");
    if (probe === null) throw new Error("no canvas");
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--rs-down").trim();
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    const all = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid="chart-canvas"] canvas')];
    const area = ({ width, height }: HTMLCanvasElement): number => width * height;
    const most = Math.max(...all.map(area));
    const found: number[] = [];
    for (const canvas of all.filter((one) => area(one) === most)) {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const { data } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const { left, width } = canvas.getBoundingClientRect();
      for (let x = 0; x < canvas.width; x += 1) {
        let count = 0;
        for (let at = x * 4; at < data.length; at += canvas.width * 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count += 1;
        if (count >= leastPx) found.push(left + ((x + 0.5) * width) / canvas.width);
      }
    }
    return found;
  }, 12);
}

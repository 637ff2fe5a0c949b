/** Does every page look right in dark and light, on desk, laptop and phone, to eyes and to a screen reader? */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFindings } from "../support/axe.ts";
import {
  DESK,
  keepScreenshot,
  LAPTOP,
  launchBrowser,
  needsChromium,
  openPage,
  PHONE,
  type Scheme,
  textThat,
  until,
} from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";
import { sharedData } from "../support/shared-data.ts";

const ES_HOUR = sharedData("ticks/ESH4_2023-12-25_trades_aggressor_bbo.csv.gz");

const PAGES = [
  { name: "cockpit", path: "/" },
  { name: "chart", path: "/chart/ES" },
] as const;
const SCHEMES: readonly Scheme[] = ["dark", "light"];

let browser: Browser;

async function untilFilled(page: Page): Promise<void> {
  await textThat(page, "trust-answer", /^(Data alive|Replay ended)$/);
  await textThat(page, "readout-time", /^20\d\d/);
  await until(page, "fonts and candles", isPainted, 5);
}

/** Some canvas of the chart holds this many different colours, and the fonts are there. */
function isPainted(colourCount: number): boolean {
  if (document.fonts.status !== "loaded") return false;
  return [...document.querySelectorAll<HTMLCanvasElement>('[data-testid="chart-canvas"] canvas')].some((canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    if (copy === null) return false;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return colours.size >= colourCount;
  });
}

/** How far the page is wider than its window, and what sticks out of it. */
function overflowOf(page: Page): Promise<{ overPx: number; culprits: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const out = [...document.body.querySelectorAll<HTMLElement>("*")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    const culprits = out.slice(0, 5).map((element) => `${element.tagName} ${element.className}`);
    return { overPx: scrollWidth - clientWidth, culprits: scrollWidth > clientWidth ? culprits : [] };
  });
}

/** Relative luminance of the page's ground, 0 to 255. */
function groundBrightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [red, green, blue] = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}

/** Opens every page in this look and window; gives it to `look`, then demands that nothing was complained of. */
async function onEveryPage(
  url: string,
  look: { viewport: { width: number; height: number }; schemes?: readonly Scheme[] },
  visit: (page: Page, name: string, scheme: Scheme) => Promise<void>,
): Promise<void> {
  for (const scheme of look.schemes ?? SCHEMES) {
    for (const { name, path } of PAGES) {
      const { page, context, complaints } = await openPage(browser, { viewport: look.viewport, scheme });
      await page.goto(url + path);
      await untilFilled(page);
      await visit(page, name, scheme);
      assert.deepEqual(complaints, [], `${name} in ${scheme}`);
      await context.close();
    }
  }
}

describe("how it looks on the simulated market", { ...needsChromium() }, () => {
  let product: Product;

  before(async () => {
    product = await startProduct({ env: { FEED: "simulator:7", FEED_START: "2026-11-17T14:25:00Z" } });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("on a desk: dark is dark, light is light, axe finds nothing serious, nothing is wider than the window", () =>
    onEveryPage(product.url, { viewport: DESK }, async (page, name, scheme) => {
      await keepScreenshot(page, `sim-${name}-${scheme}-1440`);
      const brightness = await groundBrightness(page);
      assert.ok(scheme === "dark" ? brightness < 40 : brightness > 215, `ground of ${scheme}: ${brightness}`);
      assert.deepEqual(await overflowOf(page), { overPx: 0, culprits: [] }, `${name} in ${scheme}`);
      assert.deepEqual(await axeFindings(page), [], `${name} in ${scheme}`);
    }));

  test("on a laptop nothing is wider than the window, and table, chart and detail are all in view", () =>
    onEveryPage(product.url, { viewport: LAPTOP, schemes: ["dark"] }, async (page, name) => {
      await keepScreenshot(page, `sim-${name}-dark-1280`);
      assert.deepEqual(await overflowOf(page), { overPx: 0, culprits: [] }, name);
      for (const id of name === "cockpit"
        ? ["instruments", "chart-5m", "detail", "ops-strip"]
        : ["chart-5m", "levels"]) {
        const box = await page.getByTestId(id).boundingBox();
        assert.ok(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= LAPTOP.width, `${id} ${JSON.stringify(box)}`);
        assert.ok(box.y + Math.min(box.height, 60) <= LAPTOP.height, `${id} is below the window`);
      }
    }));

  test("on a phone it is one column, without scrolling to the side", () =>
    onEveryPage(product.url, { viewport: PHONE }, async (page, name, scheme) => {
      await keepScreenshot(page, `sim-${name}-${scheme}-390`);
      assert.deepEqual(await overflowOf(page), { overPx: 0, culprits: [] }, `${name} in ${scheme}`);
      if (name !== "cockpit") return;
      const boxes = await Promise.all(
        ["instruments", "chart-5m", "detail"].map((id) => page.getByTestId(id).boundingBox()),
      );
      for (const box of boxes) assert.ok(box && box.width > PHONE.width * 0.85, `a column of its own: ${box?.width}`);
      const tops = boxes.map((box) => box?.y ?? Number.NaN);
      assert.equal(new Set(tops).size, tops.length, `one below the other: ${tops}`);
    }));

  test("the look is chosen in the menu and kept over a reload", async () => {
    const { page, context, complaints } = await openPage(browser);
    await page.goto(product.url);
    await untilFilled(page);
    await page.getByTestId("look-menu").click();
    await page.getByTestId("toggle-scheme").click();
    await until(page, "light", (scheme) => document.documentElement.dataset.mantineColorScheme === scheme, "light");
    await page.reload();
    await untilFilled(page);
    assert.ok((await groundBrightness(page)) > 215);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("how it looks on the ES hour", {
  skip: ES_HOUR === null ? "the ES hour is missing" : needsChromium().skip,
}, () => {
  let product: Product;

  before(async () => {
    product = await startProduct({ args: ["--replay", ES_HOUR ?? "", "--speed", "max"] });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("on desk and phone nothing is wider than the window", () =>
    onEveryPage(product.url, { viewport: DESK }, async (page, name, scheme) => {
      for (const viewport of [DESK, PHONE]) {
        await page.setViewportSize(viewport);
        await untilFilled(page);
        await keepScreenshot(page, `es-hour-${name}-${scheme}-${viewport.width}`);
        assert.deepEqual(await overflowOf(page), { overPx: 0, culprits: [] }, `${name} in ${scheme}`);
      }
    }));
});

/** Does the cockpit show what a bridge posts, from POST to pixel: numbers, silence, return, and how to connect? */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { PositionsAnswer } from "#lib/wire/positions.ts";
import { axeFindings } from "../support/axe.ts";
import { postLine, recordedDay } from "../support/bridge-day.ts";
import {
  keepScreenshot,
  launchBrowser,
  needsChromium,
  openPage,
  textThat,
  type WatchedPage,
} from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";

const ENV = { FEED: "simulator:9", FEED_SPEED: "1", INSTRUMENTS: "ES,MES,GC" };
const LONG = {
  symbol: "MES 12-34",
  side: "Long",
  quantity: 2,
  avgPrice: 6000.125,
  unrealizedPnL: 11.25,
  markPrice: 6001.25,
};
const SHORT = {
  symbol: "ZN 12-34",
  side: "Short",
  quantity: 1,
  avgPrice: 110.5,
  unrealizedPnL: -31.25,
  markPrice: 110.53125,
};

describe("positions of a bridge in the cockpit", { ...needsChromium() }, () => {
  let product: Product;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    product = await startProduct({ env: ENV });
    browser = await launchBrowser();
    watched = await openPage(browser);
    ({ page } = watched);
    await page.goto(product.url);
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function post(path: string, account: string, fields: Record<string, unknown>): Promise<void> {
    const body = JSON.stringify({ account, sentMs: Date.now(), ...fields });
    const { status, answer } = await postLine(product.dataService().port, { path, body });
    assert.equal(status, 200, JSON.stringify(answer));
  }

  /** Heartbeat and positions, as the add-on sends them each second. */
  async function report(account: string, positions: readonly object[]): Promise<void> {
    await post("/bridge/heartbeat", account, { connection: "Connected" });
    await post("/positions/update", account, { positions });
  }

  const cells = (account: string, contract: string): Promise<string[]> =>
    page.locator(`[data-testid="account-${account}"] tr[data-contract="${contract}"] td`).allInnerTexts();

  test("without an account the panel says how to connect one", async () => {
    assert.match(await textThat(page, "positions", /No account is connected/), /rightseat\.txt/);
  });

  test("what is posted stands there in numbers: side, average, mark, source, dollars, ticks", async () => {
    await report("Sim101", [LONG, SHORT]);
    await textThat(page, "account-Sim101", /MESZ34.*ZNZ34/s);
    const long = await cells("Sim101", "MESZ34");
    assert.deepEqual(long.toSpliced(4, 1), ["MESZ34", "2 long", "6000.13", "6001.25", "+$11.25", "+4.5"]);
    assert.match(long[4], /^bridge · \d\.\d s$/);
    const short = await cells("Sim101", "ZNZ34");
    assert.deepEqual(short.toSpliced(4, 1), ["ZNZ34", "1 short", "110'160", "110'170", "-$31.25", "-2"]);
    assert.match(await textThat(page, "lamp-bridge", /bridge: Sim101/), /Sim101$/);
    assert.equal(await page.getByTestId("lamp-bridge").getAttribute("data-state"), "ok");
    assert.deepEqual(await axeFindings(page), []);
    await report("Sim101", [LONG, SHORT]);
    await keepScreenshot(page, "positions-dark");
  });

  test("silence greys it and never calls it flat; the bridge's return makes it live again", async () => {
    assert.match(await textThat(page, "account-Sim101", /STALE since \d\d:\d\d:\d\d CT/), /2 long/);
    await textThat(page, "lamp-bridge", /Sim101 stale since/);
    assert.equal(await page.getByTestId("lamp-bridge").getAttribute("data-state"), "degraded");
    const colours = await page.evaluate(() => {
      const colourOf = (place: string): string => {
        const element = document.querySelector(`[data-testid="account-Sim101"] ${place}`);
        return element === null ? "none" : getComputedStyle(element).color;
      };
      return ['[data-cell="side"]', '[data-cell="unrealized"]', '[data-cell="state"]'].map(colourOf);
    });
    assert.equal(colours[0], colours[1], "long and losing are one grey");
    assert.notEqual(colours[0], colours[2]);
    await report("Sim101", []);
    assert.match(await textThat(page, "account-Sim101", /live/), /^Sim101flatlive/);
    assert.match(await textThat(page, "account-Sim101", /STALE/), /flat when last heard; not known now/);
  });

  test("the recorded day ends on screen as in REST, in light too", async () => {
    const { port } = product.dataService();
    for (const line of recordedDay(Date.now())) await postLine(port, line);
    await textThat(page, "account-Sim101", /GCZ34/);
    const { accounts } = await product.dataService().get<PositionsAnswer>("/positions");
    const row = accounts.find(({ account }) => account === "Sim101")?.positions?.[0];
    assert.deepEqual([row?.averagePrice, row?.markPrice, row?.unrealizedPnlUsd], [4_100.1, 4_099.9, 20]);
    const shown = await cells("Sim101", "GCZ34");
    assert.deepEqual(shown.toSpliced(4, 1), ["GCZ34", "1 short", "4100.1", "4099.9", "+$20.00", "+2"]);
    assert.match(await textThat(page, "account-Sim101", /broker's floor/), /cash \$49,990\.50.*room \$1,750\.25/s);
    const light = await openPage(browser, { scheme: "light" });
    await light.page.goto(product.url);
    await textThat(light.page, "account-Sim101", /GCZ34/);
    await keepScreenshot(light.page, "positions-light");
    assert.deepEqual(await axeFindings(light.page), []);
    assert.deepEqual([...watched.complaints, ...light.complaints], []);
    await light.context.close();
  });
});

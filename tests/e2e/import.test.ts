/** Does a dropped file become trades, once, and go again? In a real browser, over the real service. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { keepScreenshot, launchBrowser, needsChromium, openPage, type WatchedPage } from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";
import { needsSharedData, sharedData } from "../support/shared-data.ts";
import { tradeCaller } from "../support/trade-caller.ts";

const FILE = "journals/topstep-trades.csv";
const skip = needsSharedData(FILE).skip || needsChromium().skip;

let product: Product;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

async function preview(): Promise<void> {
  await page.getByTestId("file").setInputFiles(sharedData(FILE) ?? "");
  await page.getByTestId("questions").waitFor();
  await page.getByLabel("Its clock is that of").selectOption("America/Chicago");
  const order = page.getByLabel("Its dates are");
  if ((await order.count()) > 0) await order.selectOption("mdy");
  await page.getByLabel("The account is").fill("TOPSTEP-1");
  await page.getByRole("button", { name: "Read it so" }).click();
  await page.locator('[data-field="new fills"]').waitFor();
}

function field(name: string): Promise<string> {
  return page.locator(`[data-field="${name}"]`).innerText();
}

describe("import", { skip }, () => {
  before(async () => {
    product = await startProduct({});
    browser = await launchBrowser();
    await tradeCaller(product.dataService().port).caughtUp();
    watched = await openPage(browser);
    page = watched.page;
  });
  after(async () => {
    await browser?.close();
    await product?.stop();
  });

  test("the file is asked, shown with its contradictions, taken over", async () => {
    await page.goto(`${product.url}/import`);
    await preview();
    assert.deepEqual([await field("new fills"), await field("round trips of the file")], ["4", "2"]);
    assert.equal(await field("gross"), "$451.00");
    await page.getByText("contradictions").waitFor();
    assert.match(await page.getByTestId("preview-rows").innerText(), /-400\.00/);
    await keepScreenshot(page, "import-preview-dark");
    await page.getByRole("button", { name: "Take over 4 fills" }).click();
    await page.getByTestId("imported").getByText("topstep-trades.csv").waitFor();
  });

  test("its trades stand in the table, with words that stay", async () => {
    await page.goto(`${product.url}/trades`);
    const lines = page.getByTestId("trade");
    await lines.first().waitFor();
    assert.equal(await lines.count(), 2);
    assert.match(
      await page.getByTestId("trade-totals").innerText(),
      /2 closed\s+gross \$451\.00\s+fees \$4\.02\s+net \+\$446\.98/,
    );
    await lines.first().getByRole("button").click();
    await page.getByLabel("setup").last().fill("opening drive");
    await page.getByLabel("tags, by commas").fill("A+, late");
    await page.getByRole("button", { name: "Save" }).click();
    await lines.first().getByText("opening drive").waitFor();
    await keepScreenshot(page, "trades-dark");
    await page.reload();
    await lines.first().getByText("opening drive").waitFor();
    await page.getByLabel("Tag", { exact: true }).selectOption("late");
    await page.getByText("1 closed").waitFor();
  });

  test("both screens hold in light", async () => {
    const light = await openPage(browser, { scheme: "light" });
    await light.page.goto(`${product.url}/import`);
    await light.page.getByTestId("drop").waitFor();
    await light.page.getByTestId("imported").waitFor();
    await keepScreenshot(light.page, "import-light");
    await light.page.goto(`${product.url}/trades`);
    await light.page.getByTestId("trade").first().waitFor();
    await keepScreenshot(light.page, "trades-light");
    assert.deepEqual([...watched.complaints, ...light.complaints], []);
    await light.context.close();
  });

  test("a second time adds nothing; undone it is gone", async () => {
    await page.goto(`${product.url}/import`);
    await preview();
    assert.deepEqual([await field("new fills"), await field("known already")], ["0", "4"]);
    assert.ok(await page.getByRole("button", { name: "Nothing new to take over" }).isDisabled());
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByTestId("imported").waitFor({ state: "detached" });
    await page.goto(`${product.url}/trades`);
    await page.getByText("No trades yet").waitFor();
  });
});

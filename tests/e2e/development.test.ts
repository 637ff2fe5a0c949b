/** Does the cockpit come alive under `npm run dev`, and does that web process end with a tab open? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { launchBrowser, needsChromium, openPage, textThat } from "#tests/support/browser.ts";
import { freePort, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { startWeb, WEB_SECRET } from "#tests/support/product.ts";

test("in development the page hydrates over Next's own socket and shows live numbers", needsChromium(), async (t) => {
  const { dataDir, remove } = temporaryDataDir();
  t.after(remove);
  const WEB_PORT = String(await freePort());
  const nowhere = { DATABASE_URL: "postgres://127.0.0.1:9/x", REDIS_URL: "redis://127.0.0.1:9" };
  const service = await startDataService({
    dataDir,
    env: { FEED: "simulator:3", INSTRUMENTS: "ES", WEB_SECRET, WEB_PORT, ...nowhere },
  });
  t.after(() => service.stop());
  const web = await startWeb({ WEB_PORT, DATA_SERVICE_PORT: String(service.port) }, { isDev: true });
  t.after(() => web.stop());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser);
  await page.goto(web.url);
  assert.match(await textThat(page, "mode-badge", /SIM/), /SIM/);
  assert.match(await textThat(page, "levels-last", /\d/), /\d{4}\.\d\d$/);
  const faults = complaints.filter((one) => !one.startsWith("console warning"));
  assert.deepEqual(faults, []);
  await web.stop();
});

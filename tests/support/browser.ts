/** How does a test look at the product? The machine's Chromium, with every complaint of the page written down. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/chromium.mjs";

const ARTIFACTS = path.resolve(import.meta.dirname, "../artifacts");
const WAIT_MS_MAX = 20_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export const DESK = { width: 1440, height: 900 };
export const LAPTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export type Scheme = "dark" | "light";

/** Options for `test()`: skips with a line that says why where there is no browser. */
export function needsChromium(): { skip: string | false } {
  return { skip: findChromium(process.env) === null ? "no Chromium on this machine; set CHROMIUM_PATH" : false };
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) throw new Error("no Chromium on this machine; guard the test with needsChromium");
  return chromium.launch({ executablePath, args: FLAGS });
}

export type OpenPageOptions = {
  viewport?: { width: number; height: number };
  scheme?: Scheme;
  /** Put into localStorage before the first script of the page runs. */
  stored?: Record<string, unknown>;
};

/** A page in a context of its own. `complaints` grows: console errors and warnings, exceptions, failed requests. */
export type WatchedPage = { page: Page; context: BrowserContext; complaints: string[] };

export async function openPage(browser: Browser, options: OpenPageOptions = {}): Promise<WatchedPage> {
  const { viewport = DESK, scheme = "dark", stored = {} } = options;
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(WAIT_MS_MAX);
  const entries = Object.entries(stored).map(([key, value]) => [key, JSON.stringify(value)] as const);
  await context.addInitScript(
    ({ colours, pairs }) => {
      // NOTE: only where nothing is stored yet, so that a reload keeps what the page itself chose.
      if (localStorage.getItem("mantine-color-scheme-value") === null)
        localStorage.setItem("mantine-color-scheme-value", colours);
      for (const [key, text] of pairs) if (localStorage.getItem(key) === null) localStorage.setItem(key, text);
    },
    { colours: scheme, pairs: entries },
  );
  const page = await context.newPage();
  return { page, context, complaints: complaintsOf(page) };
}

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // NOTE: a prefetch that a navigation cuts off is the router's own doing, not a failure.
    if (request.failure()?.errorText === "net::ERR_ABORTED") return;
    complaints.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answer ${response.status()}: ${response.url()}`);
  });
  return complaints;
}

/** Waits until the element with this test id has a text that fits; gives the text. */
export async function textThat(page: Page, testId: string, pattern: RegExp): Promise<string> {
  const handle = await page.waitForFunction(
    ({ id, source, flags }) => {
      const text = document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim() ?? "";
      return new RegExp(source, flags).test(text) ? { text } : null;
    },
    { id: testId, source: pattern.source, flags: pattern.flags },
  );
  const found = await handle.jsonValue();
  return found?.text ?? "";
}

/** Waits until this is true in the page; `what` names it where it stays false. */
export async function until<Input>(
  page: Page,
  what: string,
  isTrue: (input: Input) => boolean,
  input: Input,
): Promise<void> {
  try {
    // Safe: playwright's own type of a page function cannot be named for a free type of input.
    await page.waitForFunction(isTrue as unknown as (input: unknown) => boolean, input);
  } catch (cause) {
    throw new Error(`waited in vain: ${what}`, { cause });
  }
}

/** Keeps a picture of the page in tests/artifacts, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: path.join(ARTIFACTS, `${name}.png`) });
}

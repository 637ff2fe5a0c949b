/** Does the screen say what a vendor's feed is, in every state it can be in, and do its buttons do what they say? */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { WebSocket } from "ws";
import { keepScreenshot, launchBrowser, needsChromium, openPage, textThat, until } from "../support/browser.ts";
import { MassiveMarket } from "../support/massive-market.ts";

/** Above the vendor feed's own patience with an open market in which nothing comes. */
const SILENCE_MS = 62_000;
/** The vendor's delay. */
const DELAY_MS = 600_000;

let market: MassiveMarket;
let browser: Browser;
let page: Page;
let complaints: string[];

type Words = { answer: RegExp; chip: RegExp; badge: RegExp; message: RegExp };

const PLACES = { answer: "trust-answer", chip: "chip-feed", badge: "mode-badge", message: "feed-message" } as const;

/** Waits until the four places that speak of the feed say so, all at once. */
async function says(words: Words): Promise<void> {
  const wanted = Object.entries(PLACES).map(([name, id]) => ({ id, source: words[name as keyof Words].source }));
  try {
    await until(page, "the feed's words", doSay, wanted);
  } catch (cause) {
    const said = await Promise.all(wanted.map(async ({ id }) => `${id}: ${await page.getByTestId(id).textContent()}`));
    throw new Error(`wanted ${words.message.source}, the screen says\n  ${said.join("\n  ")}`, { cause });
  }
}

function doSay(wanted: { id: string; source: string }[]): boolean {
  return wanted.every(({ id, source }) => {
    const text = document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim() ?? "";
    return new RegExp(source).test(text);
  });
}

const LIVE = { answer: /^Data alive$/, chip: /^connected$/, badge: /^LIVE$/ };

async function saysLive(): Promise<void> {
  await says({ ...LIVE, message: /^Massive, live: trades, quotes and bars of 2 contracts$/ });
}

async function press(action: "start" | "stop" | "upgrade" | "downgrade"): Promise<void> {
  await page.getByTestId(`feed-${action}`).click();
}

/** The words that a button was answered with. */
async function answered(pattern: RegExp): Promise<void> {
  await until(page, `the answer ${pattern.source}`, hasNotice, pattern.source);
}

function hasNotice(source: string): boolean {
  const notices = [...document.querySelectorAll(".mantine-Notification-root")];
  return notices.some((notice) => new RegExp(source).test(notice.textContent ?? ""));
}

async function isPressed(action: "upgrade" | "downgrade"): Promise<void> {
  const other = action === "upgrade" ? "downgrade" : "upgrade";
  await until(page, `${action} is the one chosen`, arePressed, { on: `feed-${action}`, off: `feed-${other}` });
}

function arePressed({ on, off }: { on: string; off: string }): boolean {
  const state = (id: string): string | null | undefined =>
    document.querySelector(`[data-testid="${id}"]`)?.getAttribute("aria-pressed");
  return state(on) === "true" && state(off) === "false";
}

function channelKinds(): string {
  return [...new Set(market.server.channels.map((name) => name.split(".")[0]))].toSorted().join(" ");
}

describe("a vendor's feed on the screen", { ...needsChromium() }, () => {
  before(async () => {
    market = await MassiveMarket.start();
    browser = await launchBrowser();
    const watched = await openPage(browser, { stored: { "rightseat.detail.tab": "contract" } });
    ({ page, complaints } = watched);
    // The page's clock is the product's, or each tick would seem to take days to the screen.
    await watched.context.addInitScript((offsetMs) => {
      const own = Date.now;
      Date.now = () => own() + offsetMs;
    }, market.offsetMs);
    await page.goto(market.url);
  });

  after(async () => {
    await browser?.close();
    await market?.stop();
  });

  test("live: trades, quotes and bars, and the choice between them is shown", async () => {
    await saysLive();
    await isPressed("upgrade");
    assert.equal(channelKinds(), "A AM Q T");
    await keepScreenshot(page, "feed-live");
  });

  test("Bars only takes trades and quotes away, says that the delta is an estimate; Trades + quotes brings them back", async () => {
    await press("downgrade");
    await answered(/Massive sends bars only now/);
    await says({
      ...LIVE,
      message: /^Massive, live: bars only of 2 contracts \(as chosen\); the delta is an estimate$/,
    });
    await isPressed("downgrade");
    assert.equal(channelKinds(), "A AM");
    await textThat(page, "detail-delta-source", /estimate/);
    await keepScreenshot(page, "feed-bars-only");
    await press("upgrade");
    await answered(/Massive sends trades, quotes and bars now/);
    await saysLive();
    await isPressed("upgrade");
    assert.equal(channelKinds(), "A AM Q T");
  });

  test("Stop ends the connection and nothing comes; Start connects again", async () => {
    await press("stop");
    await answered(/nothing comes until you press Start/);
    await says({ answer: /^Feed paused$/, chip: /^paused$/, badge: /^LIVE/, message: /^Stopped by you$/ });
    assert.deepEqual(market.server.channels, []);
    assert.equal(await page.getByTestId("feed-stop").count(), 0);
    await keepScreenshot(page, "feed-stopped");
    await press("start");
    await answered(/The feed connects to Massive/);
    await saysLive();
  });

  test("a connection that another program took over stands until Start takes it back", async () => {
    const other = new WebSocket(market.server.wsUrl);
    other.on("open", () => other.send(JSON.stringify({ action: "auth", params: market.key })));
    await says({
      answer: /^Feed paused$/,
      chip: /^paused$/,
      badge: /^LIVE/,
      message: /^Taken over: another program logged in/,
    });
    await keepScreenshot(page, "feed-taken-over");
    await press("start");
    await saysLive();
    other.terminate();
  });

  test("a slow reader, a frozen socket that still answers, and a host that is away each have their own words", async () => {
    market.server.disconnect(1011, "slow consumer");
    await says({
      answer: /^Feed reconnecting$/,
      chip: /^backing-off$/,
      badge: /^LIVE/,
      message: /^Cut as a slow reader: .*slow consumer\. Next try in \d+ s\.$/,
    });
    await keepScreenshot(page, "feed-slow-reader");
    await saysLive();
    market.server.isFrozen = true;
    market.move(SILENCE_MS);
    await says({
      answer: /^Feed reconnecting$/,
      chip: /^backing-off$/,
      badge: /^LIVE · STALE/,
      message: /^Frozen: nothing came for \d+ s although the socket answers\. Next try in \d+ s\.$/,
    });
    await keepScreenshot(page, "feed-frozen");
    market.server.isFrozen = false;
    await saysLive();
    market.server.isDown = true;
    market.server.disconnect();
    await says({
      answer: /^Feed reconnecting$/,
      chip: /^backing-off$/,
      badge: /^LIVE/,
      message: /^Connection lost: .*Next try in \d+ s\.$/,
    });
    await keepScreenshot(page, "feed-away");
    market.server.isDown = false;
    await saysLive();
  });

  test("a key that is refused is a failure with what to do; nothing is tried until Start", async () => {
    market.server.key = "another";
    market.server.disconnect();
    await says({
      answer: /^Feed failed$/,
      chip: /^failed$/,
      badge: /^LIVE/,
      message: /^Massive refused: authentication failed\. Check MASSIVE_API_KEY and the plan, then press Start\.$/,
    });
    await keepScreenshot(page, "feed-refused");
    market.server.key = market.key;
    await press("start");
    await saysLive();
  });

  test("a plan without trades and quotes gives bars, says so, and refuses more with the vendor's reason", async () => {
    market.server.hasTrades = false;
    market.server.disconnect();
    const message =
      /^Massive, live: bars only of 2 contracts \(this plan has no trades and quotes\); the delta is an estimate$/;
    await says({ ...LIVE, message });
    await press("upgrade");
    await answered(/Feed not changed.*Massive does not grant trades and quotes to this key: .*T\.ESZ6\. [A-Z]/);
    await keepScreenshot(page, "feed-plan-of-bars");
    market.server.hasTrades = true;
    market.server.disconnect();
    await saysLive();
    const others = complaints.filter((line) => !line.includes("409"));
    assert.deepEqual(others, [], "the page complains of nothing but the refusal");
  });

  test("data that come ten minutes late turn the mode to DELAYED, in badge, title and words", async () => {
    market.lateMs = DELAY_MS;
    market.server.disconnect();
    await says({
      answer: /^Data alive$/,
      chip: /^connected$/,
      badge: /^DELAYED$/,
      message: /^Massive, 10 minutes late: trades, quotes and bars of 2 contracts$/,
    });
    await until(page, "the title", (start: string) => document.title.startsWith(start), "DELAYED · ES");
    await keepScreenshot(page, "feed-delayed");
  });
});

/** When did the chart draw its first bar? Watches a page's canvases from its first script on. */
import type { Page } from "playwright-core";

const WAIT_MS_MAX = 30_000;

declare global {
  /** Wall time of the frame behind the one in which a candle was first seen on the canvas. */
  var __firstBarMs: number | undefined;
}

/** Wall times: the address was entered, and the first candle was on the canvas. */
export type FirstBar = { openedMs: number; paintedMs: number };

/** Opens `url` in a fresh page and waits for its first candle. */
export async function openToFirstBar(page: Page, url: string): Promise<FirstBar> {
  await page.addInitScript(watchCanvases);
  const openedMs = Date.now();
  await page.goto(url, { waitUntil: "commit" });
  const handle = await page.waitForFunction(() => globalThis.__firstBarMs, undefined, { timeout: WAIT_MS_MAX });
  return { openedMs, paintedMs: (await handle.jsonValue()) ?? Number.NaN };
}

/** In the page: looks at each frame for a bar in the read-out, then for pixels in a candle's colour. */
function watchCanvases(): void {
  const channelsOf = (colour: string): number[] => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    if (context === null) return [];
    context.fillStyle = colour.trim();
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const hasCandle = (canvas: HTMLCanvasElement, colours: readonly number[][]): boolean => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255 && colours.some((colour) => colour.every((value, i) => data[at + i] === value)))
        return true;
    }
    return false;
  };
  const look = (): void => {
    const readout = document.querySelector<HTMLElement>('[data-testid="readout"]');
    const canvases = document.querySelectorAll<HTMLCanvasElement>('[data-testid="chart-canvas"] canvas');
    if (readout?.dataset.openMs) {
      const style = getComputedStyle(document.documentElement);
      const colours = ["--rs-up", "--rs-down"].map((name) => channelsOf(style.getPropertyValue(name)));
      if ([...canvases].some((canvas) => hasCandle(canvas, colours))) {
        requestAnimationFrame(() => {
          globalThis.__firstBarMs = Date.now();
        });
        return;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

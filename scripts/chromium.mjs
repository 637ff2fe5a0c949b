/** Which browser do the end-to-end tests drive? The machine's Chromium, or none. */

import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * CHROMIUM_PATH where it names a file, else the first usual place that has one; null where none does.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | null}
 */
export function findChromium(env) {
  return [env.CHROMIUM_PATH ?? "", ...PLACES].find((place) => place !== "" && existsSync(place)) ?? null;
}

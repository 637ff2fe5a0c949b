/** How does a mode look in 16 pixels? A letter and a ring in the mode's colour. */

import { FACE_WORDS, paletteOf } from "#components/ui/theme.ts";

const LETTERS: Readonly<Record<string, string>> = {
  live: "L",
  delayed: "D",
  replay: "R",
  sim: "S",
  stale: "!",
  lost: "×",
};

/** The svg of a tone; an unknown tone is the lost one. */
export function modeIcon(tone: string): string {
  const { panel, up, caution, vwap, down } = paletteOf("dark", "standard");
  const colours: Readonly<Record<string, string>> = {
    live: up,
    delayed: caution,
    replay: vwap,
    sim: caution,
    stale: down,
  };
  const colour = colours[tone] ?? down;
  const letter = LETTERS[tone] ?? LETTERS.lost;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">',
    `<rect width="32" height="32" rx="7" fill="${panel}"/>`,
    `<rect x="2" y="2" width="28" height="28" rx="6" fill="none" stroke="${colour}" stroke-width="3"/>`,
    `<text x="16" y="23" text-anchor="middle" font-family='${FACE_WORDS}' font-weight="700" font-size="19" fill="${colour}">`,
    `${letter}</text></svg>`,
  ].join("");
}

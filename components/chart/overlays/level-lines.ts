/** Which levels lie in sight? A line each across the candles, named at the right edge; the chosen one stands out. */

import { placeLabels } from "#components/chart/overlays/label-places.ts";
import { type Frame, horizontal, PROVISIONAL_DASH, setLine } from "#components/chart/overlays/overlay.ts";
import { choiceOf, hueOf, type LevelChoice, type ShownLevel, shownLevels } from "#components/live/levels.ts";
import { FACE_NUMBERS, faded, type Palette } from "#components/ui/theme.ts";
import type { LevelsView } from "#lib/wire/insight-stream.ts";

export type LevelMark = {
  price: number;
  /** The level's name; with how many lie at this price where it is not alone: "ONH · 2 here". */
  text: string;
  hue: keyof Palette;
  isChosen: boolean;
  isProvisional: boolean;
  /** Ticks from the last price, for which names stay where there is no room for all. */
  distance: number;
};

/** The board's levels as the chart draws them: one mark a price, nearest first, the chosen one before all. */
export function levelMarks(view: LevelsView, choice: LevelChoice): LevelMark[] {
  const isChosen = ({ level }: ShownLevel): boolean => choiceOf(view.instrument, level) === choice.chosen;
  const byPrice = Map.groupBy(shownLevels(view, choice), ({ price }) => price);
  const marks = [...byPrice].map(([price, levels]): LevelMark => {
    const named = levels.find(isChosen) ?? levels[0];
    const { label, distanceTicks } = named.level;
    return {
      price,
      text: levels.length === 1 ? label : `${label} · ${levels.length} here`,
      hue: hueOf(named.level),
      isChosen: isChosen(named),
      isProvisional: named.isProvisional,
      distance: Math.abs(distanceTicks ?? 0),
    };
  });
  return marks.sort((a, b) => Number(b.isChosen) - Number(a.isChosen) || a.distance - b.distance);
}

const LABEL_PX = 12;
/** More lines than these are drawn thinner, or they would hide the candles. */
const CLEAR_MAX = 12;

export function paintLevels(
  frame: Frame,
  marks: readonly LevelMark[],
  { palette, write }: { palette: Palette; write: (price: number) => string },
): void {
  const { context, width, height } = frame;
  context.font = `10px ${FACE_NUMBERS}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const lines = marks.map((mark) => ({ ...mark, y: frame.y(mark.price) }));
  for (const { y, hue, isChosen, isProvisional } of lines) {
    const dash = isProvisional ? PROVISIONAL_DASH : [];
    const opacity = isChosen ? 1 : marks.length > CLEAR_MAX ? 0.2 : isProvisional ? 0.5 : 0.42;
    setLine(context, { colour: faded(palette[hue], opacity), width: isChosen ? 2 : 1, dash });
    horizontal(context, y, 0, width);
  }
  for (const { text, price, placeY, hue, isChosen } of placeLabels(lines, { gapPx: LABEL_PX, height })) {
    const said = isChosen ? `${text} ${write(price)}` : text;
    const room = context.measureText(said).width + 6;
    context.fillStyle = faded(palette.ground, 0.78);
    context.fillRect(width - room - 2, placeY - LABEL_PX / 2, room, LABEL_PX);
    context.fillStyle = palette[hue];
    context.fillText(said, width - 5, placeY);
  }
}

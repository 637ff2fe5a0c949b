/** How is a line over bars drawn, broken at each trade date, with its last piece dashed while the bar forms? */

import { type Frame, type Line, PROVISIONAL_DASH, setLine } from "#components/chart/overlays/overlay.ts";

/** Values by index of a bar; `from[i]` is the first bar of its trade date; `formingFrom`: first bar that may change. */
export type Curve = {
  from: readonly number[];
  valueAt: (index: number) => number;
  formingFrom: number;
};

/** Draws the part in sight. NaN breaks the line. */
export function paintCurve(frame: Frame, { from, valueAt, formingFrom }: Curve, line: Line): void {
  const first = Math.max(0, frame.from - 1);
  const last = Math.min(from.length - 1, frame.to + 1);
  const solidEnd = Math.min(last, formingFrom - 1);
  stroke(frame, { from, valueAt, first, last: solidEnd }, line);
  if (last > solidEnd) {
    stroke(frame, { from, valueAt, first: Math.max(first, solidEnd), last }, { ...line, dash: PROVISIONAL_DASH });
  }
}

type Piece = Pick<Curve, "from" | "valueAt"> & { first: number; last: number };

function stroke(frame: Frame, { from, valueAt, first, last }: Piece, line: Line): void {
  const { context } = frame;
  setLine(context, line);
  context.beginPath();
  let isDown = false;
  for (let index = first; index <= last; index += 1) {
    const y = frame.y(valueAt(index));
    if (Number.isNaN(y)) {
      isDown = false;
      continue;
    }
    if (isDown && from[index] !== index) context.lineTo(frame.x(index), y);
    else context.moveTo(frame.x(index), y);
    isDown = true;
  }
  context.stroke();
}

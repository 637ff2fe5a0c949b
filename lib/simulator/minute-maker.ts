/** How is one minute of one contract made, as a folded bar and as a tape? */
import { assert } from "#lib/assert.ts";
import { type ContractDay, createMinuteFlow, writeMinuteFlow } from "#lib/simulator/contract-day.ts";
import { createFoldedMinute, type FoldedMinute, foldPlan } from "#lib/simulator/minute-fold.ts";
import { createMinutePath, writeMinutePath } from "#lib/simulator/minute-path.ts";
import { createMinutePlan, writeMinutePlan, writeQuietPlan } from "#lib/simulator/minute-plan.ts";
import { type BookStyle, writeMinuteTape } from "#lib/simulator/minute-tape.ts";
import { placeStream, type Stream } from "#lib/simulator/noise.ts";
import { beginTape, createTapeWriter, finishTape, type MinuteTape, TAPE_ROWS_MAX } from "#lib/simulator/tape-writer.ts";

export type MinuteMaker = {
  /** The minute's bar, valid until the next call; null where nothing trades. */
  fold(day: ContractDay, minute: number): FoldedMinute | null;
  /** The minute's trades and quotes; the trades fold to the same bar. */
  tape(day: ContractDay, minute: number): MinuteTape;
};

/** A busy book repeats itself this often, RTH's at least and a quiet night's; the bounds of STALE are 5 s and 60 s. */
const BUSY_TRADES = 40;
const BUSY_IDLE_MS_PER_TRADE = 24_000;
const BUSY_IDLE_MS_MIN = 60;
const RTH_IDLE_MS = 2_000;
const NIGHT_IDLE_MS = 8_000;
/** Of the events a second that a product may make, quotes that only refresh sizes take up to this part. */
const REFRESH_PART = 0.6;

/** A maker with room of its own: bar and tape come from one plan, which is why they agree. */
export function createMinuteMaker(): MinuteMaker {
  const path = createMinutePath();
  const plan = createMinutePlan();
  const flow = createMinuteFlow();
  const folded = createFoldedMinute();
  const writer = createTapeWriter();
  const stream: Stream = { word: 0 };
  const pathStream: Stream = { word: 0 };

  function planMinute(day: ContractDay, minute: number): boolean {
    if (!writeMinuteFlow(flow, day, minute, stream)) return false;
    writeMinutePath(path, day.price, minute, pathStream);
    writeMinutePlan(plan, path, flow, stream);
    return true;
  }

  return {
    fold(day, minute) {
      if (!planMinute(day, minute)) return null;
      foldPlan(folded, plan, path.direction);
      return folded;
    },
    tape(day, minute) {
      const trades = planMinute(day, minute) ? flow.trades : 0;
      if (trades === 0) {
        writeMinutePath(path, day.price, minute, pathStream);
        writeQuietPlan(plan, path, day);
      }
      placeStream(stream, day.base, minute, 3);
      beginTape(writer, day.price.grid.openMs[minute]);
      writeMinuteTape(writer, path, plan, bookStyle(day, minute, trades), stream);
      assert(writer.count <= TAPE_ROWS_MAX, `minute tape: ${writer.count} rows, expected at most ${TAPE_ROWS_MAX}`);
      return finishTape(writer);
    },
  };
}

function bookStyle(day: ContractDay, minute: number, trades: number): BookStyle {
  const { profile } = day;
  const isRth = minute >= day.rthFrom && minute < day.rthTo;
  const quietMs = isRth ? RTH_IDLE_MS : NIGHT_IDLE_MS;
  return {
    depth: profile.depth,
    wideShare: isRth ? profile.wideShareRth : profile.wideShareOvernight,
    idleMs: trades < BUSY_TRADES ? quietMs : Math.max(BUSY_IDLE_MS_MIN, BUSY_IDLE_MS_PER_TRADE / trades),
    refreshRowsPerSecondMax: Math.max(2, profile.eventsPerSecondMax * REFRESH_PART * Math.max(day.volumeShare, 0.05)),
  };
}

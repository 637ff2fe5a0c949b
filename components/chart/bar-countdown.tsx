"use client";
/** How long until the forming bar closes? By the feed's clock; nothing where the bar does not end by time. */

import styles from "#components/chart/chart.module.css";
import { intradayMs } from "#components/chart/chart-data.ts";
import { useFeedClockText } from "#components/live/use-feed-now.ts";
import { formatCountdown } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { sessionAt } from "#lib/session.ts";
import type { Interval } from "#lib/wire/topic.ts";

/** Time to the close of the bar that holds now; bars count from the session's open. */
function leftMs(root: string, interval: Interval, nowMs: number): number | null {
  const lengthMs = intradayMs(interval);
  const instrument = instrumentOf(root);
  if (lengthMs === null || instrument === null) return null;
  const session = sessionAt(instrument.calendar, nowMs);
  if (session.state === "closed") return null;
  const intoMs = (nowMs - session.openMs) % lengthMs;
  return Math.min(lengthMs - intoMs, session.closeMs - nowMs);
}

export function BarCountdown({ root, interval }: { root: string; interval: Interval }) {
  const text = useFeedClockText((nowMs) => {
    const left = leftMs(root, interval, nowMs);
    return left === null ? "" : formatCountdown(left).replace(/^0:/, "");
  });
  if (text === null || text === "") return null;
  return (
    <span className={`${styles.countdown} n live`} title="Until this bar closes" data-testid="bar-countdown">
      {text}
    </span>
  );
}

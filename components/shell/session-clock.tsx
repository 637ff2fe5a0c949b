"use client";
/** What time is it for the trader? New York and Chicago by the feed's clock, the day's windows, and what comes next. */

import { useFeedClockText, useFeedNowMs } from "#components/live/use-feed-now.ts";
import styles from "#components/shell/shell.module.css";
import { useLinked } from "#components/ui/linked.ts";
import { formatClock, formatCountdown, UNKNOWN } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { countdowns, type Phase, phaseAt } from "#lib/phase.ts";
import { rthOf, sessionAt, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import { windowsOf } from "#lib/windows.ts";

export function SessionClock() {
  const newYork = useFeedClockText((nowMs) => formatClock("America/New_York", nowMs));
  const chicago = useFeedClockText((nowMs) => formatClock("America/Chicago", nowMs));
  return (
    <fieldset className={styles.clock} aria-label="Session clock, by the feed's time">
      <span className="n live" data-testid="clock-et">
        {newYork ?? UNKNOWN} <span className="dim">ET</span>
      </span>
      <span className="n live mid" data-testid="clock-ct">
        {chicago ?? UNKNOWN} <span className="dim">CT</span>
      </span>
      <SessionStrip />
      <PhasePill />
      <NextEdges />
    </fieldset>
  );
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  overnight: "Overnight",
  "pre-market": "Pre-market",
  open: "Open",
  midday: "Midday",
  "wind-down": "Wind-down",
  closed: "Closed",
};

function PhasePill() {
  const { root } = useLinked();
  const phase = useFeedClockText((nowMs) => (instrumentOf(root) === null ? "" : phaseAt(root, nowMs)));
  if (phase === null || phase === "") return null;
  return (
    <span className={`pill ${styles.phase}`} data-phase={phase} data-testid="phase" title={`Phase of ${root}`}>
      {PHASE_WORDS[phase as Phase]}
    </span>
  );
}

/** RTH's next edge first, then the roll: "RTH opens in 1:17:53", "roll in 8:47:53". */
function NextEdges() {
  const { root } = useLinked();
  const rth = useFeedClockText((nowMs) => {
    if (instrumentOf(root) === null) return "";
    const { nextRthOpenMs, nextRthCloseMs } = countdowns(root, nowMs);
    return nextRthOpenMs < nextRthCloseMs
      ? `RTH opens in ${formatCountdown(nextRthOpenMs - nowMs)}`
      : `RTH closes in ${formatCountdown(nextRthCloseMs - nowMs)}`;
  });
  const roll = useFeedClockText((nowMs) =>
    instrumentOf(root) === null ? "" : `roll in ${formatCountdown(countdowns(root, nowMs).nextRollMs - nowMs)}`,
  );
  return (
    <>
      <span className={`${styles.edge} live`} data-testid="countdown-rth">
        {rth}
      </span>
      <span
        className={`${styles.roll} live dim`}
        title="17:00 CT: the next trade date begins"
        data-testid="countdown-roll"
      >
        {roll}
      </span>
    </>
  );
}

type StripPart = { kind: string; leftPercent: number; widthPercent: number };
type Strip = { parts: StripPart[]; nowPercent: number; words: string };

/** The trade date from its open to its close, windows and RTH as shares of it; null while nothing trades. */
export function stripOf(root: string, nowMs: number): Strip | null {
  const instrument = instrumentOf(root);
  if (instrument === null) return null;
  const session = sessionAt(instrument.calendar, nowMs);
  const openMs = sessionOpenMs(instrument.calendar, session.tradeDate);
  const closeMs = sessionCloseMs(instrument.calendar, session.tradeDate);
  const share = (ms: number): number => Math.min(100, Math.max(0, ((ms - openMs) / (closeMs - openMs)) * 100));
  const part = (kind: string, fromMs: number, toMs: number): StripPart => ({
    kind,
    leftPercent: share(fromMs),
    widthPercent: share(toMs) - share(fromMs),
  });
  const parts = windowsOf(root, session.tradeDate)
    .filter(({ id }) => id === "asia" || id === "london" || id === "newYork")
    .map(({ id, openMs: fromMs, closeMs: toMs }) => part(id, fromMs, toMs));
  const rth = rthOf(root, session.tradeDate);
  if (rth !== null) parts.push(part("rth", rth.openMs, rth.closeMs));
  const words = session.state === "open" ? "of this trade date is over" : `market shut (${session.reason})`;
  return { parts, nowPercent: share(nowMs), words };
}

function SessionStrip() {
  const { root } = useLinked();
  const nowMs = useFeedNowMs(60_000);
  const strip = nowMs === null ? null : stripOf(root, nowMs);
  if (strip === null) return <div className={styles.strip} />;
  const label = `${root}: ${Math.round(strip.nowPercent)} % ${strip.words}; Asia, London, New York, RTH`;
  return (
    <div className={styles.strip} role="img" aria-label={label} title={label} data-testid="session-strip">
      <div className={styles.stripBar}>
        {strip.parts.map(({ kind, leftPercent, widthPercent }) => (
          <span
            key={kind}
            data-kind={kind}
            className={styles.stripPart}
            style={{ left: `${leftPercent}%`, width: `${widthPercent}%` }}
          />
        ))}
      </div>
      <span className={styles.stripNow} style={{ left: `${strip.nowPercent}%` }} />
    </div>
  );
}

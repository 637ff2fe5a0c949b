"use client";
/** When does this product trade today, and when does it roll? Chicago time, by the exchange's calendar. */

import styles from "#components/insight/insight.module.css";
import { useFeedClockText, useFeedNowMs } from "#components/live/use-feed-now.ts";
import { civilDayIso } from "#lib/civil.ts";
import { parseContract } from "#lib/contract.ts";
import { formatClock, formatCountdown, UNKNOWN } from "#lib/format.ts";
import { forcedOutFrom } from "#lib/front-contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { countdowns } from "#lib/phase.ts";
import { rthOf, sessionAt, sessionCloseMs, sessionOpenMs } from "#lib/session.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";

type Line = { name: string; label: string; text: string };

/** "17:00–16:00" by the clock in Chicago. */
function stretch(fromMs: number, toMs: number): string {
  const minute = (ms: number): string => formatClock("America/Chicago", ms).slice(0, 5);
  return `${minute(fromMs)}–${minute(toMs)}`;
}

/** The trade date's session and RTH, and the day on which this contract must have rolled. */
export function sessionLines(root: string, contract: string, nowMs: number): Line[] {
  const instrument = instrumentOf(root);
  if (instrument === null) return [];
  const { calendar } = instrument;
  const { tradeDate } = sessionAt(calendar, nowMs);
  const rth = rthOf(root, tradeDate);
  const parsed = parseContract(contract, nowMs);
  const rollDay = "refused" in parsed ? UNKNOWN : civilDayIso(forcedOutFrom(parsed));
  return [
    {
      name: "session",
      label: "Session",
      text: stretch(sessionOpenMs(calendar, tradeDate), sessionCloseMs(calendar, tradeDate)),
    },
    { name: "rth", label: "RTH", text: rth === null ? "none today" : stretch(rth.openMs, rth.closeMs) },
    { name: "roll", label: "Rolls by", text: rollDay },
  ];
}

export function SessionToday({ row }: { row: InstrumentRow }) {
  const nowMs = useFeedNowMs(60_000);
  const lines = nowMs === null ? [] : sessionLines(row.root, row.contract, nowMs);
  return (
    <div className={styles.card}>
      <div className={styles.row}>
        <h3 className="label">Session, CT</h3>
        <RollCountdown root={row.root} />
      </div>
      {lines.map(({ name, label, text }) => (
        <div key={name} className={styles.row}>
          <span className="mid">{label}</span>
          <span className="n" data-testid={`detail-${name}`}>
            {text}
          </span>
        </div>
      ))}
    </div>
  );
}

function RollCountdown({ root }: { root: string }) {
  const text = useFeedClockText((nowMs) =>
    instrumentOf(root) === null ? "" : formatCountdown(countdowns(root, nowMs).nextRollMs - nowMs),
  );
  return (
    <span className="dim" title="Until the next trade date begins">
      next date in <span className="n live">{text ?? UNKNOWN}</span>
    </span>
  );
}

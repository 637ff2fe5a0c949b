/** In which words is a bridge account said to live, to be silent, or to be unknown? Stale is never called flat. */

import { formatAge, formatClock, formatPrice, formatQuantity, formatSigned, formatUsd, UNKNOWN } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { BridgeAccountRow, PositionRow } from "#lib/wire/positions.ts";

export type AccountState = { words: string; title: string; tone: "mid" | "caution" };

const WHY = {
  silent: "the bridge has sent nothing for 5 s",
  noHeartbeat: "the bridge sends no heartbeat, so it cannot be told from a dead one",
  brokerAway: "the platform has lost its line to the broker",
  nothingYet: "no positions were ever reported",
} as const;

/** "live · 0.4 s", or "STALE since 09:00:07 CT" with the reason; `isLost`: our own server does not answer. */
export function accountState(row: BridgeAccountRow, isLost: boolean): AccountState {
  if (isLost) return { words: "not heard", title: "The data service does not answer", tone: "caution" };
  if (row.reason === null) {
    const title = `Reported ${formatAge(row.ageMs)} ago; broker ${row.connection ?? "not said"}`;
    return { words: `live · ${formatAge(row.ageMs)}`, title, tone: "mid" };
  }
  if (row.reason === "nothingYet") return { words: "no report yet", title: WHY.nothingYet, tone: "caution" };
  const since = row.staleSinceMs === null ? "" : ` since ${formatClock("America/Chicago", row.staleSinceMs)} CT`;
  return { words: `STALE${since}`, title: `${WHY[row.reason]}. What stands here was true then.`, tone: "caution" };
}

/** What is said where there is no line to show: flat, last known flat, or unknown. */
export function emptyWords(row: BridgeAccountRow): string {
  if (row.positions === null) return "unknown: no positions reported yet";
  return row.state === "live" ? "flat" : "flat when last heard; not known now";
}

/** "2 long". */
export function sideWords({ side, quantity }: PositionRow): string {
  return `${formatQuantity(quantity)} ${side}`;
}

export function priceWords(points: number | null, { instrument }: PositionRow): string {
  const known = instrumentOf(instrument);
  return known === null ? String(points ?? UNKNOWN) : formatPrice(points, known);
}

/** "bridge · 0.4 s": whose price it is, and how old. */
export function markWords({ markSource, markAgeMs }: PositionRow): string {
  return markAgeMs === null ? "no mark" : `${markSource} · ${formatAge(markAgeMs)}`;
}

/** "+$12.50". */
export function gainWords(gainUsd: number | null): string {
  const text = formatUsd(gainUsd);
  return gainUsd !== null && gainUsd > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function ticksWords(ticks: number | null): string {
  return formatSigned(ticks, ticks !== null && Number.isInteger(ticks) ? 0 : 1);
}

export function toneOf(value: number | null): "up" | "down" | "mid" {
  if (value === null || value === 0) return "mid";
  return value > 0 ? "up" : "down";
}

/** What else the account's bridge says, in one line: cash, day, orders, the broker's own floor; and any drift. */
export function accountNotes(row: BridgeAccountRow): string[] {
  const floor = row.brokerFloor;
  return [
    row.cashUsd === null ? null : `cash ${formatUsd(row.cashUsd)}`,
    row.realizedPnlUsd === null ? null : `realised ${gainWords(row.realizedPnlUsd)}`,
    row.workingOrders === null ? null : `${formatQuantity(row.workingOrders)} working`,
    floor === null ? null : `broker's floor ${formatUsd(floor.floorUsd)}, room ${formatUsd(floor.drawdownLeftUsd)}`,
  ].filter((words) => words !== null);
}

/** "MESZ26: fills make 2, the platform reports 1". */
export function driftWords(row: BridgeAccountRow): string[] {
  return row.drifts.map(
    ({ contract, fillsContracts, reportedContracts }) =>
      `${contract}: fills make ${formatQuantity(fillsContracts)}, the platform reports ${formatQuantity(reportedContracts)}`,
  );
}

/** What do the orders say, and who says which side a trade was on? */

import { formatQuantity, formatSigned, UNKNOWN } from "#lib/format.ts";
import type { InsightParts } from "#lib/wire/insight.ts";
import type { DeltaSource } from "#lib/wire/stream.ts";

type OrderFlow = InsightParts["orderFlow"];
type Cvd = OrderFlow["session"];

export const SIDE_SOURCES: Readonly<Record<DeltaSource, string>> = {
  none: "no side known",
  aggressor: "exchange's side",
  quote: "by quote",
  tick: "by tick rule",
  estimate: "estimated",
};

export type FlowLine = { id: string; label: string; value: string; note: string; sign: "up" | "down" | "plain" };

function signOf(value: number | null): FlowLine["sign"] {
  if (value === null || value === 0) return "plain";
  return value > 0 ? "up" : "down";
}

function cvdLine(id: string, label: string, cvd: Cvd): FlowLine {
  if (cvd.status === "warming") return { id, label, value: UNKNOWN, note: cvd.reasons.join(), sign: "plain" };
  const note = cvd.bias === null ? `${formatQuantity(cvd.n)} bars` : cvd.bias;
  return { id, label, value: formatSigned(cvd.cvd, 0), note, sign: signOf(cvd.cvd) };
}

function largeLine(large: OrderFlow["large"]): FlowLine {
  const line = { id: "large", label: "Large trades", sign: "plain" } as const;
  if (large.status === "warming") {
    const [have, need] = [large.have, large.need].map(formatQuantity);
    return { ...line, value: UNKNOWN, note: `${have} of ${need} orders` };
  }
  return { ...line, value: formatQuantity(large.count), note: `above ${formatQuantity(large.thresholdSize)}` };
}

/** CVD since the session's open and RTH's, today's large trades, the newest bar's delta, contracts without a side. */
export function flowLines({ session, rth, large }: OrderFlow): FlowLine[] {
  const lines = [cvdLine("cvd", "CVD session", session), cvdLine("cvd-rth", "CVD RTH", rth), largeLine(large)];
  if (session.status === "warming") return lines;
  const { delta, unsigned } = session;
  lines.push({ id: "delta", label: "Last bar", value: formatSigned(delta, 0), note: "delta", sign: signOf(delta) });
  if ((unsigned ?? 0) > 0) {
    lines.push({ id: "unsigned", label: "No side", value: formatQuantity(unsigned), note: "contracts", sign: "plain" });
  }
  return lines;
}

/** "exchange's side", and how right that is where it was measured. */
export function flowSource({ session }: OrderFlow): { words: string; accuracy: string | null } {
  if (session.status === "warming") return { words: SIDE_SOURCES.none, accuracy: null };
  const { source, accuracy } = session;
  const words = SIDE_SOURCES[source];
  if (accuracy === null) return { words, accuracy: null };
  return { words, accuracy: `right on ${Math.round((accuracy.value ?? 0) * 100)} % of ${accuracy.of}` };
}

/** The newest divergence in words; where none was found, in how many pairs of swings, or why none was looked at. */
export function divergenceText({ divergences }: OrderFlow): string {
  const newest = divergences.status === "warming" ? undefined : divergences.found[0];
  if (newest === undefined) return `divergence: ${divergences.reasons.join()}`;
  return `${newest.kind} divergence: ${newest.reason}`;
}

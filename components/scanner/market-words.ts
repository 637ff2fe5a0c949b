/** Does a rule forbid trading, and how much does the morning promise? In words for the strip below the header. */

import { UNKNOWN } from "#lib/format.ts";
import type { InsightParts, ScannerView } from "#lib/wire/insight.ts";

export type NoTradeWords = { verdict: string; tone: "bad" | "caution" | "idle"; detail: string; all: string };

/** "No trade" with every block, "Caution" with what is found; what nobody checks yet is said, never passed over. */
export function noTradeWords({ isBlocked, findings, unchecked, reasons }: ScannerView["noTrade"]): NoTradeWords {
  const notChecked = `not checked: ${unchecked.map(({ rule }) => rule).join(", ")}`;
  const worstFirst = [...findings].sort((a, b) => Number(b.severity === "block") - Number(a.severity === "block"));
  const found = worstFirst.map(({ detail }) => detail).join(" · ");
  const all = reasons.join("\n");
  if (isBlocked) return { verdict: "No trade", tone: "bad", detail: found, all };
  if (findings.length > 0) return { verdict: "Caution", tone: "caution", detail: found, all };
  return { verdict: "No block found", tone: "idle", detail: unchecked.length === 0 ? "" : notChecked, all };
}

export type ScorePartWords = { id: string; label: string; value: string; title: string };

export type PremarketWords = { score: string; grade: string; parts: ScorePartWords[]; reasons: string };

type Premarket = InsightParts["premarket"];

const PART_LABELS = { natr: "NATR", rvol: "RVOL", gap: "Gap", catalyst: "Catalyst", momentum: "Momentum" } as const;
const PART_IDS = ["natr", "rvol", "gap", "catalyst", "momentum"] as const;

/** Score and grade, and the points of each part; a part that is not known says why in its title. */
export function premarketWords(premarket: Premarket): PremarketWords {
  const parts = PART_IDS.map((id) => {
    const part = premarket.parts[id];
    const label = PART_LABELS[id];
    if (part.status === "unknown") return { id, label, value: UNKNOWN, title: part.reason };
    const points = part.points === null ? UNKNOWN : String(Math.round(part.points));
    return { id, label, value: points, title: `${part.words}: ${points} of 100` };
  });
  const reasons = premarket.reasons.join("\n");
  if (premarket.status === "warming") return { score: UNKNOWN, grade: "warming up", parts, reasons };
  const score = premarket.score === null ? UNKNOWN : String(Math.round(premarket.score));
  return { score, grade: premarket.grade, parts, reasons };
}

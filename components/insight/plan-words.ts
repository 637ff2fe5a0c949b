/** What is the plan, in words? Bias, entry zone, stop, targets, size; or why there is none. */

import { priceText, type ReadingContext } from "#components/insight/insight-words.ts";
import { formatQuantity, formatUsd } from "#lib/format.ts";
import type { InsightParts } from "#lib/wire/insight.ts";

type Card = InsightParts["focus"];

export type PlanLine = { id: string; label: string; value: string; note: string; tone: "up" | "down" | "plain" };

export type PlanWords = {
  /** "long 3 ES", "do not trade", "stand aside". */
  verdict: string;
  tone: "up" | "down" | "plain";
  lines: PlanLine[];
  why: readonly string[];
  whyNot: readonly string[];
};

export function planWords(card: Card, root: string, context: Pick<ReadingContext, "instrument">): PlanWords {
  const { why, whyNot } = card;
  if (card.status === "stand aside") return { verdict: "stand aside", tone: "plain", lines: [], why, whyNot };
  const { bracket, side, size } = card;
  const price = (points: number | null): string => priceText(points, context);
  const lots = formatQuantity(size.contracts);
  const isTraded = card.status === "trade";
  const tone = side === "long" ? "up" : "down";
  const rewards = [bracket.rewardRisk1, bracket.rewardRisk2].map((ratio) => ratio?.toFixed(1) ?? "–").join(" · ");
  const targets = `${price(bracket.target1)} · ${price(bracket.target2)}`;
  const atRisk = isTraded ? `${formatUsd(size.lossUsd)} at risk` : `${formatUsd(size.lossPerContractUsd)} a contract`;
  const entry = `${price(bracket.entryLow)} – ${price(bracket.entryHigh)}`;
  const stopNote = `${formatQuantity(bracket.stopDistanceTicks)} t`;
  return {
    verdict: isTraded ? `${side} ${lots} ${root}` : "do not trade",
    tone: isTraded ? tone : "plain",
    lines: [
      { id: "bias", label: "Bias", value: side, note: "", tone },
      { id: "entry", label: "Entry", value: entry, note: "", tone: "plain" },
      { id: "stop", label: "Stop", value: price(bracket.stop), note: stopNote, tone: "down" },
      { id: "targets", label: "TP1 · TP2", value: targets, note: "", tone: "up" },
      { id: "size", label: "Size", value: isTraded ? `${lots} ${root}` : "0", note: atRisk, tone: "plain" },
      { id: "reward", label: "R to TP1 · TP2", value: rewards, note: "", tone: "plain" },
    ],
    why,
    whyNot,
  };
}

/** What is the plan, in words? Bias, entry zone, stop, targets, size; or why there is none. */

import { priceText, type ReadingContext } from "#components/insight/insight-words.ts";
import { formatQuantity, formatUsd, UNKNOWN } from "#lib/format.ts";
import type { InsightParts } from "#lib/wire/insight.ts";

type Card = InsightParts["focus"];

export type PlanLine = {
  id: string;
  label: string;
  value: string;
  note: string;
  tone: "up" | "down" | "plain";
  /** From where the value comes. */
  reasons: readonly string[];
};

export type PlanWords = {
  /** "long 3 ES", "do not trade", "stand aside". */
  verdict: string;
  tone: "up" | "down" | "plain";
  lines: PlanLine[];
  why: readonly string[];
  whyNot: readonly string[];
};

export function planWords(
  card: Card,
  root: string,
  context: Pick<ReadingContext, "instrument" | "interval">,
): PlanWords {
  const { why, whyNot, n } = card;
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
  const ticks = formatQuantity(bracket.stopDistanceTicks);
  const times = bracket.stopDistanceAtr?.toFixed(1) ?? UNKNOWN;
  const atr = `ATR14 of ${context.interval} bars, ${price(bracket.atr)} points`;
  const line = (id: string, label: string, value: string, rest: Partial<PlanLine>): PlanLine => {
    return { id, label, value, note: "", tone: "plain", reasons: [], ...rest };
  };
  return {
    verdict: isTraded ? `${side} ${lots} ${root}` : "do not trade",
    tone: isTraded ? tone : "plain",
    lines: [
      line("bias", "Bias", side, { tone, reasons: [`${formatQuantity(n)} of regime, wave and confluence could vote`] }),
      line("entry", "Entry", entry, { reasons: [`its width and place come from ${atr}`] }),
      line("stop", "Stop", price(bracket.stop), {
        note: `${ticks} t · ${times} ATR`,
        tone: "down",
        reasons: [`${ticks} ticks from the worse edge of the entry`, `${times} × ${atr}`],
      }),
      line("targets", "TP1 · TP2", targets, { tone: "up", reasons: [`from ${atr}`] }),
      line("size", "Size", isTraded ? `${lots} ${root}` : "0", { note: atRisk, reasons: [size.reason] }),
      line("reward", "R to TP1 · TP2", rewards, { reasons: ["of an entry at the worse edge, before costs"] }),
    ],
    why,
    whyNot,
  };
}

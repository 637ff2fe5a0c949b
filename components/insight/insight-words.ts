/** In which words does the insight panel say each reading? One line each: value, note, and the reasons behind it. */

import { formatClock, formatPrice, formatQuantity, formatSigned, UNKNOWN } from "#lib/format.ts";
import type { Instrument } from "#lib/instrument.ts";
import type { InsightParts, InsightView } from "#lib/wire/insight.ts";
import type { CardParts } from "#lib/wire/insight-stream.ts";

export type Tone = "up" | "down" | "caution" | "plain";

export type Reading = {
  id: string;
  label: string;
  value: string;
  /** What the value rests on: n, the clock, what is left. */
  note: string;
  tone: Tone;
  reasons: readonly string[];
  /** End of the bar that it stands on. */
  atMs: number | null;
};

export type ReadingContext = { instrument: Instrument | null } & Pick<InsightView, "frames" | "interval">;

type Part<Name extends keyof InsightParts> = InsightParts[Name];

/** 0.45 → "45 %"; null → "–". */
export function percentText(share: number | null): string {
  return share === null ? UNKNOWN : `${Math.round(share * 100)} %`;
}

/** 0.897 → "×0.90"; null → "–". */
export function timesText(factor: number | null): string {
  return factor === null ? UNKNOWN : `×${factor.toFixed(2)}`;
}

/** 0.52 → "52nd pct". */
export function percentileText(share: number | null): string {
  if (share === null) return UNKNOWN;
  const rank = Math.round(share * 100);
  const isTeen = rank % 100 >= 11 && rank % 100 <= 13;
  const ending = isTeen ? "th" : (["th", "st", "nd", "rd"][rank % 10] ?? "th");
  return `${rank}${ending} pct`;
}

export function priceText(points: number | null, { instrument }: Pick<ReadingContext, "instrument">): string {
  return instrument === null ? (points === null ? UNKNOWN : String(points)) : formatPrice(points, instrument);
}

/** "08:10 CT". */
export function barTimeText(atMs: number | null): string {
  return `${formatClock("America/Chicago", atMs).slice(0, 5)} CT`;
}

function warmingText({ have, need }: { have: number | null; need: number | null }): string {
  return `${formatQuantity(have)} of ${formatQuantity(need)}`;
}

/** The lines below quality and regime, in the order of the panel. */
export function readingsOf(parts: CardParts, context: ReadingContext): Reading[] {
  return [
    volatilityLine(parts.volatility),
    factorsLine(parts.volatility),
    waveLine(parts.wave),
    phaseLine(parts.wave),
    confluenceLine(parts.confluence, context),
    atrUsedLine(parts.volatility, context),
    valueAreaLine(parts.profiles.session, context),
    relativeVolumeLine(parts.relativeVolume),
    ...smtLines(parts.smt),
  ];
}

type Line = Pick<Reading, "value" | "note"> & { tone?: Tone };

function reading(id: string, label: string, part: { reasons: string[]; atMs: number | null }, line: Line): Reading {
  return { id, label, tone: "plain", ...line, reasons: part.reasons, atMs: part.atMs };
}

function volatilityLine(part: Part<"volatility">): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} bars` };
    const { sameClock } = part;
    if (sameClock.status === "warming") return { value: UNKNOWN, note: `${warmingText(sameClock)} sessions` };
    const { percentile, level, n } = sameClock;
    const tone = level === "very-high" ? "caution" : "plain";
    return { value: percentileText(percentile), note: `same clock, n ${formatQuantity(n)}`, tone };
  };
  return reading("volatility", "Volatility", part, line());
}

function factorsLine(part: Part<"volatility">): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} bars` };
    const { clusters, sameClock } = part;
    const note = clusters.status === "warming" ? `${warmingText(clusters)} bars` : `${clusters.cluster} cluster`;
    if (sameClock.status === "warming") return { value: UNKNOWN, note };
    return { value: `${timesText(sameClock.stopFactor)} · ${timesText(sameClock.sizeFactor)}`, note };
  };
  return reading("factors", "Stop · size", part, line());
}

const TONES = { bullish: "up", bearish: "down", neutral: "plain" } as const;

function waveLine(part: Part<"wave">): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} bars` };
    const { legs } = part;
    if (legs.status === "not-enough-legs") {
      const [up, down, need] = [legs.up, legs.down, legs.need].map(formatQuantity);
      return { value: "not enough legs", note: `${up} up, ${down} down of ${need}` };
    }
    const { ratio, bias, dominance } = legs;
    const note = `dom ${formatSigned(dominance)}, n ${formatQuantity(part.n)}`;
    return { value: `${timesText(ratio)} ${bias}`, note, tone: TONES[bias] };
  };
  return reading("wave", "Wave", part, line());
}

function phaseLine(part: Part<"wave">): Reading {
  if (part.status === "warming") return reading("phase", "Phase", part, { value: UNKNOWN, note: "" });
  const { phase, momentum, direction } = part;
  const note = direction === "flat" ? momentum : `${momentum} ${direction}`;
  return reading("phase", "Phase", part, { value: phase, note });
}

const ARROWS = { bullish: "▲", bearish: "▼", neutral: "–" } as const;

function confluenceLine(part: Part<"confluence">, { frames }: ReadingContext): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} bars` };
    const layers = ["bias", "setup", "entry"] as const;
    const value = layers.map((layer) => `${frames?.[layer] ?? layer} ${ARROWS[part[layer].lean]}`).join(" ");
    const agreed = `${formatQuantity(part.score)}/3`;
    const note = part.isConflict ? `${agreed} conflict` : part.isTradeable ? `${agreed} triggered` : agreed;
    return { value, note, tone: part.isConflict ? "caution" : TONES[part.direction] };
  };
  return reading("confluence", "Confluence", part, line());
}

/** Above this share of the usual range the day has little left. */
const USED_UP = 0.8;

function atrUsedLine(part: Part<"volatility">, context: ReadingContext): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} bars` };
    const { day } = part;
    if (day.status === "warming") return { value: UNKNOWN, note: `${warmingText(day)} trade dates` };
    const tone = (day.usedShare ?? 0) >= USED_UP ? "caution" : "plain";
    return { value: percentText(day.usedShare), note: `${priceText(day.remaining, context)} pts left`, tone };
  };
  return reading("atr-used", "ATR used today", part, line());
}

function valueAreaLine(part: InsightParts["profiles"]["session"], context: ReadingContext): Reading {
  if (part.status === "warming") {
    return reading("value-area", "Value area", part, { value: UNKNOWN, note: "no volume yet" });
  }
  const isEstimate = (part.estimatedShare ?? 0) > 0;
  return reading("value-area", "Value area", part, {
    value: `${priceText(part.val, context)} – ${priceText(part.vah, context)}`,
    note: isEstimate ? "est." : "",
  });
}

function relativeVolumeLine(part: Part<"relativeVolume">): Reading {
  const line = (): Line => {
    if (part.status === "warming") return { value: UNKNOWN, note: `${warmingText(part)} sessions` };
    if (part.status === "unknown") return { value: UNKNOWN, note: "not known" };
    return { value: timesText(part.ratio), note: `n ${formatQuantity(part.n)}` };
  };
  return reading("rvol", "Relative volume", part, line());
}

/** "bearish" beside the sibling and n; which market it needs; nothing where a market has no sibling. */
function smtLines(smt: Part<"smt">): Reading[] {
  const line = (value: string, note: string, tone: Tone): Reading[] => [
    reading("smt", "SMT", smt, { value, note, tone }),
  ];
  if (smt.status === "none") return smt.needs === null ? [] : line(UNKNOWN, `needs ${smt.needs}`, "plain");
  const newest = smt.divergences.findLast(({ state }) => state === "live");
  const note = `with ${smt.sibling}, n ${formatQuantity(smt.n)}`;
  return newest === undefined ? line("none", note, "plain") : line(newest.side, note, TONES[newest.side]);
}

/** Is there a reason to trade nothing at all now? Rules over the followed instruments, each with its numbers. */
import type { Quality } from "#lib/advice/quality.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import type { Phase } from "#lib/phase.ts";
import { SETUP_QUALITY_MIN } from "#lib/setup-quality.ts";

/** What is known of one instrument; volatility and quality null where its analysis has not begun. */
export type NoTradeInput = {
  root: string;
  data: "live" | "stale" | "none";
  phase: Phase;
  volatility: Volatility | null;
  quality: Quality | null;
};

export type NoTradeRule = "no-data" | "stale" | "closed" | "wind-down" | "quality" | "volatility";

/** Block: nothing is to be traded. Caution: those named are not, or with care. */
export type NoTradeFinding = {
  rule: NoTradeRule;
  severity: "block" | "caution";
  /** The instruments it was found on. */
  roots: string[];
  detail: string;
};

/** Rules that need what a later part of the product brings. */
export type UncheckedRule = { rule: "daily loss" | "loss streak" | "trading window" | "news"; reason: string };

/** `n`: instruments looked at. */
export type NoTrade = {
  atMs: number;
  n: number;
  isBlocked: boolean;
  findings: NoTradeFinding[];
  unchecked: UncheckedRule[];
  reasons: string[];
};

/** Volatility above this percentile of its clock time is dangerous (the incumbent's 88th). */
const PERCENTILE_MAX = 0.88;

const NOT_YET = "no account rules yet";
const UNCHECKED: readonly UncheckedRule["rule"][] = ["daily loss", "loss streak", "trading window", "news"];

/**
 * A rule that holds for every instrument blocks, one that holds for some is a caution that names them. Of one row it is
 * the verdict on that instrument. ES 40/20 and NQ 50/10 of quality, both open: blocked, "best quality 50 (NQ), 55 is
 * needed".
 */
export function noTradeOf(rows: readonly NoTradeInput[], atMs: number): NoTrade {
  const trading = rows.filter((row) => row.data !== "none" && row.phase !== "closed");
  const findings = [
    noDataFinding(rows),
    spread("stale", rows, (row) => row.data === "stale", "data are stale"),
    spread("closed", rows, (row) => row.phase === "closed", "the market is closed"),
    spread("wind-down", rows, (row) => row.phase === "wind-down", "the last hour of RTH"),
    qualityFinding(trading),
    volatilityFinding(trading),
  ].filter((finding) => finding !== null);
  const isBlocked = findings.some((finding) => finding.severity === "block");
  const unchecked = UNCHECKED.map((rule) => ({ rule, reason: NOT_YET }));
  const reasons = findings.map(({ severity, detail }) => `${severity}: ${detail}`);
  reasons.push(`not checked: ${UNCHECKED.join(", ")} (${NOT_YET})`);
  return { atMs, n: rows.length, isBlocked, findings, unchecked, reasons };
}

/** The wind-down alone never blocks: positions are still managed, and new ones are the trader's choice. */
function spread(
  rule: NoTradeRule,
  rows: readonly NoTradeInput[],
  isFound: (row: NoTradeInput) => boolean,
  what: string,
): NoTradeFinding | null {
  const roots = rows.filter(isFound).map((row) => row.root);
  if (roots.length === 0) return null;
  const isAll = roots.length === rows.length && rule !== "wind-down";
  return { rule, severity: isAll ? "block" : "caution", roots, detail: `${what}: ${roots.join(", ")}` };
}

function noDataFinding(rows: readonly NoTradeInput[]): NoTradeFinding | null {
  if (rows.length === 0) return { rule: "no-data", severity: "block", roots: [], detail: "no instrument is followed" };
  return spread("no-data", rows, (row) => row.data === "none", "no data");
}

/** An instrument whose quality is not known yet is none to trade, so it cannot lift the best. */
function qualityFinding(rows: readonly NoTradeInput[]): NoTradeFinding | null {
  if (rows.length === 0) return null;
  const roots = rows.map((row) => row.root);
  const scored = rows.flatMap(({ root, quality }) =>
    quality?.status === "ready" ? [{ root, score: Math.max(quality.long.score, quality.short.score) }] : [],
  );
  if (scored.length === 0) return { rule: "quality", severity: "block", roots, detail: "no quality is known yet" };
  const best = scored.reduce((top, one) => (one.score > top.score ? one : top));
  if (best.score >= SETUP_QUALITY_MIN) return null;
  const detail = `best quality ${best.score.toFixed(0)} (${best.root}), ${SETUP_QUALITY_MIN} is needed`;
  return { rule: "quality", severity: "block", roots, detail };
}

function volatilityFinding(rows: readonly NoTradeInput[]): NoTradeFinding | null {
  const wild = rows.flatMap(({ root, volatility }) => {
    const clock = volatility?.status === "ready" ? volatility.sameClock : null;
    return clock?.status === "ready" && clock.percentile > PERCENTILE_MAX ? [{ root, ...clock }] : [];
  });
  if (wild.length === 0) return null;
  const each = wild.map(({ root, percentile, n }) => `${root} ${Math.round(percentile * 100)} % of ${n} sessions`);
  const detail = `volatility above ${PERCENTILE_MAX * 100} % of its clock time: ${each.join(", ")}`;
  const severity = wild.length === rows.length ? "block" : "caution";
  return { rule: "volatility", severity, roots: wild.map((one) => one.root), detail };
}

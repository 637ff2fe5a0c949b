/** What does the scanner show? One row a followed root, from the front's live price and what was published of it. */
import { type NoTrade, noTradeOf } from "#lib/advice/no-trade.ts";
import { type ScannerInput, scannerRowOf } from "#lib/advice/scanner.ts";
import { type FocusList, focusListOf } from "#lib/analysis/premarket-score.ts";
import { rowAt } from "#lib/bars/bar-series.ts";
import { DAY_SERIES } from "#lib/bars/interval.ts";
import { contractLabel } from "#lib/contract.ts";
import { previousSettlement } from "#lib/engine/settlement.ts";
import type { ContractState, EngineState } from "#lib/engine/state.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import { phaseAt } from "#lib/phase.ts";
import { NO_PRICE } from "#lib/units.ts";
import type { ScannerView } from "#lib/wire/insight.ts";

/** Rows in the order of `roots`; roots without a contract yet are left out. */
export function scannerView(state: EngineState, roots: readonly string[], nowMs: number): ScannerView {
  const fronts = roots.flatMap((root) => frontsOf(state, root));
  return {
    asOfMs: nowMs,
    mode: state.mode,
    rows: fronts.map((contract) => scannerRowOf(inputOf(contract, publishedOf(state, contract)))),
    noTrade: noTradeNow(state, fronts, nowMs),
    focus: focusNow(state, fronts),
  };
}

function frontsOf(state: EngineState, root: string): ContractState[] {
  const known = state.roots.find((entry) => entry.root === root);
  return known === undefined ? [] : [state.contracts[known.front]];
}

function publishedOf(state: EngineState, { index }: ContractState): Insight | null {
  return state.analyses[index]?.published ?? null;
}

function noTradeNow(state: EngineState, fronts: readonly ContractState[], nowMs: number): NoTrade {
  const rows = fronts.map((contract) => {
    const published = publishedOf(state, contract);
    const { eventMs, staleSinceMs } = contract.trust;
    const data = eventMs === Number.NEGATIVE_INFINITY ? "none" : staleSinceMs === null ? "live" : "stale";
    const { root } = contract;
    const phase = phaseAt(root, nowMs);
    return {
      root,
      data,
      phase,
      volatility: published?.volatility ?? null,
      quality: published?.quality ?? null,
    } as const;
  });
  return noTradeOf(rows, nowMs);
}

function focusNow(state: EngineState, fronts: readonly ContractState[]): FocusList {
  const scores = fronts.map((contract) => {
    const premarket = publishedOf(state, contract)?.premarket;
    return { symbol: contract.root, score: premarket?.status === "ready" ? premarket.score : null };
  });
  return focusListOf(scores);
}

/** What is not known yet is null; the live price is the contract's last trade. */
function inputOf(contract: ContractState, published: Insight | null): ScannerInput {
  const settlement = previousSettlement(contract);
  const days = contract.series[DAY_SERIES];
  const day = rowAt(days, contract.day.openMs);
  return {
    root: contract.root,
    label: contractLabel(contract),
    tickSize: contract.tickSize,
    atMs: published?.asOfMs ?? Number.NaN,
    lastTicks: contract.lastTicks === NO_PRICE ? null : contract.lastTicks,
    settlementTicks: settlement?.ticks ?? null,
    volume: day < 0 ? 0 : days.volume[day],
    ...readingsOf(published),
  };
}

const NO_PULSE = {
  status: "warming",
  have: 0,
  need: 10,
  atMs: Number.NaN,
  n: 0,
  reasons: ["no analysis yet"],
} as const;

type Readings = Omit<ScannerInput, "root" | "label" | "tickSize" | "atMs" | "lastTicks" | "settlementTicks" | "volume">;

function readingsOf(published: Insight | null): Readings {
  const volatility = published?.volatility.status === "ready" ? published.volatility : null;
  const wave = published?.wave.status === "ready" ? published.wave : null;
  const quality = published?.quality.status === "ready" ? published.quality : null;
  const regime = published?.regime.status === "ready" ? published.regime : null;
  const confluence = published?.confluence.status === "ready" ? published.confluence : null;
  const vwap = published?.vwap.session;
  const nearest = published?.levels.levels.find((level) => !level.isDeveloping);
  return {
    vwapTicks: vwap?.status === "ready" ? vwap.vwapTicks : null,
    pivots: pivotsOf(published),
    atrTicks: volatility?.atrTicks ?? null,
    atrUsedShare: volatility?.day.status === "ready" ? volatility.day.usedShare : null,
    relativeVolume: published?.relativeVolume.status === "ready" ? published.relativeVolume.ratio : null,
    pulse: published?.pulse ?? { ...NO_PULSE, reasons: [...NO_PULSE.reasons] },
    volatilityRank: volatility?.sameClock.status === "ready" ? volatility.sameClock.percentile : null,
    regime: regime === null ? null : { direction: regime.direction.label, volatility: regime.volatility.label },
    wave: wave?.legs.status === "ready" ? { bias: wave.legs.bias, ratio: wave.legs.ratio } : null,
    quality: quality === null ? null : { long: quality.long.score, short: quality.short.score },
    cvd: cvdOf(published),
    confluence:
      confluence === null
        ? null
        : { direction: confluence.direction, score: confluence.score, isConflict: confluence.isConflict },
    nearest: nearest === undefined ? null : { label: nearest.label, priceTicks: nearest.priceTicks },
    card: published?.focus ?? null,
  };
}

function cvdOf(published: Insight | null): ScannerInput["cvd"] {
  const session = published?.orderFlow.session;
  return session?.status === "ready" ? { contracts: session.cvd, source: session.source } : null;
}

function pivotsOf(published: Insight | null): ScannerInput["pivots"] {
  if (published?.pivots.status !== "ready") return null;
  const { ppTicks: pp, resistancesTicks, supportsTicks } = published.pivots.classic;
  const [r1, r2] = resistancesTicks;
  const [s1, s2] = supportsTicks;
  return pp === null ? null : { pp, r1, r2, s1, s2 };
}

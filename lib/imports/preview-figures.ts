/** What would this import add, in figures that a trader can check against the broker's own? */

import type { Fill } from "#lib/account/fill.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { instrumentOf } from "#lib/instrument.ts";

export type OpenPosition = { readonly account: string; readonly contract: string; readonly contracts: number };

export type PreviewFigures = {
  readonly fills: number;
  readonly contracts: number;
  readonly accounts: readonly string[];
  readonly instruments: readonly string[];
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Profit before fees by the cash identity; null where a position is left open by these fills. */
  readonly grossUsd: number | null;
  /** Fees that the file says, and how many fills it says none of. */
  readonly feesUsd: number;
  readonly fillsWithoutFee: number;
  /** Contracts (signed) left by these fills, which the file alone does not close. */
  readonly open: readonly OpenPosition[];
};

/**
 * Figures of fills. Gross = −Σ side × contracts × price × point value: what flows in is the profit when all is flat.
 * Buy 5 MNQ at 28,531.75, sell 5 at 28,491.75 → −400.00.
 */
export function previewFigures(fills: readonly Fill[]): PreviewFigures {
  const positions = new Map<string, OpenPosition>();
  let cashUsd = 0;
  let contracts = 0;
  let feesUsd = 0;
  let fillsWithoutFee = 0;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const fill of fills) {
    const signed = fill.side === "buy" ? fill.contracts : -fill.contracts;
    cashUsd -= Math.round(signed * fill.priceTicks * fill.tickSize * pointValueUsd(fill.root) * 1e4) / 1e4;
    contracts += fill.contracts;
    if (fill.feeUsd === null) fillsWithoutFee += 1;
    else feesUsd += fill.feeUsd;
    fromMs = Math.min(fromMs, fill.atMs);
    toMs = Math.max(toMs, fill.atMs);
    const contract = contractLongSymbol(fill);
    const key = `${fill.account}|${contract}`;
    const held = positions.get(key)?.contracts ?? 0;
    positions.set(key, { account: fill.account, contract, contracts: held + signed });
  }
  const open = [...positions.values()].filter((position) => position.contracts !== 0);
  return {
    fills: fills.length,
    contracts,
    accounts: unique(fills.map((fill) => fill.account)),
    instruments: unique(fills.map((fill) => contractLongSymbol(fill))),
    fromMs: fills.length === 0 ? null : fromMs,
    toMs: fills.length === 0 ? null : toMs,
    grossUsd: open.length > 0 ? null : Math.round(cashUsd * 1e4) / 1e4,
    feesUsd: Math.round(feesUsd * 1e4) / 1e4,
    fillsWithoutFee,
    open,
  };
}

function pointValueUsd(root: string): number {
  const instrument = instrumentOf(root);
  if (instrument === null) throw new RangeError(`previewFigures: root was ${root}, expected one that we list`);
  return instrument.pointValueUsd;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

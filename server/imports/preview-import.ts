/** What would this file bring, set against what is there? Read anew for each answer; nothing is kept or written. */
import type { Fill } from "#lib/account/fill.ts";
import { fillFault } from "#lib/account/fill.ts";
import { ledgerOf, tripsOf } from "#lib/account/round-trips.ts";
import { contractLongSymbol } from "#lib/contract.ts";
import { toldFillSchema } from "#lib/events/trade-history.ts";
import { previewFigures } from "#lib/imports/preview-figures.ts";
import { type FillClash, type FillPair, reconcile } from "#lib/imports/reconcile.ts";
import { WALL_ZONES } from "#lib/imports/wall-zone.ts";
import { PREVIEW_ROWS_MAX } from "#lib/limits.ts";
import { sumOf } from "#lib/math/sum-of.ts";
import { pointsFromTicks, usd } from "#lib/units.ts";
import type { ImportAnswers, ImportPreview } from "#lib/wire/imports.ts";
import { type FileReading, type MaybeRow, readFile } from "./read-file.ts";

export type PreviewInput = {
  contentHash: string;
  fileName: string;
  bytes: Uint8Array;
  answers: ImportAnswers;
  /** Wall clock of the import. */
  nowMs: number;
  existing: readonly Fill[];
  /** The finest unit of each source's clock, where one is known. */
  timeStepMs: Readonly<Record<string, number>>;
};

/** `fresh`: the fills that a commit would add. */
export type Previewed = { preview: ImportPreview; fresh: Fill[]; timeStepMs: number };

/** Throws CodedError TOO_LARGE and BAD_SHAPE for what is no file of trades at all. */
export function previewImport(input: PreviewInput): Previewed {
  const reading = readFile(input);
  const { fills, rowErrors } = checked(reading);
  const steps = { ...input.timeStepMs };
  for (const { source } of fills) steps[source] = Math.max(steps[source] ?? 0, reading.timeStepMs);
  const { fresh, same, pairs, clashes } = reconcile(input.existing, fills, steps);
  const preview: ImportPreview = {
    contentHash: input.contentHash,
    fileName: input.fileName,
    format: reading.format,
    reasons: [...reading.reasons],
    columns: [...reading.columns],
    needs: [...reading.needs],
    zones: WALL_ZONES.map(({ name }) => name),
    clock: reading.clock,
    dateOrder: reading.dateOrder,
    totals: reading.needs.length > 0 ? null : totalsOf(fills),
    fresh: fresh.length,
    same: same.length,
    pairs: pairs.length,
    pairRows: pairs.slice(0, PREVIEW_ROWS_MAX).map(pairLine),
    clashes: clashes.length,
    clashRows: clashes.slice(0, PREVIEW_ROWS_MAX).map(clashLine),
    rowErrors: rowErrors.length,
    errorRows: rowErrors.slice(0, PREVIEW_ROWS_MAX),
    conflicts: reading.conflicts.length,
    conflictRows: reading.conflicts.slice(0, PREVIEW_ROWS_MAX),
    skipped: reading.skipped,
  };
  return { preview, fresh: fresh.map(({ row: _, ...fill }) => fill), timeStepMs: reading.timeStepMs };
}

/** Fills that the log would not take are named as faults of their rows. */
function checked({ fills, rowErrors }: FileReading): Pick<FileReading, "fills" | "rowErrors"> {
  const kept: MaybeRow[] = [];
  const errors = [...rowErrors];
  for (const fill of fills) {
    const { row, ...told } = fill;
    const parsed = toldFillSchema.safeParse(told);
    const [issue] = parsed.error?.issues ?? [];
    const expected = issue?.message ?? fillFault(told);
    if (expected === null || expected === undefined) kept.push(fill);
    else
      errors.push({
        row: row ?? 0,
        field: issue?.path.join(".") ?? "fill",
        received: fill.executionId.slice(0, 40),
        expected,
      });
  }
  return { fills: kept, rowErrors: errors };
}

function totalsOf(fills: readonly Fill[]): NonNullable<ImportPreview["totals"]> {
  const { grossUsd: _, feesUsd: __, open, ...figures } = previewFigures(fills);
  const trips = tripsOf(ledgerOf(fills, { method: "fifo", schedule: [] }).ledger);
  return {
    ...figures,
    accounts: [...figures.accounts],
    instruments: [...figures.instruments],
    trips: trips.length,
    grossUsd: usd(sumOf(trips, (trip) => trip.grossUsd)),
    feesUsd: usd(sumOf(trips, (trip) => trip.feesUsd)),
    netUsd: usd(sumOf(trips, (trip) => trip.netUsd)),
    open: open.map(({ account, contract, contracts }) => `${contracts} ${contract} in ${account}`),
  };
}

function pairLine({ by, incoming, existing }: FillPair<MaybeRow>): ImportPreview["pairRows"][number] {
  return { by, incoming: incoming.map(fillLine), existing: existing.map(fillLine) };
}

function clashLine({ incoming, existing, fields }: FillClash<MaybeRow>): ImportPreview["clashRows"][number] {
  return { incoming: fillLine(incoming), existing: fillLine(existing), fields: [...fields] };
}

/** "buy 2 MESZ26 at 6012.25 in Sim101". */
function fillLine(fill: Fill & { row?: number | null }): ImportPreview["pairRows"][number]["incoming"][number] {
  const { side, contracts, priceTicks, tickSize, account, source, executionId } = fill;
  const price = pointsFromTicks(priceTicks, tickSize);
  const words = `${side} ${contracts} ${contractLongSymbol(fill)} at ${price} in ${account}`;
  return { row: fill.row ?? null, source, executionId, words };
}

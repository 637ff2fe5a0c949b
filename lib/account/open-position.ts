/** What is open in a book, what is it worth at a mark, and what has it brought in already? */
import { sumOf } from "#lib/math/sum-of.ts";
import { type Usd, usd } from "#lib/units.ts";
import { gainOf, type OpenTrip, usdOfMore } from "./round-trip.ts";

export type OpenPosition =
  | { status: "flat" }
  | {
      status: "open";
      side: "long" | "short";
      contracts: number;
      contractsMax: number;
      sinceMs: number;
      /** Of what is still open, in fractional ticks: of the lots that FIFO leaves, or the average cost. */
      averagePriceTicks: number;
      /** Of exits so far in this trip. */
      realisedGrossUsd: number;
      realisedNetUsd: number;
      /** Fees of entries that are still open: paid, but in no realised figure yet. */
      openFeesUsd: number;
    };

/** What a trip that is not over holds. */
export function openPositionOf(trip: OpenTrip | null): OpenPosition {
  if (trip === null) return { status: "flat" };
  return {
    status: "open",
    side: trip.side,
    contracts: trip.contracts,
    contractsMax: trip.contractsMax,
    sinceMs: trip.uses[0].atMs,
    averagePriceTicks: sumOf(trip.lots, (lot) => lot.costTicks) / trip.contracts,
    realisedGrossUsd: usd(sumOf(trip.realised, (part) => part.grossUsd)),
    realisedNetUsd: usd(sumOf(trip.realised, (part) => part.netUsd)),
    openFeesUsd: usd(sumOf(trip.lots, (lot) => lot.feesUsd)),
  };
}

/**
 * What the open contracts would bring at a mark (ticks of the trip), gross. Rounded together with what is realised, so
 * that realised + unrealised keeps its sum when part is closed at the mark. Long 2 MES at 100.5, mark 103 → 6.25.
 */
export function unrealisedUsd(trip: OpenTrip | null, markTicks: number): Usd {
  if (trip === null) return usd(0);
  const costTicks = sumOf(trip.lots, (lot) => lot.costTicks);
  return usdOfMore(trip, gainOf(trip.side, costTicks, markTicks * trip.contracts));
}

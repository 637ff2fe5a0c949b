/** Which letters stand at which price? The market profile in rows, highest first, grouped so that it fits a screen. */

import type { InsightParts } from "#lib/wire/insight.ts";

type Tpo = InsightParts["tpo"]["session"];
export type TpoView = Extract<Tpo, { status: "ready" }>;
export type OpeningView = InsightParts["tpo"]["opening"];

export type TpoMark = {
  letter: string;
  /** Only with the forming minute. */
  isProvisional: boolean;
  /** Printed by this half hour alone. */
  isSingle: boolean;
};

export type TpoRow = {
  /** Lowest price of the row, in points. */
  price: number;
  marks: TpoMark[];
  isPoc: boolean;
  isInValueArea: boolean;
  isInInitialBalance: boolean;
};

/** Rows that a screen takes. */
const ROWS_MAX = 110;

export type TpoOptions = {
  tickSize: number;
  /** What was published, where `now` has the forming minute in it. */
  published: TpoView | null;
  initialBalance: { low: number; high: number } | null;
};

/** Ticks of a row, so that the range fits: 300 ticks → 3. */
export function ticksPerRow({ low, high }: Pick<TpoView, "low" | "high">, tickSize: number): number {
  const ticks = Math.round(((high ?? 0) - (low ?? 0)) / tickSize) + 1;
  return Math.max(1, Math.ceil(ticks / ROWS_MAX));
}

/** A letter stands in every row that its half hour reached, in the order of the half hours. */
export function tpoRows(now: TpoView, { tickSize, published, initialBalance }: TpoOptions): TpoRow[] {
  const per = ticksPerRow(now, tickSize);
  const rowAt = (price: number | null): number => Math.floor(Math.round((price ?? 0) / tickSize) / per);
  const [first, last] = [rowAt(now.low), rowAt(now.high)];
  const reaches = (period: { low: number | null; high: number | null }, row: number): boolean =>
    rowAt(period.low) <= row && row <= rowAt(period.high);
  const rows: TpoRow[] = [];
  for (let row = last; row >= first; row -= 1) {
    const single = now.singlePrints.find(({ from, to }) => rowAt(from) <= row && row <= rowAt(to));
    const marks = now.periods
      .filter((period) => reaches(period, row))
      .map(({ letter, openMs }, _, all) => ({
        letter,
        isProvisional: !isPublished(published, openMs, (period) => reaches(period, row)),
        isSingle: all.length === 1 && single?.letter === letter,
      }));
    rows.push({
      price: row * per * tickSize,
      marks,
      isPoc: rowAt(now.poc) === row,
      isInValueArea: rowAt(now.val) <= row && row <= rowAt(now.vah),
      isInInitialBalance:
        initialBalance !== null && rowAt(initialBalance.low) <= row && row <= rowAt(initialBalance.high),
    });
  }
  return rows;
}

type Period = TpoView["periods"][number];

function isPublished(published: TpoView | null, openMs: number | null, reaches: (period: Period) => boolean): boolean {
  return published === null || published.periods.some((period) => period.openMs === openMs && reaches(period));
}

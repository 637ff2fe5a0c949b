/** How do finished price rows stay small? Lowest price first, each row's three sides as LEB128: some 4 bytes a row. */
import { SIDE, type Side } from "#lib/bars/time-bars.ts";
import { LEB128_BYTES_MAX, readLeb128, writeLeb128 } from "./leb128.ts";
import { addSources, addVolume, type PriceRows, sideVolumeAt } from "./price-rows.ts";

/** Immutable: a finished footprint or profile as it is kept and written. `bytes` is empty where nothing traded. */
export type PackedRows = {
  lowTicks: number;
  highTicks: number;
  volume: number;
  outsideVolume: number;
  estimatedVolume: number;
  pricedVolume: number;
  bytes: Uint8Array;
};

const SIDES_PACKED: readonly Side[] = [SIDE.unsigned, SIDE.buy, SIDE.sell];

/** Packs the rows as they are. 3 unsigned and 200 bought at 10 → bytes 3, 200, 1, 0. */
export function packRows(rows: PriceRows): PackedRows {
  const count = Math.max(0, rows.highTicks - rows.lowTicks + 1);
  const cursor = { bytes: new Uint8Array(count * SIDES_PACKED.length * LEB128_BYTES_MAX), at: 0 };
  for (let price = rows.lowTicks; price <= rows.highTicks; price++) {
    for (const side of SIDES_PACKED) writeLeb128(cursor, sideVolumeAt(rows, price, side));
  }
  return {
    lowTicks: count === 0 ? 0 : rows.lowTicks,
    highTicks: count === 0 ? -1 : rows.highTicks,
    volume: rows.volume,
    outsideVolume: rows.outsideVolume,
    estimatedVolume: rows.estimatedVolume,
    pricedVolume: rows.pricedVolume,
    bytes: cursor.bytes.slice(0, cursor.at),
  };
}

/** Adds what was packed, each price moved by a whole number of ticks. */
export function addPackedRows(into: PriceRows, packed: PackedRows, shiftTicks = 0): void {
  const cursor = { bytes: packed.bytes, at: 0 };
  const inRows = into.volume;
  for (let price = packed.lowTicks; price <= packed.highTicks; price++) {
    for (const side of SIDES_PACKED) addVolume(into, price + shiftTicks, side, readLeb128(cursor));
  }
  into.outsideVolume += packed.outsideVolume;
  addSources(into, packed, inRows);
}

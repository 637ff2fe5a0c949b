/** How do folded minutes become a block of bars with volume at price? */
import { type BarBlock, createBarBlock } from "#lib/events/bar-block.ts";
import type { FoldedMinute } from "#lib/simulator/minute-fold.ts";

/** A block under construction; the volume-at-price bytes grow by doubling. */
export type BarBlockWriter = { readonly block: BarBlock; bytes: Uint8Array; length: number };

/** A LEB128 total below 2^32 takes at most five bytes. */
const LEB128_BYTES_MAX = 5;
const BYTES_AT_FIRST = 16_384;

export function createBarBlockWriter(capacity: number): BarBlockWriter {
  return { block: createBarBlock(capacity), bytes: new Uint8Array(BYTES_AT_FIRST), length: 0 };
}

/** Appends a minute; the caller keeps within the capacity. */
export function appendMinute(writer: BarBlockWriter, folded: FoldedMinute, openMs: number): void {
  const { block } = writer;
  const row = block.count;
  const volume = folded.buyVolume + folded.sellVolume + folded.unsignedVolume;
  block.openMs[row] = openMs;
  block.openTicks[row] = folded.openTicks;
  block.highTicks[row] = folded.highTicks;
  block.lowTicks[row] = folded.lowTicks;
  block.closeTicks[row] = folded.closeTicks;
  block.volume[row] = volume;
  block.buyVolume[row] = folded.buyVolume;
  block.sellVolume[row] = folded.sellVolume;
  block.trades[row] = folded.trades;
  block.vwapTicks[row] = folded.priceVolume / volume;
  block.count = row + 1;
  appendRows(writer, folded.rows, folded.highTicks - folded.lowTicks + 1);
}

function appendRows(writer: BarBlockWriter, rows: Uint32Array, count: number): void {
  const needed = writer.length + count * LEB128_BYTES_MAX;
  if (needed > writer.bytes.length) {
    const grown = new Uint8Array(Math.max(needed, writer.bytes.length * 2));
    grown.set(writer.bytes.subarray(0, writer.length));
    writer.bytes = grown;
  }
  const { bytes } = writer;
  let at = writer.length;
  for (let index = 0; index < count; index += 1) {
    let rest = rows[index];
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
  }
  writer.length = at;
}

/** The finished block, its columns cut to its count. */
export function finishBlock(writer: BarBlockWriter): BarBlock {
  const { block } = writer;
  const { count } = block;
  return {
    count,
    openMs: block.openMs.slice(0, count),
    openTicks: block.openTicks.slice(0, count),
    highTicks: block.highTicks.slice(0, count),
    lowTicks: block.lowTicks.slice(0, count),
    closeTicks: block.closeTicks.slice(0, count),
    volume: block.volume.slice(0, count),
    buyVolume: block.buyVolume.slice(0, count),
    sellVolume: block.sellVolume.slice(0, count),
    trades: block.trades.slice(0, count),
    vwapTicks: block.vwapTicks.slice(0, count),
    volumeAtPrice: writer.bytes.slice(0, writer.length),
  };
}

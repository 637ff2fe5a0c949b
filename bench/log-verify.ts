/** How fast is a log verified, without decoding? Every frame's checksum and order, beside zlib.crc32 over the files. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { AGGRESSOR, SOURCE, type TradePrinted } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";
import { listSegments, segmentFile } from "#server/sequencer/log-segment.ts";
import { EMPTY_TAIL, LogWriter } from "#server/sequencer/log-writer.ts";
import { median, report } from "./measure.ts";

const LOG_BYTES = 200_000_000;
const BLOCK_BYTES = 65_536;
const ROUNDS = 7;
/** A frame is what one turn of the event loop brought: few events of a live market, many of a replay or a burst. */
const CASES = [
  { name: "log-verify-replay", batch: 1_024 },
  { name: "log-verify-live", batch: 8 },
] as const;

function trade(seq: number): TradePrinted {
  const exchangeMs = 1_763_650_000_000 + seq;
  const stamp = { ...UNSTAMPED, seq, nowMs: exchangeMs, receivedMs: exchangeMs };
  const row = { contract: 0, priceTicks: 24_000 + (seq % 97), size: 1 + (seq % 5), aggressor: AGGRESSOR.unknown };
  return { ...stamp, type: "TradePrinted", ...row, exchangeMs, source: SOURCE.file, sourceSeq: seq };
}

/** Writes trades, `batch` a frame; returns how many. Flushed, so that nothing is written while we read. */
async function writeLog(folder: string, batch: number): Promise<number> {
  await using writer = new LogWriter({ folder, runId: "bench", tail: EMPTY_TAIL });
  let seq = 0;
  while (writer.logBytes < LOG_BYTES) {
    writer.beginBatch();
    for (let at = 0; at < batch; at += 1) writer.append(trade(++seq));
    if (!writer.write()) throw new Error("the bench log cannot be written");
  }
  return seq;
}

/** Megabytes a second: the cursor that every reader of the log uses, frame by frame, nothing decoded. */
function verifyRate(folder: string, bytes: number, events: number): number {
  const startMs = performance.now();
  using cursor = new LogCursor(folder);
  let seen = 0;
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) seen += frame.events;
  const seconds = (performance.now() - startMs) / 1_000;
  if (seen !== events || cursor.torn !== null) throw new Error(`${seen} events of ${events} were verified`);
  return bytes / 1e6 / seconds;
}

function crcRate(files: readonly string[], bytes: number): number {
  const block = new Uint8Array(BLOCK_BYTES);
  const startMs = performance.now();
  let sum = 0;
  for (const file of files) {
    const fd = fs.openSync(file, "r");
    for (let read = fs.readSync(fd, block); read > 0; read = fs.readSync(fd, block)) {
      sum = crc32(read === BLOCK_BYTES ? block : block.subarray(0, read), sum);
    }
    fs.closeSync(fd);
  }
  if (sum === 0) throw new Error("nothing was summed");
  return bytes / 1e6 / ((performance.now() - startMs) / 1_000);
}

for (const { name, batch } of CASES) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rightseat-bench-"));
  try {
    const events = await writeLog(folder, batch);
    const files = listSegments(folder).map((segment) => segmentFile(folder, segment));
    const bytes = files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      peer.push(crcRate(files, bytes));
      ours.push(verifyRate(folder, bytes, events));
    }
    report({
      name,
      unit: "MB/s",
      ours: median(ours),
      peer: median(peer),
      peerName: "read and zlib.crc32, 64 kB blocks",
      peerVersion: process.version,
      goal: "ratio >= 0.5",
      isMet: median(ours) >= 0.5 * median(peer),
      notes:
        `${events} trades, ${batch} a frame, ${bytes} bytes in ${files.length} segments, from the page cache; ` +
        `CRC32C of each frame and the order of seqs, nothing decoded; median of ${ROUNDS}`,
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What does a power cut leave? A disk that keeps what was synced, and of the rest any part, in any order. */
import fs from "node:fs";
import path from "node:path";
import { type LogDisk, REAL_DISK } from "#server/sequencer/log-disk.ts";

const SECTOR_BYTES = 512;

type Op = { at: number; bytes: Uint8Array } | { truncateTo: number };
type Shadow = { durable: Buffer; pending: Op[]; isNamed: boolean };

export type PowerCutDisk = LogDisk & {
  readonly syncsNow: number;
  /** What a cut at this moment might leave, written to another folder; `random` chooses. */
  cut(target: string, random: () => number): void;
};

/**
 * The real disk for its writer; beside it, what would have lasted. `isLying`: syncs say done and do nothing. `isFast`:
 * they take no time, so that a flush for one alone is made in place.
 */
export function powerCutDisk({ isLying = false, isFast = false } = {}): PowerCutDisk {
  const shadows = new Map<string, Shadow>();
  let syncsNow = 0;
  const files = new Map<number, string>();
  const shadowOf = (fd: number): Shadow => {
    const shadow = shadows.get(files.get(fd) ?? "");
    if (shadow === undefined) throw new Error(`file ${fd} was not opened here`);
    return shadow;
  };
  const settle = (shadow: Shadow, count: number): void => {
    if (isLying) return;
    for (const op of shadow.pending.splice(0, count)) shadow.durable = applied(shadow.durable, op);
  };
  return {
    ...REAL_DISK,
    create(file) {
      const fd = REAL_DISK.create(file);
      shadows.set(file, { durable: Buffer.alloc(0), pending: [], isNamed: false });
      files.set(fd, file);
      return fd;
    },
    openToWrite(file) {
      const fd = REAL_DISK.openToWrite(file);
      if (!shadows.has(file)) shadows.set(file, { durable: fs.readFileSync(file), pending: [], isNamed: true });
      files.set(fd, file);
      return fd;
    },
    write(fd, bytes, position) {
      const written = REAL_DISK.write(fd, bytes, position);
      shadowOf(fd).pending.push({ at: position, bytes: bytes.slice(0, written) });
      return written;
    },
    truncate(fd, byteLength) {
      REAL_DISK.truncate(fd, byteLength);
      shadowOf(fd).pending.push({ truncateTo: byteLength });
    },
    async sync(fd) {
      const shadow = shadowOf(fd);
      const count = shadow.pending.length;
      if (!isFast) await new Promise((resolve) => setTimeout(resolve, 1));
      settle(shadow, count);
    },
    get syncsNow() {
      return syncsNow;
    },
    syncNow(fd) {
      syncsNow += 1;
      settle(shadowOf(fd), shadowOf(fd).pending.length);
    },
    syncFolder() {
      if (!isLying) for (const shadow of shadows.values()) shadow.isNamed = true;
    },
    cut(target, random) {
      for (const [file, { durable, pending, isNamed }] of shadows) {
        if (!isNamed && random() < 0.5) continue;
        let left: Buffer = Buffer.from(durable);
        for (const op of shuffled(pending, random)) left = partly(left, op, random);
        fs.writeFileSync(path.join(target, path.basename(file)), left);
      }
    },
  };
}

function applied(content: Buffer, op: Op): Buffer {
  if ("truncateTo" in op) return content.subarray(0, op.truncateTo);
  const end = op.at + op.bytes.length;
  const grown = end > content.length ? Buffer.concat([content, Buffer.alloc(end - content.length)]) : content;
  grown.set(op.bytes, op.at);
  return grown;
}

/** Nothing of it, all of it, or some of its sectors; a file may have grown without its bytes. */
function partly(content: Buffer, op: Op, random: () => number): Buffer {
  const fate = random();
  if (fate < 0.3) return content;
  if (fate < 0.7 || "truncateTo" in op) return applied(content, op);
  let left = content;
  for (let from = 0; from < op.bytes.length; ) {
    const to = Math.min(op.bytes.length, from + SECTOR_BYTES - ((op.at + from) % SECTOR_BYTES));
    const bytes = op.bytes.subarray(from, to);
    const at = op.at + from;
    const lot = random();
    if (lot < 0.5) left = applied(left, { at, bytes });
    else if (lot < 0.75 && at + bytes.length > left.length) left = applied(left, { at, bytes: bytes.map(() => 0) });
    from = to;
  }
  return left;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

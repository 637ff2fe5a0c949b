/** How fast are recorded files read, checked and turned into columns? Beside a loop that splits and trusts. */
import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { ContractBook } from "#server/feeds/file/contract-book.ts";
import { readFileHead } from "#server/feeds/file/file-head.ts";
import { readRows } from "#server/feeds/file/read-rows.ts";
import { RowGuard } from "#server/feeds/file/row-guard.ts";
import { sharedData } from "#tests/support/shared-data.ts";
import { median, report } from "./measure.ts";

const ROUNDS = 5;
/** Not slower than a loop that checks nothing. */
const RATIO_MIN = 1;
const FILES = [
  { name: "file-parse-ticks", file: "ticks/lean_GCZ3_2013-10-07_09_trade_ticks.csv.gz" },
  { name: "file-parse-bars", file: "bars/es_5m_sierra_2014-2024.csv.gz" },
] as const;

type Pass = { rows: number; rejected: number; rowsPerSecond: number };

/** Our reader: contract, tick, time zone, order and sign of every row are checked; prices come out in ticks. */
async function parse(file: string): Promise<Pass> {
  const fromMs = performance.now();
  const head = await readFileHead(file, null);
  const guard = new RowGuard(file, null);
  let rows = 0;
  let sum = 0;
  for await (const batch of readRows({ head, contracts: new ContractBook(), guard })) {
    rows += batch.count;
    for (let index = 0; index < batch.count; index += 1) sum += batch.timeMs[index];
  }
  if (!(sum > 0)) throw new Error(`${file}: no row was read`);
  return { rows, rejected: guard.rejected, rowsPerSecond: rows / ((performance.now() - fromMs) / 1_000) };
}

/** The peer: unpack, split, Number and Date.parse into columns (of a local time as if it were UTC); nothing checked. */
function splitOnly(file: string): Pass {
  const fromMs = performance.now();
  const [header, ...lines] = gunzipSync(fs.readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const names = header.split(",");
  const time = names.findIndex((name) => name.startsWith("ts_"));
  const contract = names.indexOf("contract");
  const columns = names.map(() => new Float64Array(lines.length));
  const contracts: string[] = [];
  for (let row = 0; row < lines.length; row += 1) {
    const fields = lines[row].split(",");
    for (let at = 0; at < fields.length; at += 1) {
      if (at === contract) contracts.push(fields[at]);
      else columns[at][row] = at === time ? Date.parse(fields[at]) : Number(fields[at]);
    }
  }
  if (!(columns[time][lines.length - 1] > 0)) throw new Error(`${file}: no row was split`);
  return { rows: lines.length, rejected: 0, rowsPerSecond: lines.length / ((performance.now() - fromMs) / 1_000) };
}

async function measure(name: string, file: string): Promise<void> {
  const ours: Pass[] = [];
  const naive: Pass[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    naive.push(splitOnly(file));
    ours.push(await parse(file));
  }
  const [{ rows, rejected }] = ours;
  const rate = median(ours.map(({ rowsPerSecond }) => rowsPerSecond));
  const peer = median(naive.map(({ rowsPerSecond }) => rowsPerSecond));
  if (rows + rejected < naive[0].rows) throw new Error(`${file}: ${rows} + ${rejected} rows, of ${naive[0].rows}`);
  report({
    name,
    unit: "rows/s",
    ours: rate,
    peer,
    peerName: "gunzip, split, Number, unchecked",
    peerVersion: process.version,
    goal: `ratio >= ${RATIO_MIN}`,
    isMet: rate / peer >= RATIO_MIN,
    notes: `${path.basename(file)}: ${rows} rows, ${rejected} rejected, unpacking included; median of ${ROUNDS}`,
  });
}

async function main(): Promise<void> {
  for (const { name, file } of FILES) {
    const found = sharedData(file);
    if (found === null) throw new Error(`../shared/data is missing: the bench needs ${file}`);
    await measure(name, found);
  }
}

await main();

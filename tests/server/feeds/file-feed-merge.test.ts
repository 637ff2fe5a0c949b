/** In which order do several files and contracts come out, and how is each row known again? */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createFileFeed } from "#server/feeds/file-feed.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";
import { replayAll, replayFolder } from "#tests/support/replay-run.ts";

const FILE_1 = 4_294_967_296;
const at = (second: number): string => `2024-03-05T15:00:${String(second).padStart(2, "0")}.000Z`;
const ticksOf = (rows: [number, number][]): string =>
  `ts_utc,price,size\n${rows.map(([second, size]) => `${at(second)},5100.25,${size}\n`).join("")}`;

test("merges files by time; equal times keep the order of files, then of rows", async (t) => {
  const folder = replayFolder(t, {
    "a_ESH4.csv": ticksOf([
      [1, 11],
      [3, 12],
      [3, 13],
      [6, 14],
    ]),
    "b_ESM4.csv": ticksOf([
      [0, 21],
      [3, 22],
      [4, 23],
      [9, 24],
    ]),
  });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(
    recorder.trades().map((trade) => [recorder.symbols[trade.contract], trade.size, trade.sourceSeq]),
    [
      ["ESM24", 21, FILE_1 + 1],
      ["ESH24", 11, 1],
      ["ESH24", 12, 2],
      ["ESH24", 13, 3],
      ["ESM24", 22, FILE_1 + 2],
      ["ESM24", 23, FILE_1 + 3],
      ["ESH24", 14, 4],
      ["ESM24", 24, FILE_1 + 4],
    ],
  );
  const swapped = await replayAll(`${join(folder, "b_ESM4.csv")},${join(folder, "a_ESH4.csv")}`);
  assert.deepEqual(
    swapped.recorder.trades().map((trade) => trade.size),
    [21, 11, 22, 12, 13, 23, 14, 24],
  );
});

test("a bar comes at its END, behind the trades of its minute", async (t) => {
  const folder = replayFolder(t, {
    "a_ESH4_bars.csv":
      "ts_utc,open,high,low,close,volume\n2024-03-05T15:00:00Z,1,1,1,1,5\n2024-03-05T15:01:00Z,1,1,1,1,6\n",
    "b_ESM4_ticks.csv": `ts_utc,price,size\n2024-03-05T15:00:59.999Z,1,1\n2024-03-05T15:01:00.000Z,1,2\n`,
  });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(recorder.events.map((event) => [event.type, new Date(event.nowMs).toISOString()]).slice(1, -1), [
    ["TradePrinted", "2024-03-05T15:00:59.999Z"],
    ["BarReceived", "2024-03-05T15:01:00.000Z"],
    ["TradePrinted", "2024-03-05T15:01:00.000Z"],
    ["BarReceived", "2024-03-05T15:02:00.000Z"],
  ]);
});

test("a file listed contract by contract is merged, and a late trade stays behind the one it follows", async (t) => {
  const rows: [string, number, number][] = [
    ["ESH4", 1, 11],
    ["ESH4", 8, 12],
    ["ESH4", 7, 13],
    ["ESH4", 20, 14],
    ["ESM4", 2, 21],
    ["ESM4", 8, 22],
    ["ESM4", 9, 23],
  ];
  const text = rows.map(([contract, second, size]) => `${at(second)},${contract},5100.25,${size}\n`).join("");
  const folder = replayFolder(t, { "all.csv": `ts_utc,contract,price,size\n${text}` });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(
    recorder.trades().map((trade) => [trade.size, new Date(trade.nowMs).getUTCSeconds(), trade.sourceSeq]),
    [
      [11, 1, 1],
      [21, 2, 5],
      [12, 8, 2],
      [13, 8, 3],
      [22, 8, 6],
      [23, 9, 7],
      [14, 20, 4],
    ],
  );
  assert.match(recorder.statuses()[0].message, /^all.csv: trades, sorted by time$/);
});

test("NinjaTrader's minute bars are stamped at their END", async (t) => {
  const folder = replayFolder(t, {
    "ES 03-24.Last.txt": "20240305 150100;1;2;0;1.5;7\n20240305 150200;1.5;2;1;2;8\n20240305 150500;2;2;2;2;1\n",
  });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(
    recorder
      .bars()
      .map((bar) => [new Date(bar.openMs).toISOString(), bar.intervalMs, bar.nowMs - bar.openMs, bar.volume]),
    [
      ["2024-03-05T15:00:00.000Z", 60_000, 60_000, 7],
      ["2024-03-05T15:01:00.000Z", 60_000, 60_000, 8],
      ["2024-03-05T15:04:00.000Z", 60_000, 60_000, 1],
    ],
  );
  assert.match(recorder.statuses()[0].message, /NinjaTrader bars of ES 03-24, interval 1 min \(the smallest step\)/);
});

test("all spellings of a contract are one contract", async (t) => {
  const spellings = ["ES202403", "ESH24", "ESH4", "ES 03-24", "ES MAR24"];
  const rows = spellings.map((text, index) => `${at(index)},${text},5100.25,${index + 1}\n`).join("");
  const folder = replayFolder(t, { "mixed.csv": `ts_utc,contract,price,size\n${rows}` });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(recorder.symbols, ["ESH24"]);
  assert.equal(recorder.trades().length, 5);
});

test("a one-digit year is the first expiry at or after the row", async (t) => {
  const row = (time: string): string => `${time},ESH4,2000,1\n`;
  const folder = replayFolder(t, {
    "decades.csv":
      "ts_utc,contract,price,size\n" +
      row("2014-03-21T13:00:00Z") +
      row("2014-03-23T22:00:01Z") +
      row("2024-03-15T13:00:00Z") +
      row("2024-03-18T13:00:00Z"),
  });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(
    recorder.trades().map((trade) => recorder.symbols[trade.contract]),
    ["ESH14", "ESH24", "ESH24", "ESH34"],
  );
});

test("--contract names the contract where no column does, and overrules the file's name", async (t) => {
  const ticks = ticksOf([[0, 1]]);
  const folder = replayFolder(t, { "ticks.csv": ticks, "ESH4.csv": ticks });
  const nameless = await replayAll(join(folder, "ticks.csv"), { contractOverride: "MES JUN24" });
  assert.deepEqual(nameless.recorder.symbols, ["MESM24"]);
  const renamed = await replayAll(join(folder, "ESH4.csv"), { contractOverride: "ESM4" });
  assert.deepEqual(renamed.recorder.symbols, ["ESM24"]);
});

test("leaves out the rows before --from, and starts the clock there", async (t) => {
  const folder = replayFolder(t, {
    "ESH4.csv": ticksOf([
      [1, 1],
      [2, 2],
      [5, 3],
    ]),
  });
  const fromMs = Date.UTC(2024, 2, 5, 15, 0, 2);
  const { recorder } = await replayAll(folder, { fromMs });
  assert.deepEqual(
    recorder.trades().map((trade) => [trade.size, trade.sourceSeq]),
    [
      [2, 2],
      [3, 3],
    ],
  );
  assert.equal(recorder.statuses()[0].nowMs, fromMs);
  assert.match(recorder.statuses()[1].message, /^2 trades, 0 quotes, 0 bars; 1 rows left out/);
});

test("a restart goes on behind the last logged row", async (t) => {
  const rows: [number, number][] = [
    [1, 1],
    [2, 2],
    [2, 3],
    [2, 4],
    [7, 5],
  ];
  const folder = replayFolder(t, { "ESH4.csv": ticksOf(rows) });
  const nowMs = Date.UTC(2024, 2, 5, 15, 0, 2);
  const asked: string[] = [];
  const { recorder } = await replayAll(folder, {
    resume: {
      nowMs,
      lastSourceSeq: (contract) => {
        asked.push(`${contract.root}${contract.year}`);
        return 3;
      },
    },
  });
  assert.deepEqual(
    recorder.trades().map((trade) => trade.sourceSeq),
    [4, 5],
  );
  assert.equal(asked[0], "ES2024");
  assert.equal(recorder.statuses()[0].nowMs, nowMs);
});

test("drops a repeated block of a NinjaTrader file and says how many rows", async (t) => {
  const row = (second: number, size: number): string =>
    `20240305 1500${String(second).padStart(2, "0")} 0000000;5100.25;${size}\n`;
  const block = row(3, 3) + row(4, 4) + row(4, 4) + row(5, 5);
  const folder = replayFolder(t, { "ES 03-24.Last.txt": row(1, 1) + row(2, 2) + block + block + row(6, 6) });
  const { recorder } = await replayAll(folder);
  assert.deepEqual(
    recorder.trades().map((trade) => [trade.size, trade.sourceSeq]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [4, 5],
      [5, 6],
      [6, 11],
    ],
  );
  assert.deepEqual(
    recorder.rejects.map(({ reason, detail }) => `${reason} ${detail.replace(`${folder}/`, "")}`),
    [7, 8, 9, 10].map(
      (line) =>
        `duplicate ES 03-24.Last.txt, line ${line}, row: was part of a repeated block, ` +
        "expected each block of rows once (time steps back and the rows equal earlier ones)",
    ),
  );
});

test("names the roots that the files do not hold", async (t) => {
  const folder = replayFolder(t, { "ESH4.csv": ticksOf([[1, 1]]) });
  const { feed } = await replayAll(folder);
  assert.deepEqual(await feed.subscribe(["ES", "NQ"]), ["NQ"]);
  assert.equal(await feed.backfill({ contract: { root: "ES", year: 2024, month: 3 }, fromMs: 0, toMs: 1 }), false);
});

test("its identity is the absolute path, its mode REPLAY", (t) => {
  const folder = replayFolder(t, {});
  const feed = createFileFeed({
    paths: `${folder}/x.csv, ${folder}/./y.csv`,
    speed: 1,
    fromMs: null,
    contractOverride: null,
    wallMs: () => 0,
  });
  assert.equal(feed.identity, `file:${folder}/x.csv,${folder}/y.csv`);
  assert.deepEqual([feed.mode, feed.seed, new FeedRecorder().events], ["REPLAY", null, []]);
});

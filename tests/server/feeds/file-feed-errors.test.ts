/** Does a wrong file or row say which, where, was and expected? Each fault in a small file of its own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { FileFeedError } from "#server/feeds/file/file-feed-error.ts";
import { createFileFeed } from "#server/feeds/file-feed.ts";
import { FeedRecorder } from "#tests/support/feed-recorder.ts";
import { replayAll, replayFolder } from "#tests/support/replay-run.ts";

const TICKS = "ts_utc,price,size\n2024-03-05T15:00:00.000Z,5100.25,2\n2024-03-05T15:00:01.000Z,5100.50,1\n";

/** The words of the refusal, without the folder; fails where the file is taken, or where anything was published. */
async function refusal(test: TestContext, given: { name: string; content: string | Uint8Array; contract?: string }) {
  const folder = replayFolder(test, { [given.name]: given.content });
  const recorder = new FeedRecorder();
  const feed = createFileFeed({
    paths: join(folder, given.name),
    speed: Number.POSITIVE_INFINITY,
    fromMs: null,
    contractOverride: given.contract ?? null,
    wallMs: () => 0,
  });
  const error = await feed.connect(recorder, null).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FileFeedError, `expected a FileFeedError, was ${error}`);
  assert.deepEqual(recorder.events, []);
  return error.message.replace(`${folder}/`, "");
}

/** What was counted for rows behind two good ones, in words without the folder, and how many trades came out. */
async function drops(test: TestContext, rows: string, name = "ESH4_ticks.csv") {
  const folder = replayFolder(test, { [name]: TICKS + rows });
  const { recorder, end } = await replayAll(join(folder, name));
  assert.equal(end.status, "ended");
  return {
    rejects: recorder.rejects.map(({ reason, detail }) => `${reason}: ${detail.replace(`${folder}/`, "")}`),
    trades: recorder.trades(),
  };
}

test("refuses an empty file", async (t) => {
  const expected = "ESH4.csv, content: was an empty file, expected a header and rows";
  assert.equal(await refusal(t, { name: "ESH4.csv", content: "" }), expected);
  assert.equal(await refusal(t, { name: "ESH4.csv", content: gzipSync("") }), expected);
});

test("refuses a header without rows", async (t) => {
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: "ts_utc,price,size\n" }),
    "ESH4.csv, line 1, rows: was none behind the header, expected at least one row",
  );
});

test("refuses a binary file, and a .gz that is none", async (t) => {
  const binary = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: binary }),
    "ESH4.csv, content: was binary data, expected a text file with one row a line",
  );
  assert.equal(
    await refusal(t, { name: "ESH4.csv.gz", content: TICKS }),
    "ESH4.csv.gz, content: was first bytes 7473, expected gzip (1f8b), as the name says",
  );
});

test("refuses a header without a column that its format needs", async (t) => {
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: "ts_utc,price\n2024-03-05T15:00:00.000Z,5100.25\n" }),
    'ESH4.csv, line 1, column size: was missing in "ts_utc,price", expected price, size for trades',
  );
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: "ts_utc,open,high,low,volume\n" + "x,1,1,1,1\n" }),
    'ESH4.csv, line 1, column close: was missing in "ts_utc,open,high,low,volume", ' +
      "expected open, high, low, close, volume for bars",
  );
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: "when,price,size\nnow,5100.25,1\n" }),
    'ESH4.csv, line 1, time column: was missing in "when,price,size", ' +
      "expected one of ts_event_ns, ts_event_utc, ts_utc, ts_ct, ts_et, time",
  );
  assert.match(
    await refusal(t, { name: "ESH4.csv", content: "contract,time,open_interest\nESH4,20240305 00:00,5\n" }),
    /^ESH4.csv, line 1, header: was "contract,time,open_interest", expected price and size \(trades\), open, high/,
  );
});

test("refuses a file without a contract and names --contract", async (t) => {
  assert.equal(
    await refusal(t, { name: "ticks.csv", content: TICKS }),
    "ticks.csv, contract: was no contract column and no name, " +
      "expected a column contract, a file name like ESH4_… or ES 03-24.Last.txt, or --contract ESH24",
  );
  assert.match(
    await refusal(t, { name: "ticks.csv", content: TICKS, contract: "XYZ9" }),
    /^ticks.csv, contract: was XYZ9 \(a known contract: contract "XYZ9": root is none.*or --contract ESH24$/,
  );
});

test("refuses a file of whose first rows none is good, with the first fault", async (t) => {
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: "ts_utc,price,size\nyesterday,5100.25,1\nlater,5100.25,1\n" }),
    "ESH4.csv, line 2, ts_utc: was yesterday, expected a time (iso)",
  );
});

test("refuses NinjaTrader's bid export, a missing file and a folder without files", async (t) => {
  const row = "20240305 150000 0000000;5100.25;1\n";
  assert.equal(
    await refusal(t, { name: "ES 03-24.Bid.txt", content: row }),
    "ES 03-24.Bid.txt, line 1, file name: was NinjaTrader's bid or ask export, expected its Last export, which holds the trades",
  );
  const folder = replayFolder(t, { "notes.md": "" });
  await assert.rejects(replayAll(join(folder, "none.csv")), {
    name: "FileFeedError",
    message: `${folder}/none.csv, path: was no such file, expected a file that can be read`,
  });
  await assert.rejects(replayAll(folder), {
    message: `${folder}, path: was a folder without any, expected .csv or .txt files, gz or plain`,
  });
});

test("refuses a short file that was cut off, gz or plain", async (t) => {
  const packed = gzipSync(TICKS.repeat(1) + "2024-03-05T15:00:02.000Z,5100.25,2\n".repeat(500));
  assert.match(
    await refusal(t, { name: "ESH4.csv.gz", content: packed.subarray(0, packed.length - 12) }),
    /^ESH4.csv.gz(, line \d+)?, content: was the gzip data end in the middle, expected a complete gzip file$/,
  );
  assert.equal(
    await refusal(t, { name: "ESH4.csv", content: `${TICKS}2024-03-05T15:00:02.000Z,51` }),
    "ESH4.csv, line 4, last row: was cut off after 2 of 3 fields, expected a whole row: ts_utc,price,size",
  );
});

test("a gz that breaks off behind its head fails in the same words, after what was good", async (t) => {
  let text = "ts_utc,price,size\n";
  for (let row = 0; row < 60_000; row += 1) {
    const at = new Date(Date.UTC(2024, 2, 5, 15) + row * 37).toISOString();
    text += `${at},${5100 + ((row * row) % 40) / 4},${1 + (row % 7)}\n`;
  }
  const packed = gzipSync(text);
  const folder = replayFolder(t, { "ESH4_cut.csv.gz": packed.subarray(0, Math.floor(packed.length * 0.8)) });
  const { recorder, end, feed } = await replayAll(join(folder, "ESH4_cut.csv.gz"));
  assert.ok(recorder.trades().length > 10_000 && recorder.trades().length < 60_000);
  assert.ok(end.status === "failed" && end.error instanceof FileFeedError);
  assert.match(
    end.error.message.replace(`${folder}/`, ""),
    /^ESH4_cut.csv.gz, line \d{5}, content: was the gzip data end in the middle, expected a complete gzip file$/,
  );
  const [connected, failed, ...more] = recorder.statuses();
  assert.deepEqual(
    [connected.state, failed.state, failed.message, more],
    ["connected", "failed", end.error.message, []],
  );
  assert.equal(recorder.events[recorder.events.length - 1], failed);
  assert.equal(feed.clock.speed(), 0);
});

test("drops a row with a price or size that is no number", async (t) => {
  const { rejects, trades } = await drops(
    t,
    "2024-03-05T15:00:02.000Z,NaN,1\n2024-03-05T15:00:02.000Z,5100.25,many\n2024-03-05T15:00:02.000Z,,1\n",
  );
  assert.deepEqual(rejects, [
    "not-a-number: ESH4_ticks.csv, line 4, price: was NaN, expected a price",
    "not-a-number: ESH4_ticks.csv, line 5, size: was many, expected a whole number",
    "not-a-number: ESH4_ticks.csv, line 6, price: was nothing, expected a price",
  ]);
  assert.equal(trades.length, 2);
});

test("drops negative and broken sizes, and keeps size 0", async (t) => {
  const { rejects, trades } = await drops(
    t,
    "2024-03-05T15:00:02.000Z,5100.25,-3\n2024-03-05T15:00:02.000Z,5100.25,1.5\n2024-03-05T15:00:02.000Z,5100.25,0\n",
  );
  assert.deepEqual(rejects, [
    "negative-size: ESH4_ticks.csv, line 4, size: was -3, expected 0 or more",
    "malformed: ESH4_ticks.csv, line 5, size: was 1.5, expected a whole number up to 4294967295",
  ]);
  assert.deepEqual(
    trades.map((trade) => [trade.size, trade.sourceSeq]),
    [
      [2, 1],
      [1, 2],
      [0, 5],
    ],
  );
});

test("drops an off-tick price", async (t) => {
  const { rejects } = await drops(t, "2024-03-05T15:00:02.000Z,5100.30,1\n");
  assert.deepEqual(rejects, ["off-tick: ESH4_ticks.csv, line 4, price: was 5100.30, expected a multiple of 0.25"]);
});

test("passes a trade that is 2 s late at the time of the newest, and drops one 1 ms later still", async (t) => {
  const { rejects, trades } = await drops(
    t,
    "2024-03-05T15:00:10.000Z,5100.25,1\n2024-03-05T15:00:08.000Z,5100.25,7\n2024-03-05T15:00:07.999Z,5100.25,8\n",
  );
  assert.deepEqual(rejects, [
    "time-backwards: ESH4_ticks.csv, line 6, ts_utc: was 2024-03-05T15:00:07.999Z, " +
      "expected no more than 2 s behind the newest trade of ESH24 (it is 2001 ms behind)",
  ]);
  const late = trades[3];
  assert.deepEqual(
    [late.size, new Date(late.exchangeMs).toISOString(), new Date(late.nowMs).toISOString()],
    [7, "2024-03-05T15:00:08.000Z", "2024-03-05T15:00:10.000Z"],
  );
});

test("drops rows with too few fields, without a time and with an unknown side", async (t) => {
  const folder = replayFolder(t, {
    "ESH4.csv":
      "ts_utc,price,size,aggressor\n2024-03-05T15:00:00.000Z,5100.25,1,B\n2024-03-05T15:00:01.000Z,5100.25,1\n" +
      "2024-03-05T25:00:00.000Z,5100.25,1,B\n2024-02-30T15:00:00.000Z,5100.25,1,S\n" +
      "2024-03-05T15:00:01.000Z,5100.25,1,X\n\n2024-03-05T15:00:02.000Z,5100.25,1,\n",
  });
  const { recorder } = await replayAll(join(folder, "ESH4.csv"));
  assert.deepEqual(
    recorder.rejects.map(({ reason, detail }) => `${reason}: ${detail.replace(`${folder}/`, "")}`),
    [
      "malformed: ESH4.csv, line 3, number of fields: was 3, expected 4: ts_utc,price,size,aggressor",
      "malformed: ESH4.csv, line 4, ts_utc: was 2024-03-05T25:00:00.000Z, expected a time (iso)",
      "malformed: ESH4.csv, line 5, ts_utc: was 2024-02-30T15:00:00.000Z, expected a time (iso)",
      "malformed: ESH4.csv, line 6, aggressor: was X, expected B, S or N",
    ],
  );
  assert.deepEqual(
    recorder.trades().map((trade) => [trade.sourceSeq, trade.aggressor]),
    [
      [1, 1],
      [6, 3],
    ],
  );
});

test("drops rows of contracts that we do not know, and keeps the others", async (t) => {
  const folder = replayFolder(t, {
    "ticks.csv":
      "ts_utc,contract,price,size\n2024-03-05T15:00:00.000Z,ESH4,5100.25,1\n2024-03-05T15:00:01.000Z,QQH4,7,1\n" +
      "2024-03-05T15:00:01.500Z,ESF4,5100.25,1\n2024-03-05T15:00:02.000Z,ESH24,5100.25,1\n",
  });
  const { recorder } = await replayAll(join(folder, "ticks.csv"));
  assert.deepEqual(recorder.symbols, ["ESH24"]);
  assert.equal(recorder.trades().length, 2);
  const [unknownRoot, unknownMonth] = recorder.rejects.map((reject) => reject.detail.replace(`${folder}/`, ""));
  assert.match(unknownRoot, /^ticks.csv, line 3, contract: was QQH4, expected a known contract: .*root is none/);
  assert.match(unknownMonth, /^ticks.csv, line 4, contract: was ESF4, expected a known contract: .*month 1$/);
  assert.ok(recorder.rejects.every((reject) => reject.reason === "unknown-contract"));
});

test("a bad book is dropped, its trade is kept; an empty side is absent", async (t) => {
  const header = "ts_utc,price,size,aggressor,bid_px,bid_sz,ask_px,ask_sz\n";
  const folder = replayFolder(t, {
    "ESH4.csv":
      `${header}2024-03-05T15:00:00.000Z,5100.25,1,B,5100.1,4,5100.25,7\n` +
      "2024-03-05T15:00:01.000Z,5100.25,1,B,5100.00,-4,5100.25,7\n2024-03-05T15:00:02.000Z,5100.25,1,B,,,5100.25,7\n",
  });
  const { recorder } = await replayAll(join(folder, "ESH4.csv"));
  assert.deepEqual(
    recorder.rejects.map(({ reason, detail }) => `${reason}: ${detail.replace(`${folder}/`, "")}`),
    [
      "off-tick: ESH4.csv, line 2, bid_px: was 5100.1, expected a multiple of 0.25",
      "negative-size: ESH4.csv, line 3, bid_sz: was -4, expected 0 or more",
    ],
  );
  assert.equal(recorder.trades().length, 3);
  assert.deepEqual(
    recorder.quotes().map((quote) => [quote.sourceSeq, quote.bidTicks, quote.bidSize, quote.askTicks, quote.askSize]),
    [[3, -2_147_483_648, 0, 20_401, 7]],
  );
});

test("drops bars that contradict themselves or come twice", async (t) => {
  const folder = replayFolder(t, {
    "ESH4.csv":
      "ts_utc,open,high,low,close,volume,trades,bid_volume,ask_volume\n" +
      "2024-03-05T15:00:00Z,5100,5101,5099,5100,10,5,4,6\n2024-03-05T15:01:00Z,5100,5099,5099,5100,10,5,4,6\n" +
      "2024-03-05T15:01:00Z,5100,5101,5100.25,5100,10,5,4,6\n2024-03-05T15:01:00Z,5100,5101,5099,5100,10,5,5,6\n" +
      "2024-03-05T15:01:00Z,5100,5101,5099,5100,10,5,4,6\n2024-03-05T15:01:00Z,5100,5101,5099,5100,10,5,4,6\n" +
      "2024-03-05T14:00:00Z,5100,5101,5099,5100,10,5,4,6\n",
  });
  const { recorder } = await replayAll(join(folder, "ESH4.csv"));
  assert.deepEqual(
    recorder.rejects.map(({ reason, detail }) => `${reason}: ${detail.replace(`${folder}/ESH4.csv, `, "")}`),
    [
      "malformed: line 3, high: was 5099, expected the highest of the bar's prices",
      "malformed: line 4, low: was 5100.25, expected the lowest of the bar's prices",
      "malformed: line 5, volume: was 10, expected at least buy and sell volume together",
      "duplicate: line 7, ts_utc: was 2024-03-05T15:01:00Z, expected one row a bar (the row before has this time)",
      "time-backwards: line 8, ts_utc: was 2024-03-05T14:00:00Z, " +
        "expected no more than 2 s behind the newest bar of ESH24 (it is 3660000 ms behind)",
    ],
  );
  assert.deepEqual(
    recorder.bars().map((bar) => [bar.sourceSeq, bar.buyVolume, bar.sellVolume]),
    [
      [1, 6, 4],
      [5, 6, 4],
    ],
  );
});

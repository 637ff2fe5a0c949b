/** Do the stream's analyses come, equal what REST says, and stay as published while the bar forms? The real process. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { InsightView } from "#lib/wire/insight.ts";
import type { InsightMessage, ScannerMessage, TopicMessage } from "#lib/wire/stream.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { readStream, type StreamReader } from "#tests/support/stream-reader.ts";

const ENV = { FEED: "simulator:3", FEED_START: "2026-11-17T15:02:10Z", INSTRUMENTS: "ES,MES" };
const folder = temporaryDataDir();
let service: DataService;
let reader: StreamReader;

before(async () => {
  service = await startDataService({ dataDir: folder.dataDir, env: ENV });
  reader = await readStream(service.port);
  reader.subscribe({ subscribe: ["insight:ES", "scanner", "insight:GC", "insight:es"] });
});

after(async () => {
  reader?.socket.close();
  await service?.stop();
  folder.remove();
});

const isInsight = (message: TopicMessage): message is InsightMessage => message.topic === "insight:ES";
const isScanner = (message: TopicMessage): message is ScannerMessage => message.topic === "scanner";

test("until there is an analysis the topic says how far its history is taken, then the analysis comes", async () => {
  const first = (await reader.next(isInsight)) as InsightMessage; // safe: the predicate says so
  assert.equal(first.insight.contract, "ESZ6");
  if (first.insight.parts === null) {
    assert.match(
      first.insight.whyNull ?? "",
      /^(no bar has closed yet|the analysis takes its history in: \d+ of \d+ bars)$/,
    );
  }
  const ready = (await reader.next((one) => isInsight(one) && one.insight.parts !== null)) as InsightMessage;
  assert.equal(ready.insight.whyNull, null);
  assert.equal(ready.insight.parts?.quality.calibration.status, "uncalibrated");
  assert.ok(ready.insight.regimeRuns.length > 0);
  assert.deepEqual(ready.insight.frames, { bias: "15m", setup: "5m", entry: "1m" });
});

test("I-37 regime, ICT, CVD and confluence are served as published, and stay so while the next bar forms", async () => {
  const isForming = (message: TopicMessage): message is InsightMessage =>
    isInsight(message) && message.insight.parts !== null && message.insight.provisional !== null;
  const { insight } = (await reader.next(isForming)) as InsightMessage; // safe: the predicate says so
  const ofBar = () => reader.messages.filter(isForming).filter((one) => one.insight.asOfMs === insight.asOfMs);
  await reader.next(
    () => ofBar().length >= 4 || reader.messages.some((one) => isForming(one) && one.insight.asOfMs !== insight.asOfMs),
  );
  const newest = reader.messages.filter(isForming).at(-1)?.insight;
  const said = reader.messages.filter(isForming).filter((one) => one.insight.asOfMs === newest?.asOfMs);
  for (const one of said) assert.deepEqual(one.insight.parts, newest?.parts);
  const moved = new Set(reader.messages.filter(isForming).map((one) => JSON.stringify(one.insight.provisional)));
  assert.ok(moved.size > 1, "nothing formed");
  const rest = await service.get<InsightView>("/analysis/latest/ES");
  const isSame = (one: TopicMessage): boolean => isForming(one) && one.insight.asOfMs === rest.asOfMs;
  const same = (await reader.next(isSame)) as InsightMessage; // safe: the predicate says so
  assert.deepEqual(rest.parts, same.insight.parts);
  for (const part of ["regime", "ict", "orderFlow", "confluence"] as const) assert.ok(rest.parts?.[part].atMs, part);
});

test("the scanner has a row for each followed root, and says what forbids a trade and what it does not check", async () => {
  const isReady = (message: TopicMessage): boolean =>
    isScanner(message) &&
    message.scanner.rows.length === 2 &&
    message.scanner.rows.every((row) => row.quality !== null);
  const { scanner } = (await reader.next(isReady)) as ScannerMessage; // safe: the predicate says so
  assert.deepEqual(
    scanner.rows.map(({ root, label }) => [root, label]),
    [
      ["ES", "ES Z6"],
      ["MES", "MES Z6"],
    ],
  );
  const [row] = scanner.rows;
  assert.ok(row.last !== null && row.atr !== null && row.nearest !== null && row.cvd !== null, JSON.stringify(row));
  assert.equal(scanner.noTrade.n, 2);
  assert.equal(
    scanner.noTrade.isBlocked,
    scanner.noTrade.findings.some(({ severity }) => severity === "block"),
  );
  assert.deepEqual(
    scanner.noTrade.unchecked.map(({ rule }) => rule),
    ["daily loss", "loss streak", "trading window", "news"],
  );
  assert.ok(scanner.focus.reason.length > 0);
});

test("a root that is not followed, or is none, is refused in words", () => {
  assert.deepEqual(
    reader.errors.map(({ topic, message }) => [topic, message]),
    [
      ["insight:GC", '"insight:GC": that contract is not followed'],
      ["insight:es", '"insight:es" is no topic'],
    ],
  );
});

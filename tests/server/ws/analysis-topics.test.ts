/** Do the stream's analyses come, equal what REST says, and stay as published while the bar forms? The real process. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { InsightView } from "#lib/wire/insight.ts";
import { type CardsView, type HeldLevels, hearCards, hearLevels, type LevelParts } from "#lib/wire/insight-stream.ts";
import type { InsightMessage, LevelsMessage, ScannerMessage, TopicMessage } from "#lib/wire/stream.ts";
import { type DataService, startDataService, temporaryDataDir } from "#tests/support/data-service.ts";
import { readStream, type StreamReader } from "#tests/support/stream-reader.ts";

const ENV = { FEED: "simulator:3", FEED_START: "2026-11-17T15:02:10Z", INSTRUMENTS: "ES,MES" };
const folder = temporaryDataDir();
let service: DataService;
let reader: StreamReader;

before(async () => {
  service = await startDataService({ dataDir: folder.dataDir, env: ENV });
  reader = await readStream(service.port);
  reader.subscribe({ subscribe: ["insight:ES", "levels:ES", "scanner", "insight:GC", "levels:es"] });
});

after(async () => {
  reader?.socket.close();
  await service?.stop();
  folder.remove();
});

const isScanner = (message: TopicMessage): message is ScannerMessage => message.topic === "scanner";
const isInsight = (message: TopicMessage): message is InsightMessage => message.topic === "insight:ES";
const isLevels = (message: TopicMessage): message is LevelsMessage => message.topic === "levels:ES";

/** What stood in the browser behind each message, oldest first. */
function heardCards(): CardsView[] {
  const heard: CardsView[] = [];
  for (const message of reader.messages.filter(isInsight))
    heard.push(hearCards(heard.at(-1) ?? null, message) as CardsView);
  return heard;
}

function heardLevels(): HeldLevels[] {
  const heard: HeldLevels[] = [];
  for (const message of reader.messages.filter(isLevels))
    heard.push(hearLevels(heard.at(-1) ?? null, message) as HeldLevels);
  return heard;
}

/** Waits until it is there. */
async function soon<Found>(look: () => Found | undefined): Promise<Found> {
  await reader.next(() => look() !== undefined);
  return look() as Found; // safe: it was there, and what came is kept
}

test("until there is an analysis the topic says how far its history is taken, then the analysis comes", async () => {
  const first = await soon(() => heardCards().at(0));
  assert.equal(first.contract, "ESZ6");
  if (first.parts === null) {
    assert.match(first.whyNull ?? "", /^(no bar has closed yet|the analysis takes its history in: \d+ of \d+ bars)$/);
  }
  const ready = await soon(() => heardCards().find(({ parts }) => parts !== null));
  assert.equal(ready.whyNull, null);
  assert.equal(ready.parts?.quality.calibration.status, "uncalibrated");
  assert.ok(ready.regimeRuns.length > 0);
  assert.deepEqual(ready.frames, { bias: "15m", setup: "5m", entry: "1m" });
});

test("I-37 regime, ICT, CVD and confluence are served as published, and stay so while the next bar forms", async () => {
  const forming = <View extends { provisional: object | null }>(heard: View[]) =>
    heard.filter((one) => one.provisional);
  await soon(() => (forming(heardCards()).length >= 4 ? true : undefined));
  const newest = forming(heardCards()).at(-1);
  const said = forming(heardCards()).filter((one) => one.asOfMs === newest?.asOfMs);
  for (const one of said) assert.deepEqual(one.parts, newest?.parts);
  const moved = new Set(forming(heardCards()).map((one) => JSON.stringify(one.provisional)));
  assert.ok(moved.size > 1, "nothing formed");
  const rest = await service.get<InsightView>("/analysis/latest/ES");
  const cards = await soon(() => heardCards().find((one) => one.parts !== null && one.asOfMs === rest.asOfMs));
  const { levels, ict, ...others } = rest.parts ?? assert.fail("REST says nothing");
  assert.deepEqual(others, cards.parts);
  const board = await soon(() => heardLevels().find((one) => one.parts !== null && one.asOfMs === rest.asOfMs));
  assert.deepEqual(board.parts?.ict, ict);
  assert.deepEqual(clean(board.parts?.levels), clean(levels));
  for (const part of ["regime", "ict", "orderFlow", "confluence"] as const) assert.ok(rest.parts?.[part].atMs, part);
});

/** Levels as REST says them, with distances to a millionth. */
function clean(board: LevelParts["levels"] | undefined) {
  const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e6) / 1e6);
  return board?.levels.map((level) => ({
    ...level,
    distanceTicks: round(level.distanceTicks),
    distanceAtr: round(level.distanceAtr),
  }));
}

test("while a bar forms a followed root costs less than 20 kB a second", async () => {
  const sizes = (fits: (message: TopicMessage) => boolean) =>
    reader.messages.filter((one) => fits(one) && one.kind === "delta").map((one) => JSON.stringify(one).length);
  await soon(() => (sizes(isInsight).length > 2 && sizes(isLevels).length > 2 ? true : undefined));
  const [cards, levels] = [Math.max(...sizes(isInsight)), Math.max(...sizes(isLevels))];
  assert.ok(cards < 12_000, `cards: ${cards} bytes`);
  assert.ok(levels < 6_000, `levels: ${levels} bytes`);
  assert.ok(
    heardLevels().some((one) => (one.provisional?.levels.levels.length ?? 0) > 50),
    "of a whole board",
  );
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
      ["levels:es", '"levels:es" is no topic'],
    ],
  );
});

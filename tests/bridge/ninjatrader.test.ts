/** Does the NinjaTrader add-on post what it promises, and does the platform never feel it? */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, type TestContext, test } from "node:test";
import { MS_PER_SECOND } from "#lib/units.ts";
import { compileHarness, hasMono, type Played, playScenario } from "../support/bridge-harness.ts";
import type { RecordedPost } from "../support/bridge-server.ts";

/** A recorded day, which the server's contract is tested by. RECORD_BRIDGE=1 writes it anew. */
const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/ninjatrader-day.jsonl");
/** What the platform's thread may wait for a handler: far less than a frame, with room for a busy machine. */
const HANDLER_MS_MAX = 100;

type Body = {
  account: string;
  reportId: string;
  sentMs: number;
  executions: { executionId: string }[];
  ticks: { number: number; kind: string; price: number }[];
  bars: unknown[];
};

function bodyOf(post: RecordedPost): Body {
  return JSON.parse(post.bytes.toString());
}

function postsTo(played: Played, place: string): RecordedPost[] {
  return played.posts.filter((post) => post.path === place);
}

/** What is said, without when and as the how-manieth. */
function timeless(line: { path: string; body: string }): string {
  return `${line.path} ${line.body.replace(/"(reportId|sentMs|timestamp)":("[^"]*"|\d+)/g, '"$1":…')}`;
}

function assertUnfelt({ lines }: Played): void {
  assert.deepEqual(
    lines.filter((line) => line.startsWith("THROWN")),
    [],
  );
  assert.ok(lines.includes("HANDLERS LEFT 0"), lines.join("\n"));
  const slowest = Number(/^SLOWEST MS (\d+)$/.exec(lines.at(-1) ?? "")?.[1] ?? Number.NaN);
  assert.ok(slowest < HANDLER_MS_MAX, `a handler took ${slowest} ms`);
}

async function aDay(t: TestContext, program: string): Promise<void> {
  const played = await playScenario(t, program, "day");
  assertUnfelt(played);
  for (const { path: place, key, contentType, bytes } of played.posts) {
    assert.equal(key, "test-key", place);
    assert.equal(contentType, "application/json");
    assert.ok(
      bytes.every((byte) => byte >= 0x20 && byte < 0x7f),
      "plain ASCII, whatever the account is called",
    );
  }
  const taken = played.posts
    .filter((post) => post.answered === 200)
    .map((post) => ({ path: post.path, body: post.bytes.toString() }));
  if (process.env.RECORD_BRIDGE) writeFileSync(FIXTURE, `${taken.map((line) => JSON.stringify(line)).join("\n")}\n`);
  const recorded = readFileSync(FIXTURE, "utf8").trimEnd().split("\n");
  const expected = new Set(recorded.map((line) => timeless(JSON.parse(line))));
  assert.deepEqual(new Set(taken.map(timeless)), expected);
  assertBeats(played);
  assertOutageBorne(played);
}

/** A heartbeat each second but in the outage, ids and times that only grow, and nothing that was not asked for. */
function assertBeats(played: Played): void {
  const beats = postsTo(played, "/bridge/heartbeat").filter((post) => bodyOf(post).account === "Sim101");
  const outage = played.posts.filter((post) => post.answered === 503);
  const gaps = beats.slice(1).flatMap(({ atMs }, index) => {
    const before = beats[index].atMs;
    return outage.some((post) => post.atMs > before && post.atMs < atMs) ? [] : [atMs - before];
  });
  assert.ok(gaps.length >= 4, `${gaps.length} gaps`);
  for (const gap of gaps) assert.ok(gap > 0.7 * MS_PER_SECOND && gap < 2 * MS_PER_SECOND, `${gap} ms`);
  const said = played.posts.filter((post) => post.answered === 200).map(bodyOf);
  assert.equal(new Set(said.map(({ reportId }) => reportId)).size, said.length);
  const times = said.map(({ sentMs }) => sentMs);
  assert.ok(times.every((sentMs, index) => index === 0 || sentMs > times[index - 1] || said[index].executions));
  assert.ok(!played.posts.some((post) => bodyOf(post).account === "Other" || post.path === "/bridge/market"));
}

/** The fill of the outage: the same report each time, fewer tries as it lasts, and nothing overtakes it. */
function assertOutageBorne(played: Played): void {
  const tries = postsTo(played, "/bridge/executions").filter((post) => post.bytes.includes('"x4"'));
  assert.ok(tries.length >= 3, `${tries.length} tries`);
  assert.equal(new Set(tries.map((post) => post.bytes.toString())).size, 1);
  assert.deepEqual([...new Set(tries.map((post) => post.answered))], [503, 200]);
  const [first, second, third] = tries.map((post) => post.atMs);
  assert.ok(second - first >= 350 && third - second >= 750, `waited ${second - first}, then ${third - second} ms`);
  const outage = played.posts.filter((post) => post.answered === 503);
  assert.ok(
    outage.every((post) => post.path === "/bridge/executions"),
    "a position went before its fill",
  );
}

async function underPressure(t: TestContext, program: string): Promise<void> {
  const played = await playScenario(t, program, "pressure");
  assertUnfelt(played);
  const posts = postsTo(played, "/bridge/executions").filter((post) => post.answered === 200);
  const delivered = posts.flatMap((post) => bodyOf(post).executions.map(({ executionId }) => executionId));
  const wanted = Array.from({ length: 5_000 }, (_, index) => `p${index}`).filter((id) => id !== "p4321");
  assert.deepEqual([...new Set(delivered)].sort(), wanted.sort(), "only the refused one is missing");
  assert.ok(played.lines.includes("LOG Rightseat: execution bad-4321 was refused and is left out"));
  assert.ok(!played.lines.some((line) => line.includes("an execution could not be read")), "one without content");
  // A position that cannot be read: rather no report than one that calls it flat; all else goes on.
  const broken = played.posts.filter((post) => post.mode === "mark").map((post) => post.path);
  assert.ok(!broken.includes("/positions/update"));
  assert.ok(broken.filter((place) => place === "/bridge/heartbeat").length >= 2);
  assert.match(played.lines.join("\n"), /\/positions\/update of Sim101 could not be read/);
}

async function aWrongKey(t: TestContext, program: string): Promise<void> {
  const played = await playScenario(t, program, "key");
  const wrong = played.posts.filter((post) => post.answered === 401);
  assert.equal(wrong.length, 1, "a wrong key is tried once in half a minute");
  assert.equal(played.lines.filter((line) => line.includes("401")).length, 1);
  const right = played.posts.filter((post) => post.answered === 200);
  assert.ok(right.length >= 5 && right.every((post) => post.key === "right-key"), "the file is read again");
}

async function forwardedPrices(t: TestContext, program: string): Promise<void> {
  const played = await playScenario(t, program, "market");
  assertUnfelt(played);
  assert.deepEqual([...new Set(played.posts.map((post) => post.path))], ["/bridge/market"]);
  const ticks = played.posts.flatMap((post) => bodyOf(post).ticks);
  assert.deepEqual(
    ticks.map(({ number }) => number),
    Array.from({ length: 1_000 }, (_, index) => index + 1),
  );
  assert.deepEqual(
    ticks.slice(0, 3).map(({ kind, price }) => [kind, price]),
    [
      ["last", 6000.25],
      ["bid", 6000.5],
      ["ask", 6000.75],
    ],
  );
  const bars = played.posts.flatMap((post) => bodyOf(post).bars);
  assert.equal(bars.length, 2, "the minute that forms is left to its ticks");
  assert.ok(played.lines.some((line) => line.includes("knows no instrument XX 12-34")));
}

async function theSettings(t: TestContext, program: string): Promise<void> {
  const { posts, lines } = await playScenario(t, program, "settings");
  assert.deepEqual(posts, [], "nothing is sent before an account is named");
  assert.ok(lines.includes("SAMPLE True"), "a file to fill in is written");
  assert.deepEqual(
    lines.filter((line) => line.startsWith("READ ")).map((line) => line.slice(5)),
    [
      "fine",
      "key: another PC's Rightseat needs its API_KEY",
      "fine",
      "market: prices stay within this PC or network, and 8.8.8.8 is not in it",
      "fine",
      "market: prices stay within this PC or network, and 172.32.0.1 is not in it",
      "fine",
      "url: expected an address such as http://127.0.0.1:8000",
      "key: expected plain letters and digits",
      '"acounts" is none of url, key, accounts, market',
    ],
  );
}

if (hasMono()) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rightseat-bridge-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const program = compileHarness(folder);
  describe("the add-on", { concurrency: true }, () => {
    test("posts a day: all each second, changes at once, an outage's fill in its order", (t) => aDay(t, program));
    test("loses no execution and holds nobody up while the server hangs", (t) => underPressure(t, program));
    test("does not knock with a wrong key, and takes the mended one", (t) => aWrongKey(t, program));
    test("hands prices on in their order, where they are wanted", (t) => forwardedPrices(t, program));
    test("says in words what is wrong with its settings", (t) => theSettings(t, program));
  });
}

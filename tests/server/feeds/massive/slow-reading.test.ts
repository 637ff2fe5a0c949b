/** Where we read too slowly ourselves: is it said, is nothing read across the hole, and does all of it come back? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowCount } from "#lib/bars/bar-series.ts";
import { MASSIVE_QUEUE_BYTES_MAX } from "#lib/limits.ts";
import {
  begin,
  data,
  isConnected,
  lastWords,
  pastTrade,
  START_MS,
  TICKER,
  trade,
} from "#tests/support/massive-begin.ts";
import { KEY, massiveRig } from "#tests/support/massive-rig.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";

const FRAME_BYTES = 1_000_000;
/** More than may wait, with some left over behind the hole. */
const FRAMES = Math.ceil((MASSIVE_QUEUE_BYTES_MAX * 1.2) / FRAME_BYTES);

test("a feed whose house has no room ends with the process all the same", async () => {
  const server = await MassiveServer.start({ key: KEY, data: data() });
  const rig = massiveRig(server, { startMs: START_MS });
  await rig.connect();
  assert.ok(await rig.settle(() => isConnected(rig)));
  rig.hold();
  server.send([trade(6_000, START_MS)]);
  let isEnded = false;
  rig.feed[Symbol.asyncDispose]().then(() => {
    isEnded = true;
  });
  assert.ok(await rig.settle(() => isEnded));
  await server[Symbol.asyncDispose]();
});

test("a queue that runs over ends the connection as a slow reader; what was dropped comes over REST", async (t) => {
  const numbers = Array.from({ length: FRAMES + 2 }, (_, at) => at + 1);
  const msOf = (seq: number): number => START_MS + seq;
  const trades = { [TICKER]: numbers.map((seq) => pastTrade(6_000, msOf(seq), seq)) };
  const { server, rig } = await begin(t, { data: data({ trades }) });
  const printed = () => rig.events.flatMap((event) => (event.type === "TradePrinted" ? [event.sourceSeq] : []));
  const send = (seq: number, over = {}) => server.send([trade(6_000, msOf(seq), { q: seq, s: 2, ...over })]);
  assert.ok(await rig.settle(() => isConnected(rig)));
  send(1);
  assert.ok(await rig.until(() => rig.events.some(({ type }) => type === "GapFilled"), 10), "the gap of the start");
  const release = rig.hold();
  for (const seq of numbers.slice(1)) send(seq, { x: "x".repeat(FRAME_BYTES) });
  assert.ok(await rig.settle(() => server.channels.length === 0), "we hang up, though nothing can be read");
  release();
  assert.ok(await rig.settle(() => rig.states().at(-1) === "backing-off"));
  assert.match(
    lastWords(rig),
    /^Cut as a slow reader: more came than could be read: what waited was dropped\. Next try/,
  );
  assert.deepEqual(printed(), [1], "nothing from behind the hole");
  assert.ok(await rig.until(() => isConnected(rig)));
  send(FRAMES + 3);
  assert.ok(await rig.until(() => rig.run.engine.state.gaps.length === 0, 20));
  const filled = rig.events.findLast((event) => event.type === "GapFilled");
  assert.deepEqual([...(filled?.trades.sourceSeq ?? [])], numbers.slice(1), "the whole hole, and no more");
  const [, minutes] = rig.run.engine.state.contracts[0].series;
  const volume = minutes.volume.subarray(0, rowCount(minutes)).reduce((sum, size) => sum + size, 0);
  assert.equal(volume, (FRAMES + 3) * 2);
  assert.deepEqual(rig.rejects, []);
});

/** Does the feed's traffic count what really came, since when it is connected, and its newest troubles? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeedState } from "#lib/events/market.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { FeedTraffic } from "#server/feed-traffic.ts";
import { minuteBar, quote, trade } from "#tests/support/engine-run.ts";

test("trades and bars are counted, quotes are not", () => {
  const traffic = new FeedTraffic(() => 0);
  for (const event of [trade(100, 0), trade(101, 0), quote(99, 101, 0), minuteBar(0, 100)]) traffic.note(event);
  const { trades, bars, errorCount } = traffic.report();
  assert.deepEqual([trades, bars, errorCount], [2, 1, 0]);
});

test("the time connected begins with each connection; what went wrong is kept in words, the newest five", () => {
  let wallMs = 1_000;
  const traffic = new FeedTraffic(() => wallMs);
  const say = (state: FeedState, message: string = state): void =>
    traffic.note({ ...UNSTAMPED, type: "FeedStatusChanged", feed: "massive", state, message });
  assert.equal(traffic.report().uptimeSeconds, 0);
  say("connected");
  wallMs += 61_500;
  say("connected", "upgraded");
  assert.equal(traffic.report().uptimeSeconds, 61);
  say("backing-off", "Connection lost");
  assert.equal(traffic.report().uptimeSeconds, 0);
  say("connecting");
  say("connected");
  wallMs += 2_000;
  assert.equal(traffic.report().uptimeSeconds, 2);
  for (let row = 1; row <= 6; row += 1) traffic.noteReject("off-tick", `row ${row}`);
  const { errorCount, errors } = traffic.report();
  assert.equal(errorCount, 7);
  assert.deepEqual(
    errors,
    [2, 3, 4, 5, 6].map((row) => `off-tick: row ${row}`),
  );
});

/** Do the feed's controls answer honestly, in shape, and only with the key? */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dataSourceSchema, liveFeedAnswerSchema, liveFeedReportSchema } from "#lib/wire/live-feed.ts";
import { openTwoRoads, type TwoRoads } from "./two-roads.ts";

let roads: TwoRoads;

before(async () => {
  roads = await openTwoRoads();
});

after(() => roads[Symbol.asyncDispose]());

const act = (action: string) =>
  roads.send("direct", `/actions/live_feed/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });

test("each action answers in the incumbent's words, an action that changes nothing says so", async () => {
  const words = { start: "started", stop: "stopped", upgrade: "upgraded", downgrade: "downgraded" };
  for (const [action, status] of Object.entries(words)) {
    const answer = await act(action);
    assert.equal(answer.status, 200, answer.body);
    assert.equal(liveFeedAnswerSchema.parse(JSON.parse(answer.body)).status, status);
  }
  roads.house.says.feed = () => ({ status: "unchanged", message: "runs already" });
  assert.equal(JSON.parse((await act("start")).body).status, "unchanged");
});

test("a refusal is 409 with the feed's own reason, an unknown action 422", async () => {
  roads.house.says.feed = () => ({ status: "refused", message: "this plan has no trades" });
  const refused = await act("upgrade");
  assert.equal(refused.status, 409);
  assert.equal(JSON.parse(refused.body).error.message, "this plan has no trades");
  assert.equal((await act("explode")).status, 422);
});

test("the feed's report and the data source say what is really received", async () => {
  const report = await roads.send("direct", "/analysis/live_feed");
  const said = liveFeedReportSchema.parse(JSON.parse(report.body));
  assert.deepEqual([said.wanted, said.received, said.tickers], ["trades", "bars", ["ESZ6"]]);
  const { msgs, trades, bars, uptime, errors, errorCount } = said;
  assert.deepEqual([msgs, trades, bars, uptime, errors, errorCount], [12, 9, 4, 71, ["off-tick: row 7"], 8]);
  const source = dataSourceSchema.parse(JSON.parse((await roads.send("direct", "/analysis/data_source")).body));
  assert.deepEqual([source.data_source, source.mode, source.real], ["simulator", "SIM", false]);
});

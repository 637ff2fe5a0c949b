/** Does a look at the service's health leave everything as it is? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTwoRoads } from "./two-roads.ts";

test("I-44 asking for health, readiness, status or metrics changes nothing", async () => {
  await using roads = await openTwoRoads();
  const { deps } = roads.house;
  const changes: string[] = [];
  const { pin, updateSettings } = deps;
  deps.pin = (...given) => {
    changes.push("pin");
    return pin(...given);
  };
  deps.updateSettings = (...given) => {
    changes.push("updateSettings");
    return updateSettings(...given);
  };
  const { act } = deps.liveFeed;
  deps.liveFeed.act = (...given) => {
    changes.push("liveFeed");
    return act(...given);
  };
  for (const path of ["/health", "/ready", "/status", "/metrics", "/analysis/status"]) {
    const answer = await roads.send("direct", path);
    assert.equal(answer.status, 200, path);
  }
  assert.deepEqual(changes, []);
  // The recorders do record.
  const headers = { "Content-Type": "application/json" };
  await roads.send("direct", "/contracts/ES/pin", {
    method: "POST",
    headers,
    body: JSON.stringify({ contract: null }),
  });
  assert.deepEqual(changes, ["pin"]);
});

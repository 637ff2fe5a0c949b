/** Is the range of a profile what the trader chose, whichever end came first, and is it said with what it rests on? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { beginRange, endRange } from "#components/chart/range/range-choice.ts";
import { rangeWords } from "#components/chart/range/range-words.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { ProfileAnswer } from "#lib/wire/footprint.ts";

const bar = (minute: number) => ({ openMs: minute * 60_000, endMs: (minute + 1) * 60_000 });

test("both chosen bars are inside, forwards and backwards; one bar alone is a range", () => {
  const begun = beginRange("ESZ6", bar(7));
  assert.deepEqual(begun, { contract: "ESZ6", fromMs: 420_000, toMs: null });
  assert.deepEqual(endRange(begun, bar(9)), { contract: "ESZ6", fromMs: 420_000, toMs: 600_000 });
  assert.deepEqual(endRange(begun, bar(7)), { contract: "ESZ6", fromMs: 420_000, toMs: 480_000 });
  assert.deepEqual(endRange(begun, bar(3)), { contract: "ESZ6", fromMs: 180_000, toMs: 480_000 });
});

test("its words say prices, contracts, the estimated share and the newest bar; or why there are none", () => {
  const look = { instrument: instrumentOf("ES"), zone: "America/Chicago" } as const;
  // Safe: no more of an answer is read.
  const answer = { poc: 4808.25, val: 4806, vah: 4810.5, n: 3_120, estimatedShare: 0.31, asOfMs: 0 } as ProfileAnswer;
  const head = "POC 4808.25 · VA 4806.00 – 4810.50 · 3,120 contracts";
  assert.equal(rangeWords(answer, null, look), `${head} · 31 % spread over bars · closed 12-31 18:00`);
  assert.equal(rangeWords({ ...answer, estimatedShare: 0 }, null, look), `${head} · closed 12-31 18:00`);
  assert.match(rangeWords({ ...answer, estimatedShare: 0.001 }, null, look), /<1 % spread/);
  const none = { ...answer, poc: null, whyNull: "no bar has closed in this range" };
  assert.equal(rangeWords(none, null, look), "no bar has closed in this range");
  assert.equal(rangeWords(undefined, null, look), "is read …");
});

/** Is one contract understood in the spellings of all vendors? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { contractNamed } from "#lib/imports/contract-name.ts";

const AT = Date.UTC(2026, 10, 20, 15);

const SPELLINGS = (
  "MES 12-26|MESZ6|MESZ26|MESZ2026|MES DEC26|MES DEC 2026|/MESZ26|/MESZ6|CME:MESZ6|CME_MINI:MESZ2026|MESZ6.CME|" +
  "MESZ6@XCME|F.US.MESZ6| mesz6 |MES202612"
).split("|");

for (const text of SPELLINGS) {
  test(`reads "${text}"`, () => {
    const contract = { root: "MES", year: 2026, month: 12 };
    assert.deepEqual(contractNamed(text, AT), { contract, isMonthAssumed: false });
  });
}

test("a bare root is the front by the calendar of that day, and says that it is assumed", () => {
  const atJanuary = contractNamed("/MNQ", Date.UTC(2026, 0, 28, 19));
  assert.deepEqual(atJanuary, { contract: { root: "MNQ", year: 2026, month: 3 }, isMonthAssumed: true });
});

test("a product that we do not list is refused by name", () => {
  const named = contractNamed("XYZZ6", AT);
  assert.ok("refused" in named);
  assert.match(named.refused, /XYZZ6/);
});

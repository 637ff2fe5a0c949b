/** Does a list of levels hold what was put into it, however often it had to grow? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LEVEL_KIND_INDEX } from "#lib/analysis/levels/level-kinds.ts";
import { createLevelList, pushGrowing, pushLine, pushZone } from "#lib/analysis/levels/level-list.ts";
import { type ListedLevel, levelsIn, line } from "#tests/support/level-lists.ts";

test("a list grows from one place to ten and keeps lines, growing ranges and zones", () => {
  const list = createLevelList(1);
  const expected: ListedLevel[] = [];
  for (let at = 0; at < 10; at += 3) {
    const zone = { topTicks: at + 2, bottomTicks: at + 1 };
    pushLine(list, LEVEL_KIND_INDEX["settlement.prior"], at + 0.5, 1_000 + at);
    pushGrowing(list, LEVEL_KIND_INDEX["asia.high"], at, { bornMs: 2_000, isFinal: at > 3 });
    pushZone(list, LEVEL_KIND_INDEX["ict.fvg.bullish"], at + 2, { bornMs: 3_000 + at, ...zone });
    expected.push(line("settlement.prior", at + 0.5, 1_000 + at));
    expected.push({ ...line("asia.high", at, 2_000), isDeveloping: at <= 3 });
    expected.push({ ...line("ict.fvg.bullish", at + 2, 3_000 + at), zone });
  }
  assert.deepEqual(levelsIn(list), expected);
});

test("a list that is emptied and filled again holds nothing of before", () => {
  const list = createLevelList(2);
  const kind = LEVEL_KIND_INDEX["ict.fvg.bearish"];
  pushZone(list, kind, 5, { bornMs: 1, topTicks: 6, bottomTicks: 5 });
  pushGrowing(list, LEVEL_KIND_INDEX["asia.low"], 7, { bornMs: 1, isFinal: false });
  list.length = 0;
  pushLine(list, kind, 9, 2);
  pushLine(list, kind, 8, 2);
  assert.deepEqual(levelsIn(list), [line("ict.fvg.bearish", 9, 2), line("ict.fvg.bearish", 8, 2)]);
});

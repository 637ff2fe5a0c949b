/** Is a block that a file holds twice taken once, and everything else left as it is? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RepeatedBlocks } from "#server/feeds/file/repeated-blocks.ts";
import { checkTwice } from "#tests/support/property-runs.ts";

/** Rows "time:text" go in; what passes and what is dropped comes out as texts, with the order of lines checked. */
function run(rows: readonly string[]): { passed: string[]; dropped: string[] } {
  const passed: string[] = [];
  const dropped: string[] = [];
  const lines: number[] = [];
  const blocks = new RepeatedBlocks(
    (bytes, from, to, line) => {
      passed.push(bytes.toString("latin1", from, to));
      lines.push(line);
    },
    (bytes, from, to) => dropped.push(bytes.toString("latin1", from, to)),
  );
  rows.forEach((row, index) => {
    const bytes = Buffer.from(`#${row}#`);
    blocks.push(bytes, { from: 1, to: bytes.length - 1, line: index + 1, timeMs: Number(row.split(":")[0]) });
  });
  blocks.flush();
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  );
  return { passed, dropped };
}

test("drops a block repeated at once, in the middle and at the end", () => {
  assert.deepEqual(run(["1:a", "2:b", "3:c", "2:b", "3:c", "4:d"]), {
    passed: ["1:a", "2:b", "3:c", "4:d"],
    dropped: ["2:b", "3:c"],
  });
  assert.deepEqual(run(["1:a", "2:b", "1:a", "2:b"]).passed, ["1:a", "2:b"]);
});

test("drops a block twice repeated, and two blocks one after the other", () => {
  assert.deepEqual(run(["1:a", "2:b", "1:a", "2:b", "1:a", "2:b", "3:c"]).passed, ["1:a", "2:b", "3:c"]);
  assert.deepEqual(run(["1:a", "2:b", "1:a", "2:b", "3:c", "4:d", "3:c", "4:d"]).passed, ["1:a", "2:b", "3:c", "4:d"]);
});

test("drops an older stretch that is repeated until time goes on", () => {
  assert.deepEqual(run(["1:a", "2:b", "3:c", "4:d", "2:b", "3:c", "5:e"]), {
    passed: ["1:a", "2:b", "3:c", "4:d", "5:e"],
    dropped: ["2:b", "3:c"],
  });
});

test("keeps a late row, a single equal row, and a stretch that differs in one row", () => {
  const late = ["1:a", "3:c", "2:b", "4:d"];
  const single = ["1:a", "2:b", "3:c", "2:b", "4:d"];
  const differing = ["1:a", "2:b", "3:c", "1:a", "2:B", "3:c", "4:d"];
  for (const rows of [late, single, differing]) assert.deepEqual(run(rows), { passed: rows, dropped: [] });
});

test("keeps equal rows of one instant, however many", () => {
  const rows = ["1:a", "1:a", "1:a", "2:b", "2:b"];
  assert.deepEqual(run(rows), { passed: rows, dropped: [] });
  assert.deepEqual(run([...rows, ...rows, "3:c"]).passed, [...rows, "3:c"]);
});

test("any block of at least two rows that ends a sorted file is dropped when it is repeated", (t) => {
  const file = fc.array(fc.tuple(fc.nat(20), fc.constantFrom("a", "b")), { minLength: 3, maxLength: 40 });
  checkTwice(
    fc.property(file, fc.nat(), (rows, cut) => {
      const sorted = rows.sort((a, b) => a[0] - b[0]).map(([time, text]) => `${time}:${text}`);
      const block = sorted.slice(cut % (sorted.length - 1));
      const stepsBack = Number(block[0].split(":")[0]) < Number(block[block.length - 1].split(":")[0]);
      fc.pre(stepsBack);
      const { passed, dropped } = run([...sorted, ...block, "99:z"]);
      assert.deepEqual(passed, [...sorted, "99:z"]);
      assert.deepEqual(dropped, block);
    }),
    { runs: 500, print: (line) => t.diagnostic(line) },
  );
});

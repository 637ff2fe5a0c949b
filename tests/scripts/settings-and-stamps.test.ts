/** Does the launcher read `.env`, notice changed sources, and let only one start of a folder install at a time? */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv, withEnvFile } from "../../scripts/env-file.mjs";
import { oneAtATime } from "../../scripts/one-at-a-time.mjs";
import { hashOf, isStamped, stamp } from "../../scripts/stamps.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "rightseat-stamps-"));
after(() => rmSync(folder, { recursive: true }));

test(".env lines are read with comments, quotes and export", () => {
  const text = "A=1 # one\n# B=2\n\nexport C = \"x # y\"  # z\r\nD='q'\nE=\nF=a#b\n";
  assert.deepEqual(parseEnv(text), { A: "1", C: "x # y", D: "q", E: "", F: "a#b" });
  assert.throws(() => parseEnv("A=1\nnonsense"), /\.env line 2: expected NAME=value/);
});

test("the process's variables win over the file's; no file is no variables", () => {
  const file = path.join(folder, ".env");
  assert.deepEqual(withEnvFile(file, { A: "1" }), { A: "1" });
  writeFileSync(file, "A=2\nB=3\n");
  assert.deepEqual(withEnvFile(file, { A: "1" }), { A: "1", B: "3" });
});

test("a stamp is good until a file changes, appears, moves or goes", () => {
  const stampFile = path.join(folder, "stamp");
  const names = ["src", "one.json"];
  const file = path.join(folder, "src", "deep", "a.ts");
  const changes: (() => void)[] = [
    () => mkdirSync(path.dirname(file), { recursive: true }),
    () => writeFileSync(file, "a"),
    () => writeFileSync(file, "b"),
    () => writeFileSync(path.join(folder, "src", "b.ts"), "b"),
    () => rmSync(file),
    () => writeFileSync(path.join(folder, "one.json"), ""),
  ];
  assert.equal(isStamped(stampFile, hashOf(folder, names)), false);
  const seen = new Set<string>();
  for (const change of changes) {
    change();
    const hash = hashOf(folder, names);
    seen.add(hash);
    stamp(stampFile, hash);
    assert.equal(isStamped(stampFile, hashOf(folder, names)), true);
  }
  assert.equal(seen.size, changes.length);
});

test("two starts of one folder work one after the other, and the waiting one says for whom it waits", async () => {
  const order: string[] = [];
  const said: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await sleep(50);
    order.push(`${name} ends`);
  };
  await Promise.all([
    oneAtATime(folder, () => undefined, work("first")),
    oneAtATime(folder, (line) => said.push(line), work("second")),
  ]);
  assert.deepEqual(order, ["first begins", "first ends", "second begins", "second ends"]);
  assert.deepEqual(said, [`Another start of this folder (process ${process.pid}) is not ready yet; waiting for it …`]);
});

/** Does one folder ever have two owners, and is a dead one replaced at once? */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const starter = fileURLToPath(new URL("../support/owner-starter.ts", import.meta.url));

type Started = { child: ChildProcess; pid: number; said: Promise<string> };

/** Starts a process that wants the folder; `said` is its first line. */
function start(t: TestContext, folder: string): Started {
  const child = spawn(process.execPath, [starter, folder], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const said = once(child.stdout, "data").then(([chunk]) => String(chunk).trim());
  return { child, pid: child.pid ?? 0, said };
}

async function killHard({ child }: Started): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** What all say: exactly one owns, all others name it. */
async function winnerOf(started: readonly Started[]): Promise<Started> {
  const words = await Promise.all(started.map((one) => one.said));
  const owners = started.filter((_, index) => words[index] === "owner");
  assert.equal(owners.length, 1, words.join(", "));
  for (const said of words) assert.match(said, new RegExp(`^(owner|refused ${owners[0].pid})$`));
  return owners[0];
}

test("of ten starters at once exactly one wins and the others name it", async (t) => {
  const folder = temporaryFolder(t);
  const winner = await winnerOf(Array.from({ length: 10 }, () => start(t, folder)));
  // kill -9 leaves the socket file behind; ten more fight for it.
  await killHard(winner);
  assert.ok(fs.existsSync(path.join(folder, "owner.sock")));
  await winnerOf(Array.from({ length: 10 }, () => start(t, folder)));
  assert.deepEqual(fs.readdirSync(folder), ["owner.sock"]);
});

test("right after a kill -9 the next start owns the folder, also below a path too long for a socket", async (t) => {
  const folder = path.join(temporaryFolder(t), "a".repeat(120), "b".repeat(120));
  fs.mkdirSync(folder, { recursive: true });
  let holder = start(t, folder);
  assert.equal(await holder.said, "owner");
  for (let round = 0; round < 3; round += 1) {
    await killHard(holder);
    holder = start(t, folder);
    assert.equal(await holder.said, "owner");
  }
});

test("the claim of a dead process is removed, that of a living one is waited for and named", async (t) => {
  const folder = temporaryFolder(t);
  const dead = start(t, folder);
  assert.equal(await dead.said, "owner");
  await killHard(dead);
  const claim = path.join(folder, "owner.claim");
  fs.writeFileSync(claim, `${dead.pid} \n`);
  const winner = await winnerOf([start(t, folder), start(t, folder), start(t, folder)]);
  await killHard(winner);
  // A number that another process has now, which began at another time.
  fs.writeFileSync(claim, `${process.pid} 1\n`);
  const next = start(t, folder);
  assert.equal(await next.said, "owner");
  await killHard(next);
  fs.writeFileSync(claim, `${process.pid} \n`);
  const startMs = performance.now();
  const refused = start(t, folder);
  assert.equal(await refused.said, `refused ${process.pid}`);
  assert.ok(performance.now() - startMs >= 2_000);
});

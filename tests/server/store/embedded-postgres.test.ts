/** Does the embedded PostgreSQL start in any folder, end with us however we end, and say why when it cannot? */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { startEmbeddedPostgres } from "#server/store/embedded-postgres.ts";
import { clearPostmaster } from "#server/store/postmaster-pid.ts";
import { onServer, until } from "#tests/support/stores.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const STARTER = path.resolve(import.meta.dirname, "../../support/postgres-starter.ts");

/** Below folders that only their owner may enter, and longer than a Unix socket's path may be. */
function deepPrivateFolder(base: string): string {
  const folder = path.join(base, "private", "d".repeat(90), "e".repeat(60));
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, "postgres");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that was not collected yet is dead.
  return !fs.existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, "latin1"));
}

test("starts below private and deep folders, keeps its rows, syncs its commits, and leaves no socket", async (t) => {
  const folder = deepPrivateFolder(temporaryFolder(t));
  const first = await startEmbeddedPostgres(folder);
  t.after(() => first.stop());
  const [row] = await onServer(
    first.url,
    "create table kept (n int)",
    "insert into kept values (7)",
    "select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync, " +
      "current_setting('synchronous_commit') as commit, current_setting('unix_socket_directories') as sockets",
  );
  assert.deepEqual(row, { version: 18, fsync: "on", commit: "on", sockets: "" });
  await first.stop();
  assert.ok(!isAlive(first.pid));
  const second = await startEmbeddedPostgres(folder);
  t.after(() => second.stop());
  assert.deepEqual(await onServer(second.url, "select n from kept"), [{ n: 7 }]);
});

test("nobody enters without the password, and only its owner may read that", async (t) => {
  const folder = path.join(temporaryFolder(t), "postgres");
  const server = await startEmbeddedPostgres(folder);
  t.after(() => server.stop());
  const url = new URL(server.url);
  url.password = "guess";
  await assert.rejects(onServer(url.toString(), "select 1"), /password authentication failed/);
  assert.equal(fs.statSync(`${folder}.password`).mode & 0o777, 0o600);
});

test("ends when its owner is killed, and the next start takes the folder over", async (t) => {
  const folder = path.join(temporaryFolder(t), "postgres");
  const owner = spawn(process.execPath, [STARTER, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => owner.stdout.once("data", (text) => resolve(Number(text))));
  assert.ok(isAlive(pid));
  owner.kill("SIGKILL");
  await until(() => !isAlive(pid), "the server ended with its owner", 5_000);
  const next = await startEmbeddedPostgres(folder);
  await next.stop();
});

test("a server that outlived its owner is stopped first", async (t) => {
  const folder = path.join(temporaryFolder(t), "postgres");
  const orphan = await startEmbeddedPostgres(folder);
  const next = await startEmbeddedPostgres(folder);
  t.after(() => next.stop());
  assert.match(await orphan.ended, /ended/);
  assert.notEqual(next.pid, orphan.pid);
  assert.deepEqual(await onServer(next.url, "select 1 as one"), [{ one: 1 }]);
});

test("a killed server starts again over its own stale pid file", async (t) => {
  const folder = path.join(temporaryFolder(t), "postgres");
  const first = await startEmbeddedPostgres(folder);
  process.kill(first.pid, "SIGKILL");
  assert.match(await first.ended, /SIGKILL/);
  assert.ok(fs.existsSync(path.join(folder, "postmaster.pid")));
  const second = await startEmbeddedPostgres(folder);
  await second.stop();
});

test("a pid file whose number is another program's now is removed, that program is left alone", async (t) => {
  const folder = temporaryFolder(t);
  const other = spawn("sleep", ["60"]);
  t.after(() => other.kill("SIGKILL"));
  const file = path.join(folder, "postmaster.pid");
  fs.writeFileSync(file, `${other.pid}\n${folder}\n1\n5432\n\n127.0.0.1\n  1 99999999\nready\n`);
  await clearPostmaster(folder);
  assert.ok(!fs.existsSync(file));
  assert.ok(isAlive(other.pid ?? 0));
});

test("says what is wrong with a folder that is not its own", async (t) => {
  const base = temporaryFolder(t);
  const strange = path.join(base, "strange");
  fs.mkdirSync(strange);
  fs.writeFileSync(path.join(strange, "letter.txt"), "mine");
  await assert.rejects(startEmbeddedPostgres(strange), /strange holds files but no PostgreSQL data/);
  const older = path.join(base, "older");
  fs.mkdirSync(older);
  fs.writeFileSync(path.join(older, "PG_VERSION"), "15\n");
  await assert.rejects(startEmbeddedPostgres(older), /made by PostgreSQL 15, this is 18/);
  const broken = path.join(base, "broken");
  fs.mkdirSync(broken, { mode: 0o700 });
  fs.writeFileSync(path.join(broken, "PG_VERSION"), "18\n");
  fs.writeFileSync(`${broken}.password`, "x\n");
  await assert.rejects(startEmbeddedPostgres(broken), /did not start: .*(postgresql\.conf|configuration)/s);
});

test("an initdb that broke off leaves nothing that a later start would take for data", async (t) => {
  const folder = path.join(temporaryFolder(t), "postgres");
  fs.mkdirSync(`${folder}.new`);
  fs.writeFileSync(path.join(`${folder}.new`, "PG_VERSION"), "18\n");
  const server = await startEmbeddedPostgres(folder);
  await server.stop();
  assert.ok(!fs.existsSync(`${folder}.new`));
});

/** Do data-service and web start, break, come back and end together, whatever ends the launcher? */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

const WAIT_MS_MAX = 15_000;

let folder = "";
let ports = { web: 0, data: 0 };
let launcher: ChildProcess | null = null;
let output = "";

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "rightseat-launch-"));
  ports = await freePorts();
  output = "";
});

afterEach(async () => {
  if (launcher && launcher.exitCode === null && launcher.signalCode === null) {
    launcher.kill("SIGKILL");
    await once(launcher, "exit");
  }
  for (const pid of trail().map((entry) => entry.pid)) await until(() => !isAlive(pid), `process ${pid} to end`);
  rmSync(folder, { recursive: true });
});

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function freePorts(): Promise<{ web: number; data: number }> {
  const servers = [await listening(0), await listening(0)];
  const numbers = servers.map((server) => (server.address() as { port: number }).port); // TCP: never a path
  for (const server of servers) server.close();
  return { web: numbers[0] ?? 0, data: numbers[1] ?? 0 };
}

function start(dataBehaviours: string[] = [], webBehaviours: string[] = [], env: Record<string, string> = {}): void {
  const script = path.join(import.meta.dirname, "fake-start.mjs");
  const child = spawn(process.execPath, [script, "--data", ...dataBehaviours, "--web", ...webBehaviours], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH ?? "",
      WEB_PORT: String(ports.web),
      DATA_SERVICE_PORT: String(ports.data),
      DATA_DIR: folder,
      TRAIL: path.join(folder, "trail"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gather = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on("data", gather);
  child.stderr.on("data", gather);
  launcher = child;
}

async function until(claim: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const startedMs = Date.now(); Date.now() - startedMs < WAIT_MS_MAX; await sleep(25)) if (await claim()) return;
  throw new Error(`waited in vain for ${what}; the launcher said:\n${output}`);
}

async function exitCode(): Promise<number | null> {
  assert.ok(launcher);
  await until(() => launcher?.exitCode !== null || launcher?.signalCode !== null, "the launcher to end");
  return launcher.exitCode;
}

function trail(): { name: string; pid: number; what: string }[] {
  try {
    const lines = readFileSync(path.join(folder, "trail"), "utf8").trim().split("\n");
    return lines.map((line) => {
      const [name = "", pid = "", what = ""] = line.split(" ");
      return { name, pid: Number(pid), what };
    });
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
    return state !== "Z";
  } catch {
    return false;
  }
}

async function ask(port: number, at = "/"): Promise<{ pid: number; secret: string } | null> {
  try {
    return await (await fetch(`http://127.0.0.1:${port}${at}`)).json();
  } catch {
    return null;
  }
}

const isReady = () => output.includes(`Rightseat is ready: http://127.0.0.1:${ports.web}\n`);

test("the address is printed only when the data-service is ready and web answers", async () => {
  start(["slow"]);
  await until(async () => (await ask(ports.data)) !== null, "the data-service");
  assert.equal(isReady(), false);
  await until(isReady, "the address");
  assert.equal((await fetch(`http://127.0.0.1:${ports.data}/ready`)).status, 200);
});

test("both children get one drawn secret; a set one is kept", async () => {
  start();
  await until(isReady, "the address");
  const [data, web] = [await ask(ports.data), await ask(ports.web)];
  assert.match(data?.secret ?? "", /^[0-9a-f]{64}$/);
  assert.equal(web?.secret, data?.secret);
  launcher?.kill("SIGTERM");
  assert.equal(await exitCode(), 0);
  start([], [], { WEB_SECRET: "given" });
  await until(async () => (await ask(ports.web))?.secret === "given", "the given secret");
});

test("a data-service that breaks is started again while web stays up", async () => {
  start();
  await until(isReady, "the address");
  const [data, web] = [await ask(ports.data), await ask(ports.web)];
  process.kill(data?.pid ?? 0, "SIGKILL");
  await until(async () => ![undefined, data?.pid].includes((await ask(ports.data))?.pid), "a new data-service");
  assert.equal((await ask(ports.web))?.pid, web?.pid);
  assert.match(output, /data-service ended \(SIGKILL\); starting it again\./);
});

test("after five restarts in a minute it says so and waits, and web is there", async () => {
  start(["crash"]);
  await until(() => /ended \(code 1\) after 5 restarts in a minute; next try in \d+ s\./.test(output), "the pause");
  assert.equal(trail().filter((entry) => entry.name === "data-service").length, 6);
  await until(async () => (await ask(ports.web)) !== null, "web");
  launcher?.kill("SIGTERM");
  assert.equal(await exitCode(), 0);
});

test("a bad setting of either child ends everything with code 2, without a restart", async () => {
  start(["bad-setting"]);
  assert.equal(await exitCode(), 2);
  assert.deepEqual(
    trail().map((entry) => entry.name),
    ["data-service"],
  );
  start([], ["bad-setting"]);
  assert.equal(await exitCode(), 2);
});

test("SIGTERM ends web, then the data-service, with code 0", async () => {
  start();
  await until(isReady, "the address");
  launcher?.kill("SIGTERM");
  assert.equal(await exitCode(), 0);
  const ends = trail().filter((entry) => entry.what === "term");
  assert.deepEqual(
    ends.map((entry) => entry.name),
    ["web", "data-service"],
  );
});

test("kill -9 of the launcher takes both children down", async () => {
  start();
  await until(isReady, "the address");
  const pids = trail().map((entry) => entry.pid);
  launcher?.kill("SIGKILL");
  for (const pid of pids) await until(() => !isAlive(pid), `process ${pid} to end`);
  assert.equal(trail().filter((entry) => entry.what === "disconnect").length, 2);
});

test("a second Ctrl-C kills a child that does not stop; npm's echo of the first does not", async () => {
  start(["deaf"]);
  await until(isReady, "the address");
  const data = await ask(ports.data);
  launcher?.kill("SIGINT");
  await sleep(100); // else the system delivers the two as one
  launcher?.kill("SIGINT");
  await sleep(600);
  assert.equal(isAlive(data?.pid ?? 0), true);
  launcher?.kill("SIGINT");
  assert.equal(await exitCode(), 130);
  await until(() => !isAlive(data?.pid ?? 0), "the deaf child to end");
});

test("a taken port is said with its variable, and nothing is half started", async () => {
  for (const [port, name] of [
    [ports.web, "WEB_PORT"],
    [ports.data, "DATA_SERVICE_PORT"],
  ] as const) {
    output = "";
    const taker = await listening(port);
    start();
    assert.equal(await exitCode(), 2);
    assert.match(output, new RegExp(`Port ${port} on 127.0.0.1 is already in use: .* set ${name} to another port`));
    taker.close();
  }
  assert.deepEqual(trail(), []);
});

test("a second start is refused by the owner's process id", async () => {
  const owner = createServer((socket) => socket.end("4242\n")).listen(path.join(folder, "owner.sock"));
  const taker = await listening(ports.data);
  start();
  assert.equal(await exitCode(), 2);
  assert.match(output, /Rightseat already runs on this DATA_DIR \(process 4242\)/);
  owner.close();
  taker.close();
});

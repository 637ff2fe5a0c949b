/** Does docker-compose.yml mean what the README promises: no start without secrets, nothing open beyond loopback? */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SETTINGS } from "#server/settings.ts";

const root = path.resolve(import.meta.dirname, "../..");
const SECRETS = { API_KEY: "a".repeat(32), WEB_SECRET: "w".repeat(32), POSTGRES_PASSWORD: "p".repeat(32) };

/** The compose program of this machine, plugin first; null where there is none. */
function composeProgram(): string[] | null {
  for (const program of [["docker", "compose"], ["docker-compose"]]) {
    const [command = "", ...args] = program;
    if (spawnSync(command, [...args, "version"]).status === 0) return program;
  }
  return null;
}

function config(program: string[], env: Record<string, string>): { status: number | null; output: string } {
  const [command = "", ...args] = program;
  const noFile = path.join(root, "tests/scripts/empty.env"); // a user's own .env must not answer for the file
  const result = spawnSync(command, [...args, "--env-file", noFile, "config"], {
    cwd: root,
    encoding: "utf8",
    env: { NODE_ENV: "test", PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

const program = composeProgram();
if (program === null) console.log("ABSENT docker-compose");

test("compose reads the file, and binds every port to loopback", { skip: program === null && "docker-compose" }, () => {
  const { status, output } = config(program ?? [], SECRETS);
  assert.equal(status, 0, output);
  const published = output.match(/\b(3000|8000|5432|6379):(3000|8000|5432|6379)\/tcp|published: "?\d+/g) ?? [];
  const loopback =
    output.match(/127\.0\.0\.1:(3000|8000|5432|6379):(3000|8000|5432|6379)\/tcp|host_ip: 127\.0\.0\.1/g) ?? [];
  assert.equal(published.length, 4, output);
  assert.equal(loopback.length, 4, output);
  assert.equal(output.match(/init: true/g)?.length, 2);
  assert.equal(output.match(/healthcheck:/g)?.length, 4);
});

test("the data-service is given every setting that it reads, and the web process no key of a vendor", () => {
  const file = readFileSync(path.join(root, "docker-compose.yml"), "utf8");
  const namesIn = (service: string): string[] => {
    const part = file.match(new RegExp(`\\n  ${service}:\\n(?:(?:    .*)?\\n)+`))?.[0] ?? "";
    const block = part.match(/\n {4}environment:\n(?: {6}.*\n)+/)?.[0] ?? "";
    return [...block.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name);
  };
  // The web process' own, and names that are the user's own to choose.
  const others = ["WEB_PORT", "DATA_SERVICE_URL", "WEBHOOK_SECRET_<SOURCE>"];
  const wanted = Object.keys(SETTINGS).filter((name) => !others.includes(name));
  assert.deepEqual(namesIn("data-service").toSorted(), wanted.toSorted());
  assert.deepEqual(
    namesIn("web").filter((name) => name.startsWith("MASSIVE")),
    [],
  );
});

test("compose hands the vendor's settings on", { skip: program === null && "docker-compose" }, () => {
  const given = { MASSIVE_API_KEY: "massive-key", MASSIVE_WS_URL: "wss://example.test/futures" };
  const { status, output } = config(program ?? [], { ...SECRETS, ...given });
  assert.equal(status, 0, output);
  for (const [name, value] of Object.entries(given)) assert.match(output, new RegExp(`${name}: ${value}`));
});

test("compose refuses to start without each secret", { skip: program === null && "docker-compose" }, () => {
  for (const name of ["API_KEY", "WEB_SECRET", "POSTGRES_PASSWORD"]) {
    const { status, output } = config(program ?? [], { ...SECRETS, [name]: "" });
    assert.notEqual(status, 0);
    assert.match(output, new RegExp(`set ${name} in \\.env`));
  }
});

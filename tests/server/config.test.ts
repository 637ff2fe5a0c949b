/** Are settings read with their defaults, and is every wrong one named at once, secrets never shown? */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { BadSettings, type Config, isLoopback, loadConfig } from "#server/config.ts";
import { SETTING_NAMES, SETTINGS } from "#server/settings.ts";

const repoRoot = path.resolve(import.meta.dirname, "../..");

function load(env: Record<string, string>, ...argv: string[]): Config {
  return loadConfig({ env, argv, root: "/srv/rightseat" });
}

const defaultRoots = SETTINGS.INSTRUMENTS.fallback.split(",");

function problemsOf(env: Record<string, string>, ...argv: string[]): BadSettings {
  try {
    load(env, ...argv);
  } catch (error) {
    if (error instanceof BadSettings) return error;
    throw error;
  }
  throw new Error("expected bad settings, but they were read");
}

test("an empty environment gives the safe defaults, on loopback, with the simulator", () => {
  const config = load({});
  assert.equal(config.webPort, 3000);
  assert.equal(config.dataServicePort, 8000);
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.isLoopback, true);
  assert.equal(config.dataDir, "/srv/rightseat/.data");
  assert.equal(config.dataServiceUrl, "http://127.0.0.1:8000");
  assert.deepEqual(config.feed, { kind: "simulator", seed: 1 });
  assert.equal(config.feedSpeed, 1);
  assert.deepEqual(config.instruments, defaultRoots);
  assert.equal(config.apiKey, null);
  assert.ok(Object.isFrozen(config));
});

test("empty text counts as unset", () => {
  assert.deepEqual(load({ WEB_PORT: "", API_KEY: " ", FEED: "" }), load({}));
});

test("every wrong variable is named at once, with what it was and what was expected", () => {
  const error = problemsOf({
    WEB_PORT: "70000",
    HOST: "my host",
    FEED: "simulatr",
    FEED_SPEED: "0",
    INSTRUMENTS: "ES,ZZZ",
    FEED_START: "2024-03-05T14:25:00",
    LOG_RETAIN_DAYS: "1.5",
    LOG_LEVEL: "loud",
    PUBLIC_ORIGIN: "https://a.example/path",
  });
  assert.deepEqual(error.problems.map((problem) => problem.name).toSorted(), [
    "FEED",
    "FEED_SPEED",
    "FEED_START",
    "HOST",
    "INSTRUMENTS",
    "LOG_LEVEL",
    "LOG_RETAIN_DAYS",
    "PUBLIC_ORIGIN",
    "WEB_PORT",
  ]);
  assert.match(error.message, /9 settings are wrong/);
  assert.match(error.message, /WEB_PORT was "70000"; expected a free port, 1 to 65535/);
  assert.match(error.message, /INSTRUMENTS was with ZZZ; expected some of ES NQ/);
});

test("a wrong secret is named but never shown", () => {
  const secrets = {
    API_KEY: "hush hush",
    WEB_SECRET: "tooshort-hush",
    MASSIVE_API_KEY: "hush it",
    WEBHOOK_SECRET_TV: "hush",
    DATABASE_URL: "mysql://me:hush@db/x",
  };
  const error = problemsOf(secrets);
  for (const name of Object.keys(secrets))
    assert.ok(
      error.problems.some((problem) => problem.name === name),
      name,
    );
  assert.doesNotMatch(error.message, /hush/);
});

test("any address but loopback needs an API_KEY of 32 characters", () => {
  assert.deepEqual(problemsOf({ HOST: "0.0.0.0" }).problems[0]?.name, "API_KEY");
  assert.deepEqual(problemsOf({ HOST: "0.0.0.0", API_KEY: "k".repeat(31) }).problems[0]?.name, "API_KEY");
  const exposed = load({ HOST: "0.0.0.0", API_KEY: "k".repeat(32) });
  assert.equal(exposed.isLoopback, false);
  assert.equal(exposed.dataServiceUrl, "http://127.0.0.1:8000");
  assert.equal(load({ API_KEY: "short" }).apiKey, "short");
});

test("loopback is 127.0.0.0/8, ::1 and localhost", () => {
  assert.deepEqual(["127.0.0.1", "127.8.9.1", "::1", "localhost"].map(isLoopback), [true, true, true, true]);
  assert.deepEqual(["0.0.0.0", "::", "192.168.1.2", "127.example"].map(isLoopback), [false, false, false, false]);
});

test("FEED names the simulator's seed or a file below the project", () => {
  assert.deepEqual(load({ FEED: "simulator:42" }).feed, { kind: "simulator", seed: 42 });
  assert.deepEqual(load({ FEED: "file:ticks/es.csv" }).feed, {
    kind: "file",
    path: "/srv/rightseat/ticks/es.csv",
    fromMs: null,
    contract: null,
    alwaysNewRun: false,
  });
  assert.equal(problemsOf({ FEED: "simulator:4294967296" }).problems[0]?.name, "FEED");
});

test("feeds that this build lacks are refused in plain words", () => {
  assert.match(problemsOf({ FEED: "ninjatrader" }).message, /FEED was .*not in this build yet/);
});

test("FEED is massive where a key is given, and says so where none is", () => {
  const massive = { kind: "massive", key: "0123456789" };
  assert.deepEqual(load({ MASSIVE_API_KEY: "0123456789" }).feed, massive);
  assert.deepEqual(load({ MASSIVE_API_KEY: "0123456789", FEED: "massive" }).feed, massive);
  assert.match(problemsOf({ FEED: "massive" }).message, /MASSIVE_API_KEY was unset; expected the key of/);
  assert.equal(load({}).feed.kind, "simulator");
  assert.equal(load({ MASSIVE_API_KEY: "0123456789", FEED: "simulator" }).feed.kind, "simulator");
});

test("the stores' addresses are taken as they are, and wrong ones are refused without repeating them", () => {
  const stores = { DATABASE_URL: "postgres://a:b@db/x", REDIS_URL: "rediss://:pass@r:6380" };
  const config = load(stores);
  assert.deepEqual([config.databaseUrl, config.redisUrl], [stores.DATABASE_URL, stores.REDIS_URL]);
  const { message, problems } = problemsOf({ DATABASE_URL: "mysql://a:hush@db/x", REDIS_URL: "hush:6379" });
  assert.deepEqual(problems.map(({ name }) => name).toSorted(), ["DATABASE_URL", "REDIS_URL"]);
  assert.doesNotMatch(message, /hush/);
});

test("the flags of a replay win over FEED and FEED_SPEED", () => {
  const flags = ["--replay", "a.csv.gz", "--speed", "max", "--from", "2013-10-01T13:30:00Z", "--contract", "ESZ3"];
  const config = load({ FEED: "simulator:9", FEED_SPEED: "3" }, ...flags);
  assert.deepEqual(config.feed, {
    kind: "file",
    path: "/srv/rightseat/a.csv.gz",
    fromMs: Date.UTC(2013, 9, 1, 13, 30),
    contract: "ESZ3",
    alwaysNewRun: true,
  });
  assert.equal(config.feedSpeed, "max");
  assert.equal(load({}, "--speed=2.5").feedSpeed, 2.5);
});

test("unknown flags, flags without a value and flags without a file are refused", () => {
  assert.equal(problemsOf({}, "--sped", "3").problems[0]?.name, "--sped");
  assert.equal(problemsOf({}, "stray").problems[0]?.name, "argument");
  assert.equal(problemsOf({}, "--replay").problems[0]?.name, "--replay");
  assert.equal(problemsOf({}, "--speed", "fast").problems[0]?.name, "--speed");
  assert.equal(problemsOf({}, "--contract", "ESZ3").problems[0]?.name, "--contract");
});

test("webhook secrets are gathered by source, two while rotating", () => {
  const config = load({ WEBHOOK_SECRET_TRADINGVIEW: `${"a".repeat(16)},${"b".repeat(16)}` });
  assert.deepEqual(config.webhookSecrets.get("tradingview"), ["a".repeat(16), "b".repeat(16)]);
});

test("one port for both processes is refused", () => {
  assert.match(problemsOf({ WEB_PORT: "8000" }).message, /two different ports/);
});

test(".env.example lists every variable in the table's order, with its unit, and reads as the defaults", () => {
  const lines = readFileSync(path.join(repoRoot, ".env.example"), "utf8").split("\n");
  const listed = lines.flatMap((line, index) => {
    const variable = /^#?([A-Z][A-Z0-9_<>]*)=(.*)$/.exec(line);
    const comment = lines.slice(0, index).findLast((above) => above.startsWith("# Unit: ")) ?? "";
    return variable ? [{ name: variable[1], value: variable[2], comment }] : [];
  });
  const expected = SETTING_NAMES.map((name) => {
    const { unit, fallback } = SETTINGS[name];
    return { name, value: fallback, comment: `# Unit: ${unit}. Default: ${fallback === "" ? "unset" : fallback}.` };
  });
  assert.deepEqual(listed, expected);
  const { webhookSecrets: _, ...rest } = load(
    Object.fromEntries(listed.map(({ name, value }) => [name ?? "", value ?? ""])),
  );
  const { webhookSecrets: __, ...defaults } = load({});
  assert.deepEqual(rest, defaults);
});

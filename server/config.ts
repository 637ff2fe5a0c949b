/** What was this installation told to do? Settings from environment and command line, checked all at once. */

import { isIP } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { feedSpeed, isoInstant, type LogLevel, SETTINGS, type Setting, type SettingName } from "#server/settings.ts";

/** Where events come from. A file's `path` is absolute; `fromMs` skips rows before it; `contract` names the file's. */
export type FeedSetting =
  | { kind: "simulator"; seed: number }
  | { kind: "massive"; key: string }
  | { kind: "file"; path: string; fromMs: number | null; contract: string | null; alwaysNewRun: boolean };

/** Every setting, read and checked. Folders are absolute, times epoch ms, unset is null. Frozen. */
export type Config = Readonly<{
  webPort: number;
  dataServicePort: number;
  host: string;
  isLoopback: boolean;
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  feed: FeedSetting;
  feedSpeed: number | "max";
  feedStartMs: number | null;
  instruments: readonly string[];
  massiveApiKey: string | null;
  massiveWsUrl: string;
  massiveRestUrl: string;
  apiKey: string | null;
  webhookSecrets: ReadonlyMap<string, readonly string[]>;
  webSecret: string | null;
  dataServiceUrl: string;
  publicOrigin: string | null;
  logRetainDays: number;
  logRetainGb: number;
  logLevel: LogLevel;
  logFormat: "pretty" | "json" | null;
}>;

/** One wrong setting: its name, what it was (never a secret's text), what would be right. */
export type SettingProblem = { name: string; was: string; expected: string };

/** Thrown with every wrong setting at once; its message is made for the terminal. The process ends with code 2. */
export class BadSettings extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ name, was, expected }) => `  ${name} was ${was}; expected ${expected}`);
    const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
    super(`Rightseat cannot start: ${count} wrong.\n${lines.join("\n")}`);
    this.name = "BadSettings";
    this.problems = problems;
  }
}

/** What `loadConfig` reads; `root` is the project's folder, against which relative paths are resolved. */
export type ConfigSource = {
  env: Readonly<Record<string, string | undefined>>;
  argv: readonly string[];
  root: string;
};

/**
 * Reads every variable of `SETTINGS` and the flags `--replay PATH`, `--speed N|max`, `--from ISO`, `--contract NAME`
 * (they win over FEED and FEED_SPEED). Empty counts as unset. Throws `BadSettings` with every problem found.
 */
export function loadConfig(source: ConfigSource): Config {
  const reader = createReader(source.env);
  const flags = readFlags(source.argv, reader.problems);
  const host = reader.required("HOST", SETTINGS.HOST);
  const webPort = reader.required("WEB_PORT", SETTINGS.WEB_PORT);
  const dataServicePort = reader.required("DATA_SERVICE_PORT", SETTINGS.DATA_SERVICE_PORT);
  const massiveApiKey = reader.optional("MASSIVE_API_KEY", SETTINGS.MASSIVE_API_KEY);
  const databaseUrl = reader.optional("DATABASE_URL", SETTINGS.DATABASE_URL);
  const redisUrl = reader.optional("REDIS_URL", SETTINGS.REDIS_URL);
  const dataDir = reader.required("DATA_DIR", SETTINGS.DATA_DIR);
  const config = {
    webPort,
    dataServicePort,
    host,
    isLoopback: isLoopback(host),
    dataDir: path.resolve(source.root, dataDir),
    databaseUrl,
    redisUrl,
    feed: readFeed(reader, flags, { root: source.root, massiveApiKey }),
    feedSpeed: flags.speed ?? reader.required("FEED_SPEED", SETTINGS.FEED_SPEED),
    feedStartMs: reader.optional("FEED_START", SETTINGS.FEED_START),
    instruments: Object.freeze(reader.required("INSTRUMENTS", SETTINGS.INSTRUMENTS)),
    massiveApiKey,
    massiveWsUrl: reader.required("MASSIVE_WS_URL", SETTINGS.MASSIVE_WS_URL),
    massiveRestUrl: reader.required("MASSIVE_REST_URL", SETTINGS.MASSIVE_REST_URL),
    apiKey: reader.optional("API_KEY", SETTINGS.API_KEY),
    webhookSecrets: readWebhookSecrets(source.env, reader),
    webSecret: reader.optional("WEB_SECRET", SETTINGS.WEB_SECRET),
    dataServiceUrl: reader.optional("DATA_SERVICE_URL", SETTINGS.DATA_SERVICE_URL) ?? localUrl(host, dataServicePort),
    publicOrigin: reader.optional("PUBLIC_ORIGIN", SETTINGS.PUBLIC_ORIGIN),
    logRetainDays: reader.required("LOG_RETAIN_DAYS", SETTINGS.LOG_RETAIN_DAYS),
    logRetainGb: reader.required("LOG_RETAIN_GB", SETTINGS.LOG_RETAIN_GB),
    logLevel: reader.required("LOG_LEVEL", SETTINGS.LOG_LEVEL),
    logFormat: reader.optional("LOG_FORMAT", SETTINGS.LOG_FORMAT),
  };
  checkTogether(config, reader.problems);
  if (reader.problems.length > 0) throw new BadSettings(reader.problems);
  return Object.freeze(config);
}

/** True for 127.0.0.0/8, ::1 and localhost: nobody but this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** The address at which this machine itself reaches a port of `host`: `0.0.0.0` and `::` are reached on loopback. */
function localUrl(host: string, port: number): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return isIP(host) === 6 ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

type Reader = {
  problems: SettingProblem[];
  required: <Value>(name: SettingName, setting: Setting<Value>) => Value;
  optional: <Value>(name: string, setting: Setting<Value>) => Value | null;
};

/** Reads variables one by one and gathers what is wrong; a wrong one reads as its default, so that reading goes on. */
function createReader(env: ConfigSource["env"]): Reader {
  const problems: SettingProblem[] = [];
  const optional = <Value>(name: string, setting: Setting<Value>): Value | null => {
    const text = env[name]?.trim() ?? "";
    if (text === "") return null;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) return parsed.data;
    problems.push({ name, was: shown(text, setting.isSecret), expected: setting.expected });
    return null;
  };
  const required = <Value>(name: SettingName, setting: Setting<Value>): Value =>
    optional(name, setting) ?? setting.schema.parse(setting.fallback);
  return { problems, optional, required };
}

function shown(text: string, isSecret: boolean): string {
  return isSecret ? `hidden (${text.length} characters)` : JSON.stringify(text);
}

type Flags = {
  replay: string | null;
  speed: number | "max" | null;
  fromMs: number | null;
  contract: string | null;
};

const FLAGS_EXPECTED = "--replay PATH, --speed N|max, --from ISO-time-with-zone or --contract NAME";

function readFlags(argv: readonly string[], problems: SettingProblem[]): Flags {
  const values: Record<string, string | undefined> = {};
  const text = { type: "string" } as const;
  const options = { replay: text, speed: text, from: text, contract: text };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "option" && token.name in options && token.value !== undefined) values[token.name] = token.value;
    else if (token.kind === "option" && token.name in options)
      problems.push({ name: token.rawName, was: "without a value", expected: FLAGS_EXPECTED });
    else if (token.kind === "option")
      problems.push({ name: token.rawName, was: "not a flag of Rightseat", expected: FLAGS_EXPECTED });
    else if (token.kind === "positional")
      problems.push({ name: "argument", was: JSON.stringify(token.value), expected: FLAGS_EXPECTED });
  }
  const read = <Value>(name: string, schema: Setting<Value>["schema"], expected: string): Value | null => {
    const value = values[name];
    if (value === undefined) return null;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push({ name: `--${name}`, was: JSON.stringify(value), expected });
    return null;
  };
  return {
    replay: values.replay ?? null,
    speed: read("speed", feedSpeed, SETTINGS.FEED_SPEED.expected),
    fromMs: read("from", isoInstant, SETTINGS.FEED_START.expected),
    contract: values.contract ?? null,
  };
}

const NOT_IN_BUILD = "simulator, massive or file:PATH (ninjatrader is not in this build yet)";

function readFeed(reader: Reader, flags: Flags, place: { root: string; massiveApiKey: string | null }): FeedSetting {
  const { fromMs, contract } = flags;
  const word = reader.optional("FEED", SETTINGS.FEED);
  if (flags.replay !== null) {
    return { kind: "file", path: path.resolve(place.root, flags.replay), fromMs, contract, alwaysNewRun: true };
  }
  if (word?.startsWith("file:")) {
    const file = path.resolve(place.root, word.slice("file:".length));
    return { kind: "file", path: file, fromMs, contract, alwaysNewRun: false };
  }
  if (fromMs !== null) reader.problems.push({ name: "--from", was: "given without a file", expected: "--replay PATH" });
  if (contract !== null) {
    reader.problems.push({ name: "--contract", was: "given without a file", expected: "--replay PATH" });
  }
  if (word === "ninjatrader") {
    reader.problems.push({ name: "FEED", was: JSON.stringify(word), expected: NOT_IN_BUILD });
  }
  const { massiveApiKey: key } = place;
  if (key !== null && (word === null || word === "massive")) return { kind: "massive", key };
  if (word === "massive") {
    reader.problems.push({ name: "MASSIVE_API_KEY", was: "unset", expected: "the key of your Massive account" });
  }
  const seed = Number(word?.split(":")[1] ?? "1");
  if (seed > 0xffff_ffff) {
    reader.problems.push({ name: "FEED", was: JSON.stringify(word), expected: SETTINGS.FEED.expected });
  }
  return { kind: "simulator", seed };
}

function readWebhookSecrets(env: ConfigSource["env"], reader: Reader): ReadonlyMap<string, readonly string[]> {
  const secrets = new Map<string, readonly string[]>();
  for (const name of Object.keys(env).toSorted()) {
    const sourceName = /^WEBHOOK_SECRET_([A-Z0-9_]+)$/.exec(name)?.[1];
    if (sourceName === undefined) continue;
    const value = reader.optional(name, SETTINGS["WEBHOOK_SECRET_<SOURCE>"]);
    if (value !== null) secrets.set(sourceName.toLowerCase(), value);
  }
  return secrets;
}

/** What only shows when settings are seen together: exposed without a key, one port twice, roots nobody knows. */
function checkTogether(
  config: Pick<Config, "isLoopback" | "host" | "apiKey" | "webPort" | "dataServicePort" | "instruments">,
  problems: SettingProblem[],
): void {
  if (!config.isLoopback && (config.apiKey?.length ?? 0) < 32) {
    const was = config.apiKey === null ? "unset" : shown(config.apiKey, true);
    problems.push({ name: "API_KEY", was, expected: `at least 32 characters, because HOST is ${config.host}` });
  }
  if (config.webPort === config.dataServicePort) {
    problems.push({
      name: "WEB_PORT",
      was: `${config.webPort}, DATA_SERVICE_PORT too`,
      expected: "two different ports",
    });
  }
  const knownRoots = INSTRUMENTS.map((instrument) => instrument.root);
  const unknown = config.instruments.filter((root) => !knownRoots.includes(root));
  if (unknown.length > 0) {
    problems.push({
      name: "INSTRUMENTS",
      was: `with ${unknown.join(", ")}`,
      expected: `some of ${knownRoots.join(" ")}`,
    });
  }
}

/** Which variables does Rightseat read, in which order, with which unit, default and shape? The one table of them. */

import { isIP } from "node:net";
import { z } from "zod";

/** One variable: its unit, its default as text (empty: unset), what a good value is, and how it is read. */
export type Setting<Value> = {
  unit: string;
  fallback: string;
  expected: string;
  isSecret: boolean;
  schema: z.ZodType<Value, string>;
};

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Text of an instant with its zone (`2024-03-05T14:30:00Z`) → epoch ms. */
export const isoInstant = z
  .string()
  .regex(ISO_WITH_ZONE)
  .transform((text) => Date.parse(text))
  .refine((ms) => Number.isFinite(ms));

/** How fast a replay or the simulator runs: a factor above 0, or `max`. */
export const feedSpeed = z.union([z.literal("max"), number(0.01, 100_000)]);

function number(least: number, most: number) {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
}

function wholeNumber(least: number, most: number) {
  return number(least, most).refine((value) => Number.isInteger(value));
}

function address(protocols: readonly string[]) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));
}

/** Free text `NAME[:REST]` of a feed; `server/config.ts` turns it into a `FeedSetting`. */
const feedWord = z.string().regex(/^(simulator(:\d{1,10})?|massive|ninjatrader|file:.+)$/);

const instrumentList = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((root) => root !== ""))
  .refine((roots) => roots.length > 0 && roots.every((root) => /^[A-Z0-9]{2,4}$/.test(root)))
  .refine((roots) => new Set(roots).size === roots.length);

const origin = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === "http:" || url.protocol === "https:") && url.origin === text.replace(/\/$/, "");
});

const hostAddress = z.string().refine((text) => text === "localhost" || isIP(text) !== 0);

type Row<Value> = Omit<Setting<Value>, "isSecret"> & { isSecret?: boolean };

function setting<Value>(row: Row<Value>): Setting<Value> {
  return { isSecret: false, ...row };
}

const port = wholeNumber(1, 65_535);
const PORT_EXPECTED = "a free port, 1 to 65535";

/** Every variable, in the order of `.env.example`. `WEBHOOK_SECRET_<SOURCE>` stands for one variable a source. */
export const SETTINGS = {
  WEB_PORT: setting({ unit: "port", fallback: "3000", expected: PORT_EXPECTED, schema: port }),
  DATA_SERVICE_PORT: setting({ unit: "port", fallback: "8000", expected: PORT_EXPECTED, schema: port }),
  HOST: setting({
    unit: "IP address",
    fallback: "127.0.0.1",
    expected: "an IP address to listen on, or localhost",
    schema: hostAddress,
  }),
  DATA_DIR: setting({
    unit: "folder",
    fallback: ".data",
    expected: "a folder, relative to the project or absolute",
    schema: z.string().refine((text) => !text.includes("\0")),
  }),
  DATABASE_URL: setting({
    unit: "address",
    fallback: "",
    expected: "postgres://user:password@host:port/name",
    isSecret: true,
    schema: address(["postgres:", "postgresql:"]),
  }),
  REDIS_URL: setting({
    unit: "address",
    fallback: "",
    expected: "redis://host:port",
    isSecret: true,
    schema: address(["redis:", "rediss:"]),
  }),
  FEED: setting({
    unit: "feed",
    fallback: "",
    expected: "simulator, simulator:SEED (0 to 4294967295), massive, ninjatrader or file:PATH",
    schema: feedWord,
  }),
  FEED_SPEED: setting({
    unit: "times real time",
    fallback: "1",
    expected: "a number from 0.01 to 100000, or max",
    schema: feedSpeed,
  }),
  INSTRUMENTS: setting({
    unit: "roots",
    fallback: "ES,NQ,YM,RTY,GC,SI,HG,CL,MES,MNQ,MYM,M2K,MGC,SIL,MHG,MCL",
    expected: "known roots, each once, separated by commas or spaces, such as ES,NQ,GC",
    schema: instrumentList,
  }),
  MASSIVE_API_KEY: setting({
    unit: "secret",
    fallback: "",
    expected: "the key of your Massive account, without spaces",
    isSecret: true,
    schema: z.string().regex(/^\S{8,}$/),
  }),
  MASSIVE_WS_URL: setting({
    unit: "address",
    fallback: "wss://socket.massive.com/futures",
    expected: "a ws:// or wss:// address",
    schema: address(["ws:", "wss:"]),
  }),
  MASSIVE_REST_URL: setting({
    unit: "address",
    fallback: "https://api.massive.com",
    expected: "an http:// or https:// address",
    schema: address(["http:", "https:"]),
  }),
  API_KEY: setting({
    unit: "secret",
    fallback: "",
    expected: "text without spaces; at least 32 characters where HOST is not loopback",
    isSecret: true,
    schema: z.string().regex(/^\S+$/),
  }),
  "WEBHOOK_SECRET_<SOURCE>": setting({
    unit: "secret",
    fallback: "",
    expected: "one secret of at least 16 characters, or two separated by a comma while rotating",
    isSecret: true,
    schema: z
      .string()
      .transform((text) => text.split(","))
      .refine((secrets) => secrets.length <= 2 && secrets.every((secret) => /^\S{16,}$/.test(secret))),
  }),
  WEB_SECRET: setting({
    unit: "secret",
    fallback: "",
    expected: "at least 32 characters without spaces",
    isSecret: true,
    schema: z.string().regex(/^\S{32,}$/),
  }),
  DATA_SERVICE_URL: setting({
    unit: "address",
    fallback: "",
    expected: "an http:// address, without a path",
    schema: address(["http:"]).refine((text) => new URL(text).pathname === "/"),
  }),
  PUBLIC_ORIGIN: setting({
    unit: "origin",
    fallback: "",
    expected: "what browsers show before the first slash, such as https://rightseat.example:8443",
    schema: origin.transform((text) => new URL(text).origin),
  }),
  FEED_START: setting({
    unit: "ISO time with zone",
    fallback: "",
    expected: "an ISO time with its zone, such as 2024-03-05T14:25:00Z",
    schema: isoInstant,
  }),
  LOG_RETAIN_DAYS: setting({
    unit: "days",
    fallback: "30",
    expected: "a whole number of days, 1 to 3650",
    schema: wholeNumber(1, 3_650),
  }),
  LOG_RETAIN_GB: setting({
    unit: "GB",
    fallback: "20",
    expected: "a number of GB, 1 to 100000",
    schema: number(1, 100_000),
  }),
  LOG_LEVEL: setting({
    unit: "level",
    fallback: "info",
    expected: "fatal, error, warn, info, debug, trace or silent",
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]) as z.ZodType<LogLevel, string>,
  }),
  LOG_FORMAT: setting({
    unit: "format",
    fallback: "",
    expected: "pretty or json",
    schema: z.enum(["pretty", "json"]) as z.ZodType<"pretty" | "json", string>,
  }),
} as const;

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

export type SettingName = keyof typeof SETTINGS;

/** Every name in the order of `.env.example`. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]; // keys of a literal, in source order

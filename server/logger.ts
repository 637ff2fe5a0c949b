/** Where does the server's talk go? One pino logger: readable on a terminal, JSON lines elsewhere. */

import { type Logger, type LoggerOptions, pino } from "pino";
import pretty from "pino-pretty";
import type { Config } from "#server/config.ts";

export type { Logger };

/** Fields that may carry a secret; they are written as `[hidden]`. */
const SECRET_PATHS = [
  "apiKey",
  "webSecret",
  "*.apiKey",
  "*.webSecret",
  'headers["x-api-key"]',
  "headers.cookie",
  'headers["x-rightseat-web"]',
  'req.headers["x-api-key"]',
  "req.headers.cookie",
  'req.headers["x-rightseat-web"]',
];

/**
 * Creates the process's logger. `name` is "data-service" or "web". LOG_FORMAT `pretty` writes lines for people in this
 * process (no worker thread: nothing is lost at a crash), `json` one object a line, unset the former on a terminal.
 */
export function createLogger(name: string, config: Pick<Config, "logLevel" | "logFormat">): Logger {
  const options: LoggerOptions = {
    name,
    level: config.logLevel,
    base: { name },
    redact: { paths: SECRET_PATHS, censor: "[hidden]" },
  };
  const format = config.logFormat ?? (process.stdout.isTTY ? "pretty" : "json");
  if (format === "json") return pino(options);
  const stream = pretty({ ignore: "name", messageFormat: "{name}: {msg}", translateTime: "HH:MM:ss.l", sync: true });
  return pino(options, stream);
}

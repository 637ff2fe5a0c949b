/** Where does PostgreSQL come from when nobody names one? A server of ours, on loopback, over one folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { POSTGRES_START_MS_MAX, POSTGRES_STOP_MS_MAX } from "#lib/limits.ts";
import {
  checkNamespace,
  EmbeddedPostgresError,
  type PostgresPrograms,
  postgresCommand,
  postgresPrograms,
} from "./postgres-command.ts";
import { clearPostmaster } from "./postmaster-pid.ts";

const USER = "rightseat";
const SAID_CHARS_MAX = 4_000;
const READY = "ready to accept connections";

/**
 * Small and quiet: 16 MB of cache (the system's stands behind; with 32 a first history takes as long), 64 MB of its own
 * log (a first history writes 250 MB), no extra I/O processes, no socket file, every commit synced (the default).
 */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "16MB",
  max_connections: "24",
  io_method: "sync",
  max_wal_size: "64MB",
  min_wal_size: "32MB",
  logging_collector: "off",
} as const;

export type EmbeddedPostgres = {
  /** With the password: never log it. */
  url: string;
  port: number;
  pid: number;
  /** Resolves with the reason when the server has ended, asked or not. */
  ended: Promise<string>;
  /** Fast shutdown, then harder; resolves when it is gone. */
  stop(): Promise<void>;
};

/** How long an ended server's last words are waited for. */
const LAST_WORDS_MS = 300;

/**
 * Starts the server over `folder` (absolute; made on first use, with its password beside it) on a port of 127.0.0.1,
 * by default a free one. It ends with this process, also on kill -9. The caller holds the DATA_DIR lock.
 * Throws EmbeddedPostgresError, with what the server said.
 */
export async function startEmbeddedPostgres(folder: string, atPort: number | null = null): Promise<EmbeddedPostgres> {
  checkNamespace();
  const programs = await postgresPrograms();
  const password = await prepareFolder(folder, programs);
  await clearPostmaster(folder);
  const port = atPort ?? (await freePort());
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const child = run(postgresCommand(programs.postgres, ["-D", folder, ...settings], true));
  const said = gather(child);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      const tell = (): void =>
        resolve(
          [`it ended by ${signal ?? `code ${code}`}`, lastWords(said.text())]
            .filter((words) => words !== "")
            .join(": "),
        );
      // What it said last may still be on its way; its own children may hold the pipe for longer.
      child.once("close", tell);
      setTimeout(tell, LAST_WORDS_MS);
    });
  });
  await becomesReady(child, said, ended);
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: child.pid ?? 0,
    ended,
    stop: () => stop(child, ended),
  };
}

/** A cluster of the right version in `folder`; returns its password. */
async function prepareFolder(folder: string, programs: PostgresPrograms): Promise<string> {
  const passwordFile = `${folder}.password`;
  const versionFile = path.join(folder, "PG_VERSION");
  if (!fs.existsSync(versionFile)) {
    if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
      throw new EmbeddedPostgresError(`${folder} holds files but no PostgreSQL data; move it away`);
    }
    await initFolder(folder, passwordFile, programs);
  }
  const version = fs.readFileSync(versionFile, "utf8").trim();
  if (version !== "18") {
    throw new EmbeddedPostgresError(
      `${folder} was made by PostgreSQL ${version}, this is 18; move it away and it is rebuilt from the event log`,
    );
  }
  if (!fs.existsSync(passwordFile)) {
    throw new EmbeddedPostgresError(`${passwordFile} is missing; move ${folder} away and it is rebuilt from the log`);
  }
  return fs.readFileSync(passwordFile, "utf8").trim();
}

/** Made aside and renamed: a start that broke off leaves no half cluster. */
async function initFolder(folder: string, passwordFile: string, programs: PostgresPrograms): Promise<void> {
  const aside = `${folder}.new`;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.rmSync(aside, { recursive: true, force: true });
  fs.writeFileSync(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  const args = ["-D", aside, "-U", USER, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8"];
  args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  const child = run(postgresCommand(programs.initdb, args, true));
  const said = gather(child);
  const code = await new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (status, signal) => resolve(status ?? signal ?? "no reason"));
  });
  if (code !== 0) throw new EmbeddedPostgresError(`initdb of ${folder} failed (${code}): ${lastWords(said.text())}`);
  if (fs.existsSync(folder)) fs.rmdirSync(folder);
  fs.renameSync(aside, folder);
}

/** In a session of its own, so that Ctrl-C in the terminal reaches us alone and the stop has one order. */
function run([program = "", ...args]: string[]): ChildProcess {
  const env = { NODE_ENV: "production", PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" } as const;
  return spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env });
}

type Said = { text(): string; onText(listener: (text: string) => void): void };

/** Reads everything (a full pipe would stop the server) and keeps the end of it. */
function gather(child: ChildProcess): Said {
  let text = "";
  let listener: ((text: string) => void) | null = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      text = (text + bytes.toString("utf8")).slice(-SAID_CHARS_MAX);
      listener?.(text);
    });
  }
  return {
    text: () => text,
    onText(next) {
      listener = next;
    },
  };
}

/** The lines that tell a failure apart, without the server's clock and its everyday news. */
function lastWords(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^[-\d: .]+UTC \[\d+\] /, "").trim());
  const bad = lines.filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL|cannot|could not|denied/i.test(line));
  const told = bad.length > 0 ? bad : lines.filter((line) => line !== "" && !line.startsWith("LOG:"));
  return told.slice(-3).join("; ");
}

async function becomesReady(child: ChildProcess, said: Said, ended: Promise<string>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<null>((resolve) => {
    said.onText((text) => {
      if (text.includes(READY)) resolve(null);
    });
  });
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it was not ready in ${POSTGRES_START_MS_MAX / 1_000} s`), POSTGRES_START_MS_MAX);
  });
  const failure = await Promise.race([ready, ended, late]);
  clearTimeout(timer);
  if (failure === null) return;
  await stop(child, ended);
  throw new EmbeddedPostgresError(`the embedded PostgreSQL did not start: ${failure}`);
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, POSTGRES_STOP_MS_MAX);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
}

/** NOTE: somebody may take it before the server does; then the start fails and is tried again. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}

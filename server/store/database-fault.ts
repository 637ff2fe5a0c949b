/** What went wrong with the database, in words: is it away, does it refuse us, or does it refuse one row? */

/** away: try again later. refused: a person must mend it (rights, password, version). row: these values alone. */
export type DatabaseFault = { kind: "away" | "refused" | "row"; reason: string };

/** The database cannot be used now; the message says why, without the password. */
export class DatabaseAwayError extends Error {
  override name = "DatabaseAwayError";
  readonly fault: DatabaseFault;

  constructor(fault: DatabaseFault, cause?: unknown) {
    super(fault.reason, { cause });
    this.fault = fault;
  }
}

/** PostgreSQL does not take these values (SQLSTATE class 22 or 23, or a limit of its own). */
export class RowRefusedError extends Error {
  override name = "RowRefusedError";
}

/** The rights or the version are wrong: found by our own checks. */
export class DatabaseRefusedError extends Error {
  override name = "DatabaseRefusedError";
}

/** Sorts any error of pg, drizzle or the network. */
export function databaseFault(error: unknown): DatabaseFault {
  const root = rootOf(error);
  if (root instanceof DatabaseAwayError) return root.fault;
  const reason = root instanceof Error ? root.message : String(root);
  if (root instanceof DatabaseRefusedError) return { kind: "refused", reason };
  const code = root instanceof Error && "code" in root && typeof root.code === "string" ? root.code : "";
  if (/^(22|23|54)/.test(code)) return { kind: "row", reason: `${reason} (SQLSTATE ${code})` };
  if (code === "ECONNREFUSED") return { kind: "away", reason: `no server answers (${reason})` };
  if (code === "28P01" || code === "28000") return { kind: "refused", reason: `it does not let us in: ${reason}` };
  if (code === "3D000") return { kind: "refused", reason };
  if (code === "42501") return { kind: "refused", reason: `our user has not the rights: ${reason}` };
  if (/^42/.test(code)) return { kind: "refused", reason: `its tables are not ours: ${reason} (SQLSTATE ${code})` };
  return { kind: "away", reason: code === "" ? reason : `${reason} (${code})` };
}

/** Drizzle wraps pg's error and repeats every parameter; Node groups the tries of several addresses. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof Error; depth++) {
    if (root instanceof AggregateError && root.errors.length > 0) root = root.errors[0];
    else if (root instanceof Error && root.name === "Error" && root.cause instanceof Error) root = root.cause;
    else break;
  }
  return root;
}

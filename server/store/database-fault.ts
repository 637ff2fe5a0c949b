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

/** `fits` is held against "CODE message"; the first that fits speaks. Codes: SQLSTATE, or Node's of the network. */
type Rule = { fits: RegExp; kind: DatabaseFault["kind"]; words(reason: string): string };

const RULES: readonly Rule[] = [
  { fits: /^(22|23|54)\w{3} /, kind: "row", words: (reason) => reason },
  { fits: /time-?out/i, kind: "away", words: (reason) => `it does not answer (${reason})` },
  { fits: /^ECONNREFUSED/, kind: "away", words: (reason) => `no server answers (${reason})` },
  { fits: /^(ENOTFOUND|EAI_AGAIN)/, kind: "away", words: (reason) => `no host of that name (${reason})` },
  { fits: /terminated unexpectedly/, kind: "away", words: () => "it closed the connection without a word" },
  { fits: /not support SSL/, kind: "refused", words: (reason) => `${reason}; take sslmode out of DATABASE_URL` },
  {
    fits: /^(28P01|28000)/,
    kind: "refused",
    words: (reason) => `it does not let us in: ${reason}; mend user or password in DATABASE_URL`,
  },
  { fits: /^3D000/, kind: "refused", words: (reason) => `${reason}; create it, or let DATABASE_URL name another` },
  {
    fits: /^25006/,
    kind: "refused",
    words: (reason) => `it may only be read: ${reason}; let DATABASE_URL name its primary`,
  },
  { fits: /^42501/, kind: "refused", words: (reason) => `our user has not the rights: ${reason}` },
  { fits: /^42\w{3} /, kind: "refused", words: (reason) => `its tables are not ours: ${reason}` },
];

/** Sorts any error of pg, drizzle or the network. */
export function databaseFault(error: unknown): DatabaseFault {
  const root = rootOf(error);
  if (root instanceof DatabaseAwayError) return root.fault;
  const message = root instanceof Error ? root.message : String(root);
  if (root instanceof DatabaseRefusedError) return { kind: "refused", reason: message };
  const code = root instanceof Error && "code" in root && typeof root.code === "string" ? root.code : "";
  const rule = RULES.find(({ fits }) => fits.test(`${code} ${message}`));
  const reason = code === "" || message.includes(code) ? message : `${message} (${code})`;
  return { kind: rule?.kind ?? "away", reason: rule?.words(reason) ?? reason };
}

/** Drizzle wraps pg's error and repeats every parameter; Node groups the tries of several addresses. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof Error; depth++) {
    if (root instanceof AggregateError && root.errors.length > 0) root = root.errors[0];
    // A time that is over says more than the connection that was cut for it.
    else if (/time-?out/i.test(root.message)) break;
    else if (root.name === "Error" && root.cause instanceof Error) root = root.cause;
    else break;
  }
  return root;
}

/** What went wrong with Redis, in words: what it said, and what a person can do about it. */

/** Any error of ioredis, Redis or the network. A text that begins in capitals is Redis's own. */
export function cacheFaultWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = firstOf(error);
  // ioredis speaks of its own option where a command was cut off.
  if (name === "MaxRetriesPerRequestError") return "the connection was closed";
  if (/^NOAUTH/.test(message)) return `it wants a password (NOAUTH): put it into REDIS_URL, redis://:password@host`;
  if (/^WRONGPASS/.test(message)) return "it does not take the user or password of REDIS_URL (WRONGPASS)";
  if (/^NOPERM/.test(message)) return `our user has not the rights: ${message}; allow SET, GET, PUBLISH and SUBSCRIBE`;
  if (/^READONLY/.test(message)) return `it is a copy of another (${message}): let REDIS_URL name that one`;
  if (/^OOM/.test(message)) return `it is full: ${message}`;
  if (isWrongDatabase(error)) return `it has no database of the number at the end of REDIS_URL (${message})`;
  if (/Unknown RESP type/.test(message)) return `it answers nonsense (${message.split(".")[0]}): is that a Redis?`;
  if (/timed out|timeout|ETIMEDOUT/i.test(message)) return `it does not answer (${message})`;
  if (/EPIPE|ECONNRESET/.test(message)) return `it closed the connection (${message})`;
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return `no host of that name (${message})`;
  return message;
}

/** ioredis goes on in database 0 where it could not select the one that was asked for. */
export function isWrongDatabase(error: unknown): boolean {
  return error instanceof Error && /DB index is out of range|SELECT is not allowed/.test(error.message);
}

/** A transaction is refused for what one of its commands was refused for. */
function firstOf(error: Error): Error {
  const previous = "previousErrors" in error && Array.isArray(error.previousErrors) ? error.previousErrors : [];
  return previous[0] instanceof Error ? previous[0] : error;
}

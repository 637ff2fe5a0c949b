/** What must be true here? A broken invariant is a crash: the launcher restarts, recovery carries on. */

/** Throws Error(`assert: ${message}`) where the claim is false. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Error(`assert: ${message}`);
}

/** Ends a switch over a union: a member that nobody handled is a type error, and a crash at run time. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

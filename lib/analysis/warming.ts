/** What is said where there is not yet enough to say anything? */

/** `have` of the `need` inputs (bars, sessions, legs) were seen. */
export type Warming = { status: "warming"; have: number; need: number };

/** As every number, it says its age (end of the newest bar looked at; NaN: none), its sample size, and why. */
export type ExplainedWarming = Warming & { atMs: number; n: number; reasons: string[] };

export function explainedWarming(seen: { have: number; need: number }, atMs: number, why: string): ExplainedWarming {
  return { ...warming(seen.have, seen.need), atMs, n: seen.have, reasons: [why] };
}

export function warming(have: number, need: number): Warming {
  return { status: "warming", have, need };
}

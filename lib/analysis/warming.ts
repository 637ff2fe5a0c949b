/** What is said where there is not yet enough to say anything? */

/** `have` of the `need` inputs (bars, sessions, legs) were seen. */
export type Warming = { status: "warming"; have: number; need: number };

export function warming(have: number, need: number): Warming {
  return { status: "warming", have, need };
}

/** With which seeds do random tests run? One that never changes and one that is new each time and is printed. */
import fc from "fast-check";

/** Checks the property with a fixed seed and with a fresh one; the fresh seed stands in the test's output. */
export function checkTwice<Ts>(
  property: fc.IProperty<Ts>,
  options: { runs?: number; print: (line: string) => void },
): void {
  const fresh = Date.now() & 0x7fff_ffff;
  options.print(`fresh seed ${fresh}`);
  for (const seed of [20_261_120, fresh]) fc.assert(property, { seed, numRuns: options.runs ?? 100 });
}

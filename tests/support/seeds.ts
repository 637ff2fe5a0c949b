/** Which seeds does a random test run? One that never changes and a fresh one, printed so that it can be repeated. */
import { randomInt } from "node:crypto";

export function testSeeds(name: string): number[] {
  const fresh = randomInt(1, 2 ** 31);
  console.log(`seed of ${name}: ${fresh}`);
  return [42, fresh];
}

/** A process that tries to own the folder of argv[2]: prints "owner" and stays, or "refused <pid>" and ends with 2. */
import { acquireOwnerLock, OwnedError } from "#server/owner-lock.ts";

try {
  await acquireOwnerLock(process.argv[2]);
  console.log("owner");
  setInterval(() => {}, 1_000);
} catch (error) {
  if (!(error instanceof OwnedError)) throw error;
  console.log(`refused ${error.pid}`);
  process.exitCode = 2;
}

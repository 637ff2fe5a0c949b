/** What owns a server in a process of its own, so that a test can kill it? Prints the server's pid and stays. */
import { startEmbeddedPostgres } from "#server/store/embedded-postgres.ts";

const server = await startEmbeddedPostgres(process.argv[2] ?? "");
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 1_000);

/** How many entries a second does a Redis stream take that flushes before it answers? Asked by Redis's own C client. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { freePort } from "#tests/support/data-service.ts";
import { type PeerProcess, startPeer } from "./peer-process.ts";

const run = promisify(execFile);

/** A server of our own: append-only file, fdatasync before each answer; no snapshot or rewrite runs beside it. */
export async function startRedis(folder: string): Promise<PeerProcess> {
  const port = await freePort();
  const durable = [
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--save",
    "",
    "--auto-aof-rewrite-percentage",
    "0",
  ];
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  return startPeer("redis-server", [...place, ...durable], port);
}

/** XADD of one field of `bytes` by `inFlight` connections with one request each; entries a second. */
export async function xaddRate(
  redis: PeerProcess,
  { inFlight, bytes, count }: { inFlight: number; bytes: number; count: number },
): Promise<number> {
  const load = ["-p", String(redis.port), "-c", String(inFlight), "-P", "1", "-n", String(count), "--csv"];
  const { stdout } = await run("redis-benchmark", [...load, "XADD", "bench", "*", "e", "x".repeat(bytes)]);
  // "XADD bench * e xxx","4400.12",…
  const rate = Number(/^"XADD[^"]*","([\d.]+)"/m.exec(stdout)?.[1]);
  if (!(rate > 0)) throw new Error(`redis-benchmark said nothing that we know: ${stdout.slice(0, 200)}`);
  return rate;
}

/** What do the launcher's tests run instead of the product? A process that answers HTTP and misbehaves as told. */

import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const [name, ...behaviours] = process.argv.slice(2);
const port = Number(name === "web" ? process.env.WEB_PORT : process.env.DATA_SERVICE_PORT);
const startedMs = Date.now();

if (process.env.TRAIL) appendFileSync(process.env.TRAIL, `${name} ${process.pid} start\n`);
if (behaviours.includes("bad-setting")) process.exit(2);
if (behaviours.includes("crash")) process.exit(1);
if (behaviours.includes("deaf")) process.on("SIGTERM", () => undefined);
else process.on("SIGTERM", () => leave("term"));
process.on("disconnect", () => leave("disconnect"));

const readyAfterMs = behaviours.includes("slow") ? 700 : 0;
createServer((request, response) => {
  const isReady = Date.now() - startedMs >= readyAfterMs;
  if (request.url === "/crash") process.exit(1);
  response.statusCode = request.url === "/ready" && !isReady ? 503 : 200;
  response.end(JSON.stringify({ pid: process.pid, secret: process.env.WEB_SECRET }));
}).listen(port, "127.0.0.1");

/** @param {string} why */
function leave(why) {
  if (process.env.TRAIL) appendFileSync(process.env.TRAIL, `${name} ${process.pid} ${why}\n`);
  process.exit(0);
}

/** What does the browser talk to? The web process: Next's pages, and the data-service behind `/api`. */

import { createServer, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import type { Duplex } from "node:stream";
import next from "next";
import { BadSettings, type Config, loadConfig } from "#server/config.ts";
import { createLogger } from "#server/logger.ts";
import { createWebProxy } from "#server/web-proxy.ts";

const root = path.resolve(import.meta.dirname, "..");
const isDev = process.argv.includes("--dev");

/** Next writes its start-up data into inline scripts, Mantine its colours into inline styles; the rest is our own. */
const PAGE_HEADERS = {
  "Content-Security-Policy": [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${isDev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
} as const;

/**
 * Runs the web process until a signal or the launcher's end stops it (its channel closes, also after kill -9); a bad
 * setting or a taken port ends it with code 2.
 */
async function main(): Promise<void> {
  // NOTE: from the first line on, for the launcher may be gone before Next is prepared.
  let stop = (): void => process.exit(0);
  for (const end of ["SIGTERM", "SIGINT", "disconnect"]) process.once(end, () => stop());
  const config = loadConfig({ env: process.env, argv: [], root });
  if (config.webSecret === null) {
    throw new BadSettings([{ name: "WEB_SECRET", was: "unset", expected: "npm start to draw it, or set it in .env" }]);
  }
  const logger = createLogger("web", config);
  const { dataServiceUrl, webSecret, publicOrigin } = config;
  const proxy = createWebProxy({ dataServiceUrl, webSecret, publicOrigin });
  // NOTE: Next hangs its upgrade listener on this server, which never listens: upgrades are ours to route. (Its own
  // getUpgradeHandler() answers nobody: in development the page waits for that socket before it comes alive.)
  const pageUpgrades = createServer();
  const listening = { dir: root, hostname: config.host, port: config.webPort, httpServer: pageUpgrades };
  const pages = next({ dev: isDev, ...listening });
  await pages.prepare();
  const handlePage = pages.getRequestHandler();

  const pageSockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    if (proxy.handleRequest(request, response)) return;
    setPageHeaders(response);
    handlePage(request, response).catch((error: unknown) => {
      logger.error({ err: error, url: request.url }, "a page could not be rendered");
      response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    if (proxy.handleUpgrade(request, socket, head)) return;
    pageSockets.add(socket);
    socket.once("close", () => pageSockets.delete(socket));
    if (!isDev || !pageUpgrades.emit("upgrade", request, socket, head)) socket.destroy();
  });
  await listen(server, config);
  logger.info({ host: config.host, port: config.webPort }, "web is listening");
  stop = () => {
    proxy[Symbol.dispose]();
    for (const socket of pageSockets) socket.destroy();
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
}

function setPageHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const was = `${config.webPort} on ${config.host} (${error.code ?? error.message})`;
      reject(new BadSettings([{ name: "WEB_PORT", was, expected: "a free port" }]));
    });
    server.listen(config.webPort, config.host, () => resolve());
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof BadSettings ? error.message : error);
  process.exit(error instanceof BadSettings ? 2 : 1);
});

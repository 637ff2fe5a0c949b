/** Are the ports free that the two processes want, and if not, who has them and what should change? */

import { connect, createServer } from "node:net";
import path from "node:path";

const OWNER_MS_MAX = 1_000;

/**
 * Where the processes listen, from the environment; null where the setting is wrong (the data-service names it).
 * @param {NodeJS.ProcessEnv} env
 */
export function addressesOf(env) {
  return {
    host: env.HOST?.trim() || "127.0.0.1",
    webPort: portOf(env.WEB_PORT, 3000),
    dataServicePort: portOf(env.DATA_SERVICE_PORT, 8000),
  };
}

/**
 * @param {string | undefined} text
 * @param {number} fallback
 */
function portOf(text, fallback) {
  const port = Number(text?.trim() || fallback);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null;
}

/**
 * One sentence a taken port, with the variable to change; empty where both are free.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function takenPorts(root, env) {
  const { host, webPort, dataServicePort } = addressesOf(env);
  /** @type {string[]} */
  const taken = [];
  for (const { name, port } of [
    { name: "WEB_PORT", port: webPort },
    { name: "DATA_SERVICE_PORT", port: dataServicePort },
  ]) {
    if (port !== null && !(await isFree(port, host))) {
      taken.push(`Port ${port} on ${host} is already in use: stop what uses it, or set ${name} to another port.`);
    }
  }
  if (taken.length === 0) return taken;
  const owner = await ownerOf(path.resolve(root, env.DATA_DIR?.trim() || ".data"));
  if (owner !== null) taken.unshift(`Rightseat already runs on this DATA_DIR (process ${owner}).`);
  return taken;
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>} false only where the port is taken; any other trouble is left to the process itself
 */
function isFree(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code !== "EADDRINUSE"));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * The process that owns a DATA_DIR: its socket `owner.sock` says the pid to whoever connects. Null where nobody does.
 * @param {string} dataDir
 * @returns {Promise<number | null>}
 */
function ownerOf(dataDir) {
  return new Promise((resolve) => {
    const relative = path.relative(process.cwd(), path.join(dataDir, "owner.sock"));
    const socket = connect(relative);
    const end = (/** @type {number | null} */ pid) => {
      socket.destroy();
      resolve(pid);
    };
    socket.setTimeout(OWNER_MS_MAX, () => end(null));
    socket.once("error", () => end(null));
    socket.once("close", () => end(null));
    socket.once("data", (data) => end(Number(/\d+/.exec(String(data))?.[0] ?? Number.NaN) || null));
  });
}

/** How do the two processes run together? Starts both, says when they are ready, and ends both in one order. */

import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { addressesOf, takenPorts } from "./ports.mjs";
import { supervise } from "./supervise.mjs";

const LOOK_MS = 100;
const ANSWER_MS_MAX = 2_000;
const STILL_WAITING_MS = 10_000;
/** npm passes a terminal's signal on to a process that already had it: the two count as one. */
const SAME_SIGNAL_MS = 500;
const PARENT_LOOK_MS = 500;

/**
 * Runs data-service and web until a signal, the end of npm, or exit code 0 or 2 of either; resolves to the exit code.
 * @param {{root: string, command: string, dataServiceArgs: readonly string[], webArgs: readonly string[],
 *   env: NodeJS.ProcessEnv, say: (line: string) => void, onReady?: () => void}} options
 * @returns {Promise<number>}
 */
export async function launch({ root, command, dataServiceArgs, webArgs, env, say, onReady }) {
  const taken = await takenPorts(root, env);
  if (taken.length > 0) {
    for (const line of taken) say(line);
    return 2;
  }
  const childEnv = {
    ...env,
    WEB_SECRET: env.WEB_SECRET?.trim() || randomBytes(32).toString("hex"),
    NEXT_TELEMETRY_DISABLED: "1",
  };
  return new Promise((resolve) => {
    /** @type {import("./supervise.mjs").Child[]} Web first: it stops taking requests before what answers them ends. */
    const children = [];
    let isEnding = false;
    const end = async (/** @type {number} */ code) => {
      if (isEnding) return;
      isEnding = true;
      for (const child of children) await child.stop();
      unwatch();
      resolve(code);
    };
    const unwatch = onStop({
      stop: () => {
        say("Stopping …");
        void end(0);
      },
      kill: () => {
        for (const child of children) child.kill();
        resolve(130);
      },
    });
    const start = (
      /** @type {string} */ name,
      /** @type {readonly string[]} */ args,
      /** @type {() => void} */ onBreak,
    ) => supervise({ name, command, args, cwd: root, env: childEnv, say, onEnd: (code) => void end(code), onBreak });
    const startWeb = () => {
      if (!isEnding && children.length === 1) children.unshift(start("web", webArgs, () => undefined));
    };
    children.push(start("data-service", dataServiceArgs, startWeb));
    void announce({ env, say, startWeb, isOver: () => isEnding }).then(onReady);
  });
}

/**
 * Starts web as soon as the data-service answers at all (its settings are good then), and prints the address when
 * recovery and first history are done and the pages answer.
 * @param {{env: NodeJS.ProcessEnv, say: (line: string) => void, startWeb: () => void, isOver: () => boolean}} options
 */
async function announce({ env, say, startWeb, isOver }) {
  const { host, webPort, dataServicePort } = addressesOf(env);
  if (webPort === null || dataServicePort === null) return;
  let saidMs = Date.now();
  for (let isReady = false; !isReady && !isOver(); ) {
    const status = await statusOf({ host, port: dataServicePort, path: "/ready", apiKey: env.API_KEY });
    if (status !== null) startWeb();
    isReady = status === 200 && (await statusOf({ host, port: webPort, path: "/" })) !== null;
    if (isReady) break;
    if (Date.now() - saidMs > STILL_WAITING_MS) {
      say(status === null ? "… waiting for the data-service to answer" : "… recovering and loading first history");
      saidMs = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (!isOver()) say(`Rightseat is ready: ${env.PUBLIC_ORIGIN?.trim() || `http://${urlHost(host)}:${webPort}`}`);
}

/** @param {string} host */
function urlHost(host) {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return reachable.includes(":") ? `[${reachable}]` : reachable;
}

/**
 * @param {{host: string, port: number, path: string, apiKey?: string | undefined}} address
 * @returns {Promise<number | null>} the HTTP status, null where nobody answers
 */
function statusOf({ host, port, path, apiKey }) {
  return new Promise((resolve) => {
    const headers = { Host: `127.0.0.1:${port}`, ...(apiKey ? { "X-API-Key": apiKey } : {}) };
    const hostname = urlHost(host).replace(/[[\]]/g, "");
    const call = request({ hostname, port, path, headers, agent: false, timeout: ANSWER_MS_MAX }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(null));
    call.end();
  });
}

/**
 * Calls `stop` at the first signal, `kill` at a later one; under npm also `stop` when npm is gone.
 * @param {{stop: () => void, kill: () => void}} actions
 * @returns {() => void} ends the watch
 */
function onStop({ stop, kill }) {
  let firstMs = 0;
  const take = () => {
    const nowMs = Date.now();
    if (firstMs === 0) {
      firstMs = nowMs;
      stop();
    } else if (nowMs - firstMs > SAME_SIGNAL_MS) kill();
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, take);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent && firstMs === 0) take();
  }, PARENT_LOOK_MS);
  if (process.env.npm_lifecycle_event === undefined) clearInterval(watch);
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, take);
  };
}

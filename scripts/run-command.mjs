/** How does a script run one command to its end, while signals still end both? */

import { spawn } from "node:child_process";

/**
 * Runs a command; resolves to its exit code, 1 where a signal ended it or it could not be started. A SIGINT, SIGTERM or
 * SIGHUP to us is passed on to it and then ends us with 130, as nothing after it makes sense.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd: string, env?: NodeJS.ProcessEnv, isQuiet?: boolean}} options
 * @returns {Promise<{code: number, output: string}>} `output` is what a quiet command wrote, both streams
 */
export function runCommand(command, args, { cwd, env = process.env, isQuiet = false }) {
  return new Promise((resolve) => {
    const stdio = isQuiet ? /** @type {const} */ (["ignore", "pipe", "pipe"]) : "inherit";
    const child = spawn(command, args, { cwd, env, stdio: stdio === "inherit" ? ["ignore", stdio, stdio] : stdio });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    let isEnding = false;
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      isEnding = true;
      child.kill(signal);
    };
    const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
    for (const signal of signals) process.on(signal, end);
    const settle = (/** @type {number} */ code) => {
      for (const signal of signals) process.off(signal, end);
      if (isEnding) process.exit(130);
      resolve({ code, output });
    };
    child.on("error", (error) => {
      output += `${command}: ${error.message}\n`;
      settle(1);
    });
    child.on("close", (code) => settle(code ?? 1));
  });
}

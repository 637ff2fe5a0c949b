/** Does a child process live? Starts it, starts it again when it breaks, and ends it by its id. */

import { spawn } from "node:child_process";

const RESTARTS_MAX = 5;
const RESTART_WINDOW_MS = 60_000;
const RESTART_PAUSE_MS = 200;
const STOP_MS_MAX = 10_000;

/**
 * @typedef {object} Child
 * @property {() => Promise<void>} stop SIGTERM; SIGKILL after ten seconds; resolves when it has ended
 * @property {() => void} kill SIGKILL to it and to what it started, at once
 */

/**
 * Starts a command in a session of its own, so that the terminal's Ctrl-C reaches the launcher alone, with a channel
 * whose end tells it that we are gone. Any end but code 0 and 2 starts it again, five times a minute, then once the
 * minute is over; `onEnd` gets 0 or 2, and every `onBreak` is called before the restart.
 * @param {{name: string, command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv,
 *   say: (line: string) => void, onEnd: (code: 0 | 2) => void, onBreak?: () => void}} options
 * @returns {Child}
 */
export function supervise({ name, command, args, cwd, env, say, onEnd, onBreak }) {
  /** @type {number[]} */
  let restartedMs = [];
  let isStopping = false;
  /** @type {NodeJS.Timeout | undefined} */
  let pause;
  let child = start();

  function start() {
    const started = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    started.once("error", (error) => ended(started, 1, error.message));
    started.once("exit", (code, signal) => ended(started, code, signal ?? `code ${code}`));
    return started;
  }

  /**
   * @param {import("node:child_process").ChildProcess} which
   * @param {number | null} code
   * @param {string} how
   */
  function ended(which, code, how) {
    if (isStopping || which !== child) return;
    if (code === 0 || code === 2) return onEnd(code);
    onBreak?.();
    const nowMs = Date.now();
    restartedMs = restartedMs.filter((ms) => nowMs - ms < RESTART_WINDOW_MS);
    const isTooOften = restartedMs.length >= RESTARTS_MAX;
    const waitMs = isTooOften ? RESTART_WINDOW_MS - (nowMs - (restartedMs[0] ?? nowMs)) : RESTART_PAUSE_MS;
    const next = `next try in ${Math.ceil(waitMs / 1000)} s`;
    say(
      isTooOften
        ? `${name} ended (${how}) after ${RESTARTS_MAX} restarts in a minute; ${next}.`
        : `${name} ended (${how}); starting it again.`,
    );
    pause = setTimeout(() => {
      restartedMs.push(Date.now());
      child = start();
    }, waitMs);
  }

  const kill = () => {
    isStopping = true;
    clearTimeout(pause);
    if (child.pid === undefined || hasEnded(child)) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
    }
  };
  const stop = () => {
    isStopping = true;
    clearTimeout(pause);
    if (child.pid === undefined || hasEnded(child)) return Promise.resolve();
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const last = setTimeout(kill, STOP_MS_MAX);
        child.once("exit", () => {
          clearTimeout(last);
          resolve();
        });
        child.kill("SIGTERM");
      })
    );
  };
  return { stop, kill };
}

/** @param {import("node:child_process").ChildProcess} child */
function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

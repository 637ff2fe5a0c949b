/** How busy is a process meanwhile? Its processor time between two moments, as a share of one core. */
import fs from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const MS_PER_JIFFY = 10;

export class ProcessTime {
  readonly #pid: number;
  readonly #fromMs = performance.now();
  readonly #fromCpuMs: number | null;

  constructor(pid: number) {
    this.#pid = pid;
    this.#fromCpuMs = cpuMsOf(pid);
  }

  /** Percent of one core since this was made; null where the system does not tell (no /proc). */
  percent(): number | null {
    const cpuMs = cpuMsOf(this.#pid);
    if (cpuMs === null || this.#fromCpuMs === null) return null;
    return Math.round((100 * (cpuMs - this.#fromCpuMs)) / (performance.now() - this.#fromMs));
  }
}

/** User and system time of a process, all threads. */
function cpuMsOf(pid: number): number | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields behind the name in brackets, which may itself hold blanks: utime and stime are the 14th and 15th of all.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_JIFFY;
  } catch {
    return null; // NOTE: no /proc, or the process has ended.
  }
}

/** What is wrong with this file, where, and what was expected? The error that ends a replay with exit code 2. */

export type FileFault = {
  readonly file: string;
  /** Line of the uncompressed text from 1; 0 where the fault is the file itself. */
  readonly line: number;
  readonly field: string;
  readonly was: string;
  readonly expected: string;
};

/** A file that cannot be replayed. The process says the message and exits with code 2. */
export class FileFeedError extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(describeFault(fault));
    this.name = "FileFeedError";
    this.fault = fault;
  }
}

/** "a.csv, line 3, price: was abc, expected a number"; without the line where it is 0. */
export function describeFault(fault: FileFault): string {
  const place = fault.line > 0 ? `${fault.file}, line ${fault.line}` : fault.file;
  return `${place}, ${fault.field}: was ${fault.was}, expected ${fault.expected}`;
}

/** Where do frames wait until they are read? A queue with a bound in bytes: the socket is emptied at once. */

/** Stands in for a frame that was taken, so that its bytes can go. */
const READ = Buffer.alloc(0);

export class FrameQueue {
  readonly #bytesMax: number;
  #frames: Buffer[] = [];
  #head = 0;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** False: the bound is passed; everything that waited and this frame are gone. */
  push(frame: Buffer): boolean {
    if (this.#bytes + frame.length > this.#bytesMax) {
      this.clear();
      return false;
    }
    this.#frames.push(frame);
    this.#bytes += frame.length;
    return true;
  }

  /** The oldest frame, or null. */
  take(): Buffer | null {
    if (this.#head === this.#frames.length) return null;
    const frame = this.#frames[this.#head];
    this.#frames[this.#head] = READ;
    this.#head += 1;
    this.#bytes -= frame.length;
    if (this.#head > 1_024 && this.#head * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }

  get length(): number {
    return this.#frames.length - this.#head;
  }

  clear(): void {
    this.#frames = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}

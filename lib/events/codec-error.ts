/** Why can this record not be written or read? The one error of the codec. */

/** `offset` counts bytes from the beginning of the frame's payload; −1 where nothing was written yet. */
export class CodecError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`codec: ${message}${offset < 0 ? "" : ` at payload byte ${offset}`}`);
    this.name = "CodecError";
    this.offset = offset;
  }
}

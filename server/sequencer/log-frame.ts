/** How does a batch become bytes of a segment? Length and CRC32C before the payload. */
import { crc32c } from "@node-rs/crc32";
import { assert } from "#lib/assert.ts";
import { FRAME_HEAD_BYTES, type FrameWriter, finishFrame } from "#lib/events/codec-frame.ts";
import { FRAME_BYTES_MAX } from "#lib/limits.ts";

/** The whole frame, length and checksum filled in: a view of the writer's buffer, valid until it is used again. */
export function sealFrame(frame: FrameWriter): Uint8Array {
  const payload = finishFrame(frame);
  assert(payload.length <= FRAME_BYTES_MAX, `a frame of ${payload.length} bytes, at most ${FRAME_BYTES_MAX}`);
  frame.view.setUint32(0, payload.length, true);
  frame.view.setUint32(4, crc32c(payload), true);
  return frame.bytes.subarray(0, FRAME_HEAD_BYTES + payload.length);
}

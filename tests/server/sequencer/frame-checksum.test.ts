/** Is a frame's checksum CRC32C, whichever of the two ways it goes? */
import assert from "node:assert/strict";
import test from "node:test";
import { crc32c } from "@node-rs/crc32";
import { createRandom } from "#lib/prng.ts";
import { frameChecksum } from "#server/sequencer/frame-checksum.ts";
import { testSeeds } from "#tests/support/seeds.ts";

const sumOf = (bytes: Uint8Array<ArrayBuffer>): number =>
  frameChecksum(bytes, new DataView(bytes.buffer), 0, bytes.length);

test("the values of RFC 3720 (iSCSI), appendix B.4", () => {
  assert.equal(sumOf(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(sumOf(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(sumOf(Uint8Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e);
  assert.equal(sumOf(Uint8Array.from({ length: 32 }, (_, at) => 31 - at)), 0x113fdb5c);
});

test("every length from 8 to 1,024 bytes, anywhere in a buffer, is what the native code says", () => {
  for (const seed of testSeeds("frame checksum")) {
    const random = createRandom(seed);
    const bytes = Uint8Array.from({ length: 8_192 }, () => Math.floor(random() * 256));
    const view = new DataView(bytes.buffer);
    for (let byteLength = 8; byteLength <= 1_024; byteLength += 8) {
      const from = Math.floor(random() * (bytes.length - byteLength));
      const sum = frameChecksum(bytes, view, from, byteLength);
      assert.equal(sum, crc32c(bytes.subarray(from, from + byteLength)), `${byteLength} bytes from ${from}`);
    }
  }
});

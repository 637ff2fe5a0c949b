/** Which random number comes next? Seeded generators whose every draw can be repeated. */

/** One draw in [0, 1). */
export type Random = () => number;

/**
 * A 32-bit seed from parts, so that a place (seed, day, minute) has its own stream: FNV-1a over the parts' words,
 * then Murmur3's finalizer. Parts are whole numbers or text.
 */
export function hashSeed(...parts: (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = typeof part === "number" ? `#${part}` : part;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x2c, 0x01000193);
  }
  return mix(hash);
}

/** Murmur3's 32-bit finalizer: every input bit moves every output bit. */
export function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Mulberry32: 32 bits of state, period 2^32, the same draws in every JavaScript engine. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

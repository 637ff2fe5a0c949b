/** How do the closed parts of analyses get into a snapshot? Each as bytes of its own, packed before it is taken. */
import { deserialize, serialize } from "node:v8";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type AnalysisParts, partsOf } from "#lib/engine/analysis/analysis-parts.ts";
import type { ContractAnalysis } from "#lib/engine/analysis/contract-analysis.ts";
import type { EngineState } from "#lib/engine/state.ts";

/** The fastest level: a quarter of the bytes in about a millisecond. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export type ClosedAnalysis = Omit<AnalysisParts, "trades">;

type Packed = { changes: number; bytes: Uint8Array };

export class PackedAnalyses {
  readonly #packed = new WeakMap<ContractAnalysis, Packed>();

  /** Packs one that has changed since it was packed; true when none had. */
  ahead({ analyses }: EngineState): boolean {
    const changed = analyses.find((one) => one !== null && this.#packed.get(one)?.changes !== one.changes);
    if (changed === undefined || changed === null) return true;
    this.#pack(changed);
    return false;
  }

  /** By contract number; null: not analysed. Whatever has changed meanwhile is packed now. */
  all({ analyses }: EngineState): (Uint8Array | null)[] {
    return analyses.map((one) => (one === null ? null : this.#pack(one)));
  }

  #pack(analysis: ContractAnalysis): Uint8Array {
    const known = this.#packed.get(analysis);
    if (known?.changes === analysis.changes) return known.bytes;
    const { closed, published } = partsOf(analysis);
    const bytes = zstdCompressSync(serialize({ closed, published } satisfies ClosedAnalysis), ZSTD);
    this.#packed.set(analysis, { changes: analysis.changes, bytes });
    return bytes;
  }
}

/** Throws Node's errors where the bytes are not what was packed. */
export function unpackAnalysis(bytes: Uint8Array): ClosedAnalysis {
  return deserialize(zstdDecompressSync(bytes)) as ClosedAnalysis; // safe: the snapshot's checksum says we wrote it
}

/** Where does a restored state get from what its snapshot wrote apart: closed rows and the closed parts of analyses? */
import { assert } from "#lib/assert.ts";
import type { Stored } from "#lib/engine/snapshot.ts";
import { readColumns } from "./columns.ts";
import { unpackAnalysis } from "./packed-analyses.ts";
import type { Snapshot } from "./snapshot-file.ts";

/** Throws ColumnsDamaged as readColumns does; `columns` is the run's folder of them. */
export function storedOf(snapshot: Pick<Snapshot, "columns" | "closed">, columns: string): Stored {
  return {
    rows: readColumns(columns, snapshot.columns),
    analysis(contract) {
      const bytes = snapshot.closed[contract] ?? null;
      assert(bytes !== null, `the snapshot lacks the closed part of contract ${contract}'s analysis`);
      return unpackAnalysis(bytes);
    },
  };
}

/** Which row and quote belong to the linked root? */

import { useInstruments } from "#components/live/use-live.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";

/** The row of a root; undefined before the first word, or where the root is not followed. */
export function useInstrument(root: string): InstrumentRow | undefined {
  return useInstruments()?.find((row) => row.root === root);
}

/** How is a file read whose columns a person has mapped? As a format of its own, with the same reader. */

import type { FillColumns, ImportFormat, TradeColumns } from "#lib/imports/import-format.ts";

/** `name` is the person's word for where the file comes from: execution ids are unique within it. */
export type Mapping = { readonly name: string } & (
  | { readonly kind: "fills"; readonly columns: FillColumns }
  | { readonly kind: "trades"; readonly columns: TradeColumns }
);

/** The format of a mapping. Prices may be averages: nobody said what the file tells. */
export function mappedFormat(mapping: Mapping): ImportFormat {
  const { name } = mapping;
  const common = { id: "mapped", name, source: `mapped:${name}`, header: [], required: [] };
  const reading = { dateOrder: "local", prices: "averages" } as const;
  return mapping.kind === "fills"
    ? { ...common, ...reading, kind: "fills", columns: mapping.columns }
    : { ...common, ...reading, kind: "trades", columns: mapping.columns };
}

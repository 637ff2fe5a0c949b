/** Which rows need a look before the file is taken over? Faults, contradictions, pairs, clashes. */

import styles from "#components/import/import.module.css";
import type { ImportPreview } from "#lib/wire/imports.ts";

type Rows = {
  title: string;
  note: string;
  count: number;
  head: readonly string[];
  rows: readonly (readonly string[])[];
};

export function PreviewRows({ preview }: { preview: ImportPreview }) {
  return rowsOf(preview)
    .filter(({ count }) => count > 0)
    .map(({ title, note, count, head, rows }) => (
      <section key={title} className={styles.part} aria-label={title} data-testid="preview-rows">
        <h3 className={styles.heading}>
          {count} {title} <span className="dim">{note}</span>
        </h3>
        <table className={styles.table}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col" className="label">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a preview never move.
              <tr key={index}>
                {cells.map((cell, at) => (
                  <td key={head[at]} className="n">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {count > rows.length ? <span className="dim">and {count - rows.length} more</span> : null}
      </section>
    ));
}

function rowsOf(preview: ImportPreview): Rows[] {
  const words = (lines: readonly { words: string; row: number | null }[]): string =>
    lines.map((line) => (line.row === null ? line.words : `row ${line.row}: ${line.words}`)).join("; ");
  return [
    {
      title: "faults",
      note: "these rows cannot be read and are left out",
      count: preview.rowErrors,
      head: ["row", "column", "received", "expected"],
      rows: preview.errorRows.map(({ row, field, received, expected }) => [String(row), field, received, expected]),
    },
    {
      title: "contradictions",
      note: "the prices are taken",
      count: preview.conflicts,
      head: ["row", "of", "the file says", "we find"],
      rows: preview.conflictRows.map(({ row, kind, stated, ours }) => [String(row), kind, stated, ours]),
    },
    {
      title: "pairs",
      note: "another source told these already: they are left out",
      count: preview.pairs,
      head: ["by", "in the file", "there already", "source"],
      rows: preview.pairRows.map(({ by, incoming, existing }) => [
        by,
        words(incoming),
        words(existing),
        existing[0]?.source ?? "",
      ]),
    },
    {
      title: "clashes",
      note: "one id, two contents: what is there stays",
      count: preview.clashes,
      head: ["fields", "in the file", "there already"],
      rows: preview.clashRows.map(({ fields, incoming, existing }) => [
        fields.join(", "),
        words([incoming]),
        words([existing]),
      ]),
    },
  ];
}

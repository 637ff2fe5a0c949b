/** What would the file bring, in figures that can be held against the broker's own? */

import styles from "#components/import/import.module.css";
import { civilDayIso } from "#lib/civil.ts";
import { formatUsd } from "#lib/format.ts";
import { localParts } from "#lib/time-zone.ts";
import type { ImportPreview } from "#lib/wire/imports.ts";

export function PreviewFigures({ preview }: { preview: ImportPreview }) {
  const { format, reasons, clock, dateOrder, totals } = preview;
  return (
    <section className={styles.part} aria-label="Preview" data-testid="preview">
      <h3 className={styles.heading}>
        {preview.fileName === "" ? "The file" : preview.fileName}
        {format === null ? "" : `: ${format}`}
      </h3>
      <span className="dim">
        {[...reasons, clock === null ? "" : `clock ${clock}`, dateOrder ?? ""]
          .filter((word) => word !== "")
          .join(" · ")}
      </span>
      {totals === null ? null : (
        <dl className={styles.figures}>
          {figuresOf(preview, totals).map(([name, value]) => (
            <div key={name}>
              <dt className="label">{name}</dt>
              <dd className="n" data-field={name}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function figuresOf(preview: ImportPreview, totals: NonNullable<ImportPreview["totals"]>): [string, string][] {
  const fees = totals.fillsWithoutFee === 0 ? "" : ` (${totals.fillsWithoutFee} fills say none: list prices)`;
  return [
    ["new fills", String(preview.fresh)],
    ["known already", String(preview.same)],
    ["told by another source", String(preview.pairs)],
    ["round trips of the file", String(totals.trips)],
    ["gross", formatUsd(totals.grossUsd)],
    ["fees", `${formatUsd(totals.feesUsd)}${fees}`],
    ["net", formatUsd(totals.netUsd)],
    ["accounts", totals.accounts.join(", ")],
    ["contracts", totals.instruments.join(", ")],
    ["days (CT)", `${dayText(totals.fromMs)} to ${dayText(totals.toMs)}`],
    ["left open", totals.open.length === 0 ? "nothing" : totals.open.join("; ")],
    ["rows without a fill", String(preview.skipped)],
  ];
}

function dayText(ms: number | null): string {
  return ms === null ? "–" : civilDayIso(localParts("America/Chicago", ms).day);
}

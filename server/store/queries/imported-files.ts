/** Which files were imported, and how many of their fills count? Newest first; those that were undone are left out. */
import { sql } from "drizzle-orm";
import type { ImportRow } from "#lib/wire/imports.ts";
import type { Database } from "#server/store/database.ts";

/** `timeStepMs`: the finest unit of the file's clock. */
export type ImportedFile = ImportRow & { timeStepMs: number };

export async function importedFiles(database: Database): Promise<ImportedFile[]> {
  const { rows } = await database.transaction((tx) =>
    tx.execute(sql`
      select import_id, file_name, i.source, zone, i.told_ms, time_step_ms, count(f.import_id) as fills
      from imports i left join fills f using (import_id)
      where kind = 'file' and not exists (select from withdrawals w where w.import_id = i.import_id)
      group by i.import_id order by i.told_ms desc`),
  );
  return rows.map((row) => ({
    importId: String(row.import_id),
    fileName: String(row.file_name),
    source: String(row.source),
    zone: String(row.zone),
    fills: Number(row.fills),
    toldMs: Number(row.told_ms),
    timeStepMs: Number(row.time_step_ms),
  }));
}

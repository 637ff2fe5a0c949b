/** Which files were taken over, and how is one taken back? */

import { notifications } from "@mantine/notifications";
import styles from "#components/import/import.module.css";
import { wordsOf } from "#components/queries/api.ts";
import { useImports, useUndo } from "#components/queries/use-imports.ts";
import { formatDayClock } from "#lib/format.ts";

const HEAD = ["File", "Source", "Clock", "Fills", "Taken over (CT)", ""];

export function ImportedFiles() {
  const { data, error } = useImports();
  const undo = useUndo();
  if (error !== null) return <span className="dim">{wordsOf(error)}</span>;
  if (data === undefined || data.length === 0) return null;
  const takeBack = (importId: string, fileName: string): void =>
    undo.mutate(importId, {
      onSuccess: ({ fills }) => notifications.show({ title: "Undone", message: `${fills} fills of ${fileName}` }),
    });
  return (
    <section className={styles.part} aria-label="Taken over" data-testid="imported">
      <h3 className={styles.heading}>Taken over</h3>
      <table className={styles.table}>
        <thead>
          <tr>
            {HEAD.map((name) => (
              <th key={name} scope="col" className="label">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map(({ importId, fileName, source, zone, fills, toldMs }) => (
            <tr key={importId}>
              <td>{fileName}</td>
              <td>{source}</td>
              <td className="dim">{zone}</td>
              <td className="n">{fills}</td>
              <td className="n">{formatDayClock("America/Chicago", toldMs)}</td>
              <td>
                <button
                  type="button"
                  className="button button-plain"
                  disabled={undo.isPending}
                  onClick={() => takeBack(importId, fileName)}
                >
                  Undo
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

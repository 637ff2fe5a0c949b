"use client";
/** What do the analyses say of this root in this column? Renders when its own text changes, not with every message. */

import { useScanner } from "#components/live/use-live.ts";
import { type ScanColumnId, scanKey } from "#components/scanner/scan-columns.ts";
import styles from "#components/scanner/table.module.css";

export function ScanCell({ id, root }: { id: ScanColumnId; root: string }) {
  const key = useScanner(({ rows }) =>
    scanKey(
      rows.find((row) => row.root === root),
      id,
    ),
  );
  const missing = useScanner(({ rows }) => rows.find((row) => row.root === root)?.missing.join("; ") ?? "");
  if (key === undefined) return <span className="skeleton" style={{ width: 40 }} />;
  const tone = key.slice(0, key.indexOf(" "));
  const text = key.slice(key.indexOf(" ") + 1);
  const isUnknown = text === "–";
  return (
    <span title={isUnknown ? missing : id === "nearest" || id === "idea" ? text : undefined}>
      <span className={`${styles.scan} n live ${isUnknown ? "dim" : tone}`} data-part={id} data-tone={tone}>
        {text}
      </span>
      {id === "atrUsed" && !isUnknown ? (
        <span className={styles.used} data-tone={tone} aria-hidden="true">
          <b style={{ width: `${text}%` }} />
        </span>
      ) : null}
    </span>
  );
}

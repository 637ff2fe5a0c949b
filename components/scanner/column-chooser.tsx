"use client";
/** Which columns shall the table show? A list to tick, and back to the first choice. */

import { Checkbox, Popover } from "@mantine/core";
import { COLUMN_WORDS, VISIBLE_AT_FIRST } from "#components/scanner/columns.ts";
import styles from "#components/scanner/table.module.css";
import { sorting, visibleColumns } from "#components/scanner/table-choices.ts";
import { usePersisted } from "#components/ui/persisted.ts";

export function ColumnChooser() {
  const visible = usePersisted(visibleColumns);
  const reset = (): void => {
    visibleColumns.set(VISIBLE_AT_FIRST);
    sorting.set([]);
  };
  return (
    <Popover position="bottom-end" withinPortal>
      <Popover.Target>
        <button type="button" className="button button-plain" data-testid="choose-columns">
          Columns
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.chooser}>
        {COLUMN_WORDS.filter(({ id }) => id !== "contract").map(({ id, header, meaning }) => (
          <Checkbox
            key={id}
            size="xs"
            label={header}
            title={meaning}
            checked={visible[id]}
            onChange={(event) => visibleColumns.set({ ...visible, [id]: event.currentTarget.checked })}
          />
        ))}
        <button type="button" className="button" onClick={reset}>
          Reset columns and order
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}

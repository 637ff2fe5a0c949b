"use client";
/** Which keys are there? */

import { Modal } from "@mantine/core";
import styles from "#components/shell/shell.module.css";
import { shell, useShell } from "#components/shell/shell-state.ts";

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [["Ctrl", "K"], "Find an instrument, interval, page or action (⌘ K on a Mac)"],
  [["E", "S"], "Type letters: link that instrument"],
  [["1", "5"], "Type digits: change the interval (15 = 15m; 1h, 500t, 2000v, 8r)"],
  [["↑", "↓"], "Link the instrument above or below"],
  [["Enter"], "Take what was typed, or link the focused line"],
  [["R"], "Refresh everything"],
  [["←", "→"], "On a chart: read out the bar before or after; Home and End for the ends"],
  [["⇧", "F10"], "On a chart: anchor VWAP and CVD at the bar read out, as a right click does"],
  [["Esc"], "Drop what was typed, close a dialog"],
  [["?"], "This sheet"],
];

export function CheatSheet() {
  const { isCheatSheetOpen } = useShell();
  return (
    <Modal
      opened={isCheatSheetOpen}
      onClose={() => shell.set({ isCheatSheetOpen: false })}
      title="Keys"
      size="md"
      overlayProps={{ blur: 0, backgroundOpacity: 0.55 }}
      transitionProps={{ duration: 100 }}
      classNames={{ content: styles.palette, header: styles.sheetHeader }}
    >
      <dl className={styles.keys}>
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning} className={styles.keyLine}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

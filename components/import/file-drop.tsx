/** Where does the file come from? Dropped here, or chosen. */

import { type DragEvent, useState } from "react";
import styles from "#components/import/import.module.css";

export function FileDrop({ take, isBusy }: { take: (file: File) => void; isBusy: boolean }) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) take(file);
  };
  return (
    <label
      className={styles.drop}
      data-over={isOver}
      data-testid="drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>{isBusy ? "Reading…" : "Drop a file of your broker here, or choose one"}</span>
      <span className="dim">
        NinjaTrader, Tradovate, Rithmic, TopstepX, Quantower, the incumbent's JSON, our own export; 50 MB at most
      </span>
      <input
        type="file"
        accept=".csv,.txt,.tsv,.json"
        data-testid="file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) take(file);
          event.target.value = "";
        }}
      />
    </label>
  );
}

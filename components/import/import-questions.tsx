/** What does the file not say of itself? Asked, never guessed. */

import { useState } from "react";
import styles from "#components/import/import.module.css";
import type { Answers } from "#components/queries/use-imports.ts";
import type { ImportPreview } from "#lib/wire/imports.ts";

type QuestionsProps = { preview: ImportPreview; answers: Answers; answer: (answers: Answers) => void };

export function ImportQuestions({ preview, answers, answer }: QuestionsProps) {
  const [said, setSaid] = useState<Answers>(answers);
  if (preview.needs.length === 0) return null;
  const isAsked = (need: ImportPreview["needs"][number]): boolean => preview.needs.includes(need);
  if (isAsked("mapping")) return <UnknownFile preview={preview} />;
  return (
    <form
      className={styles.part}
      data-testid="questions"
      onSubmit={(event) => {
        event.preventDefault();
        answer(said);
      }}
    >
      <h3 className={styles.heading}>The file does not say:</h3>
      <div className={styles.row}>
        {isAsked("zone") ? (
          <Choice
            label="Its clock is that of"
            words={preview.zones.map((zone) => [zone, zone])}
            choose={(zone) => setSaid({ ...said, zone })}
          />
        ) : null}
        {isAsked("dateOrder") ? (
          <Choice
            label="Its dates are"
            words={[
              ["mdy", "month first"],
              ["dmy", "day first"],
            ]}
            choose={(order) => setSaid({ ...said, dateOrder: order === "mdy" ? "mdy" : "dmy" })}
          />
        ) : null}
        {isAsked("decimalMark") ? (
          <Choice
            label="Decimals stand behind a"
            words={[
              [".", "dot"],
              [",", "comma"],
            ]}
            choose={(mark) => setSaid({ ...said, decimalMark: mark === "." ? "." : "," })}
          />
        ) : null}
        {isAsked("account") ? (
          <label>
            <span className="label">The account is </span>
            <input
              className={styles.input}
              required
              maxLength={200}
              value={said.account ?? ""}
              onChange={(event) => setSaid({ ...said, account: event.target.value })}
            />
          </label>
        ) : null}
        <button type="submit" className="button">
          Read it so
        </button>
      </div>
    </form>
  );
}

type ChoiceProps = { label: string; words: readonly (readonly [string, string])[]; choose: (word: string) => void };

function Choice({ label, words, choose }: ChoiceProps) {
  return (
    <label>
      <span className="label">{label} </span>
      <select className={styles.input} required defaultValue="" onChange={(event) => choose(event.target.value)}>
        <option value="" disabled>
          choose
        </option>
        {words.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function UnknownFile({ preview }: { preview: ImportPreview }) {
  return (
    <div className={styles.part} role="status">
      <h3 className={styles.heading}>This file is of no format that we know: {preview.reasons.join("; ")}</h3>
      <span className="dim">
        Its columns are {preview.columns.join(", ")}. POST /imports/preview/{preview.contentHash.slice(0, 8)}… takes a
        mapping of them, see /docs.
      </span>
    </div>
  );
}

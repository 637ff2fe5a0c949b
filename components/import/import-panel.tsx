"use client";
/** How does a file become trades? Drop it, answer what it leaves open, look, take over; and take back. */

import { notifications } from "@mantine/notifications";
import Link from "next/link";
import { useState } from "react";
import { FileDrop } from "#components/import/file-drop.tsx";
import styles from "#components/import/import.module.css";
import { ImportQuestions } from "#components/import/import-questions.tsx";
import { ImportedFiles } from "#components/import/imported-files.tsx";
import { PreviewFigures } from "#components/import/preview-figures.tsx";
import { PreviewRows } from "#components/import/preview-rows.tsx";
import { type Answers, useCommit, usePreview } from "#components/queries/use-imports.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { ImportPreview } from "#lib/wire/imports.ts";

export function ImportPanel() {
  const preview = usePreview();
  const [answers, setAnswers] = useState<Answers>({});
  const shown = preview.data;
  const take = (file: File): void => {
    setAnswers({});
    preview.mutate({ file });
  };
  const answer = (more: Answers): void => {
    if (shown === undefined) return;
    const all = { ...answers, ...more };
    setAnswers(all);
    preview.mutate({ contentHash: shown.contentHash, answers: all });
  };
  return (
    <Panel
      title="Import"
      source={
        <Link prefetch={false} href="/trades" className={styles.link}>
          Trades
        </Link>
      }
      className={styles.panel}
      testId="import"
    >
      <div className={styles.body}>
        <FileDrop take={take} isBusy={preview.isPending} />
        {shown === undefined ? null : (
          <>
            <ImportQuestions key={shown.contentHash} preview={shown} answers={answers} answer={answer} />
            <PreviewFigures preview={shown} />
            <PreviewRows preview={shown} />
            {shown.needs.length > 0 ? null : (
              <TakeOver preview={shown} answers={answers} done={preview.reset} isBusy={preview.isPending} />
            )}
          </>
        )}
        <ImportedFiles />
      </div>
    </Panel>
  );
}

type TakeOverProps = { preview: ImportPreview; answers: Answers; done: () => void; isBusy: boolean };

function TakeOver({ preview, answers, done, isBusy }: TakeOverProps) {
  const commit = useCommit();
  const send = (): void =>
    commit.mutate(
      { preview, answers },
      {
        onSuccess: ({ added }) => {
          notifications.show({ title: "Taken over", message: `${added} fills of ${preview.fileName}` });
          done();
        },
      },
    );
  const left = preview.rowErrors === 0 ? "" : `, without the rows of ${preview.rowErrors} faults`;
  return (
    <div className={styles.row}>
      <button
        type="button"
        className="button"
        disabled={isBusy || commit.isPending || preview.fresh === 0}
        onClick={send}
      >
        {preview.fresh === 0 ? "Nothing new to take over" : `Take over ${preview.fresh} fills${left}`}
      </button>
      <button type="button" className="button button-plain" onClick={done}>
        Leave it
      </button>
    </div>
  );
}

/** How does the screen hand in a file of trades, take it over, and take it back? */

import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askApi, postJson, wordsOf } from "#components/queries/api.ts";
import type { ImportAnswers, Imported, ImportPreview, ImportRow } from "#lib/wire/imports.ts";

export type Answers = Partial<ImportAnswers>;

function say(title: string) {
  return (error: unknown) => notifications.show({ title, message: wordsOf(error), color: "red" });
}

export function useImports() {
  return useQuery({ queryKey: ["imports"], queryFn: () => askApi<ImportRow[]>("/imports"), retry: false });
}

/** The file itself, then answers to what it leaves open. */
export function usePreview() {
  return useMutation({
    mutationFn: (asked: { file: File } | { contentHash: string; answers: Answers }) =>
      "file" in asked
        ? askApi<ImportPreview>(`/imports/preview?fileName=${encodeURIComponent(asked.file.name.slice(0, 200))}`, {
            method: "POST",
            headers: { "content-type": "application/octet-stream" },
            body: asked.file,
          })
        : postJson<ImportPreview>(`/imports/preview/${asked.contentHash}`, asked.answers),
    onError: say("The file cannot be read"),
  });
}

export function useCommit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ preview, answers }: { preview: ImportPreview; answers: Answers }) =>
      postJson<Imported>("/imports", { contentHash: preview.contentHash, answers, rowErrors: preview.rowErrors }),
    onSuccess: () => Promise.all([["imports"], ["trades"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
    onError: say("Not taken over"),
  });
}

export function useUndo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (importId: string) =>
      askApi<{ fills: number }>(`/imports/${importId}`, {
        method: "DELETE",
        headers: { "content-type": "application/json" },
      }),
    onSuccess: () => Promise.all([["imports"], ["trades"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
    onError: say("Not undone"),
  });
}

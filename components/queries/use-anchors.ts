/** How does a trader place or remove an anchor? One POST; the stream brings the lines. */

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { postJson, wordsOf } from "#components/queries/api.ts";
import type { AnchorAnswer } from "#lib/wire/anchors.ts";

/** `atMs` null removes all of the contract's. */
export type AnchorRequest = { action: "set" | "remove"; contract: string; atMs: number | null };

export function useAnchors() {
  return useMutation({
    mutationFn: ({ action, contract, atMs }: AnchorRequest) =>
      postJson<AnchorAnswer>(`/actions/${action}_anchor`, { instrument: contract, at_ms: atMs }),
    onError: (error) => notifications.show({ title: "Anchor not changed", message: wordsOf(error), color: "red" }),
  });
}

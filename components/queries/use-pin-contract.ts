/** How does a trader pin the contract month that a root shows? One POST; the stream brings the new table. */

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import type { z } from "zod";
import { postJson, wordsOf } from "#components/queries/api.ts";
import type { pinAnswerSchema } from "#lib/wire/bars.ts";

type PinAnswer = z.infer<typeof pinAnswerSchema>;

export type PinRequest = { root: string; contract: string | null };

function outcomeOf(answer: PinAnswer): string {
  if (answer.outcome === "unchanged") return `${answer.root} stays at ${answer.contract}: nothing to change`;
  return answer.pinned
    ? `${answer.root} is pinned to ${answer.contract}`
    : `${answer.root} follows the front month, ${answer.contract}`;
}

export function usePinContract() {
  return useMutation({
    mutationFn: ({ root, contract }: PinRequest) => postJson<PinAnswer>(`/contracts/${root}/pin`, { contract }),
    onSuccess: (answer) =>
      notifications.show({ title: "Contract", message: `${outcomeOf(answer)} (seq ${answer.seq})` }),
    onError: (error) => notifications.show({ title: "Not pinned", message: wordsOf(error), color: "red" }),
  });
}

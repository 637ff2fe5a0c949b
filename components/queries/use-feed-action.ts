/** How does a person stop, start or change the feed? One POST; the feed's own words come back. */

import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { postJson, wordsOf } from "#components/queries/api.ts";
import type { LiveFeedActionAnswer } from "#lib/wire/live-feed.ts";

export type FeedAction = "start" | "stop" | "upgrade" | "downgrade";

export function useFeedAction() {
  return useMutation({
    mutationFn: (action: FeedAction) => postJson<LiveFeedActionAnswer>(`/actions/live_feed/${action}`, {}),
    onSuccess: (answer) => notifications.show({ title: "Feed", message: answer.message }),
    onError: (error) => notifications.show({ title: "Feed not changed", message: wordsOf(error), color: "red" }),
  });
}

/** What was the feed told to bring, and what does it bring? Asked anew whenever the feed has new words. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { askApi } from "#components/queries/api.ts";
import type { liveFeedReportSchema } from "#lib/wire/live-feed.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

type LiveFeedReport = z.infer<typeof liveFeedReportSchema>;

export function useLiveFeed({ feed, mode, state, message }: FeedsReport) {
  return useQuery({
    queryKey: ["live-feed", feed, mode, state, message],
    queryFn: () => askApi<LiveFeedReport>("/analysis/live_feed"),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

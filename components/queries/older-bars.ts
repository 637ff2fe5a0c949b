/** Which closed bars came before those on screen? Pages of GET /bars, fetched once. */

import type { QueryClient } from "@tanstack/react-query";
import { askApi } from "#components/queries/api.ts";
import type { BarsAnswer } from "#lib/wire/bars.ts";
import type { Hours, Interval } from "#lib/wire/topic.ts";

/** Bars of one page. */
const PAGE_BARS = 1_000;

export type BarsQuestion = { contract: string; interval: Interval; hours: Hours; toMs: number };

/** The page of closed bars before `toMs`; the same page is never fetched twice while the cache holds it. */
export function fetchOlderBars(client: QueryClient, question: BarsQuestion): Promise<BarsAnswer> {
  const { contract, interval, hours, toMs } = question;
  const query = new URLSearchParams({ interval, hours, to: String(toMs), limit: String(PAGE_BARS) });
  return client.fetchQuery({
    queryKey: ["bars", contract, interval, hours, toMs],
    queryFn: () => askApi<BarsAnswer>(`/bars/${contract}?${query}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

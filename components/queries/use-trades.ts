/** How does the screen ask for trades and write words to them? */

import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askApi, wordsOf } from "#components/queries/api.ts";
import type { NoteTrade, Trade, TradesAnswer } from "#lib/wire/trades.ts";

/** "" is all. */
export type TradeFilter = Record<"account" | "instrument" | "tag" | "setup" | "from" | "to" | "status", string>;

export function useTrades(filter: TradeFilter, page: { offset: number; limit: number }) {
  const asked = Object.entries(filter).filter(([, value]) => value !== "");
  const query = new URLSearchParams([...asked, ["offset", String(page.offset)], ["limit", String(page.limit)]]);
  return useQuery({
    queryKey: ["trades", query.toString()],
    queryFn: () => askApi<TradesAnswer>(`/trades?${query}`),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Tags, setup and notes of a trade, whole. */
export function useTradeWords() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, words }: { id: string; words: NoteTrade }) => {
      const body = JSON.stringify(words);
      const headers = { "content-type": "application/json" };
      const answer = await askApi<{ seq: number; trade: Trade }>(`/trades/${id}/notes`, {
        method: "PUT",
        headers,
        body,
      });
      await askApi(`/trades/${id}?afterSeq=${answer.seq}`);
      return answer;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["trades"] }),
    onError: (error) => notifications.show({ title: "Not written", message: wordsOf(error), color: "red" }),
  });
}

/** What can a key or the palette do? Link, change interval, open a page, refresh: one list for both. */

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { useMemo } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";
import type { LiveStore } from "#components/live/live-store.ts";
import { linked, linkRoot } from "#components/ui/linked.ts";

export type Actions = {
  /** Links an instrument; on a chart page goes to its chart. */
  link: (root: string) => void;
  openCockpit: () => void;
  openTrades: () => void;
  openImport: () => void;
  openChart: (root?: string) => void;
  refresh: () => void;
};

const REFRESH_MS_MAX = 5_000;

/** Resolves when every topic has spoken again, with the time it took; null after REFRESH_MS_MAX. */
function allHeard(store: LiveStore, topics: readonly string[]): Promise<number | null> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const missing = new Set(topics);
    const leaves: (() => void)[] = [];
    const end = (elapsedMs: number | null): void => {
      clearTimeout(timer);
      for (const leave of leaves) leave();
      resolve(elapsedMs);
    };
    const timer = setTimeout(() => end(null), REFRESH_MS_MAX);
    for (const topic of topics) {
      const leave = store.listen(topic, (messages) => {
        if (!messages.some((message) => message.kind === "snapshot")) return;
        missing.delete(topic);
        if (missing.size === 0) end(performance.now() - startMs);
      });
      leaves.push(leave);
    }
    if (topics.length === 0) end(0);
  });
}

export function useActions(): Actions {
  const { client, store } = useLiveParts();
  const queries = useQueryClient();
  const router = useRouter();
  const pathname = usePathname();
  return useMemo(() => {
    const openChart = (root = linked.get().root): void => router.push(`/chart/${root}`);
    const refresh = async (): Promise<void> => {
      const topics = client.topics();
      if (!client.refresh()) {
        notifications.show({
          title: "Not refreshed",
          message: "The data service does not answer; it is tried again by itself",
        });
        return;
      }
      // The stream may answer before the queries do: it is listened to from the asking on.
      const [elapsedMs] = await Promise.all([allHeard(store, topics), queries.invalidateQueries()]);
      const message =
        elapsedMs === null
          ? `Not all of ${topics.length} topics answered within ${REFRESH_MS_MAX / 1_000} s`
          : `${topics.length} topics anew in ${Math.round(elapsedMs)} ms`;
      notifications.show({ title: elapsedMs === null ? "Refreshed in part" : "Refreshed", message, autoClose: 2_500 });
    };
    return {
      link(root) {
        linkRoot(root);
        if (pathname.startsWith("/chart/")) openChart(root);
      },
      openCockpit: () => router.push("/"),
      openTrades: () => router.push("/trades"),
      openImport: () => router.push("/import"),
      openChart,
      refresh: () => void refresh(),
    };
  }, [client, store, queries, router, pathname]);
}

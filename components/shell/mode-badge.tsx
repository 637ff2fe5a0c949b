"use client";
/** In which mode is all this? Said in text, colour, the tab's title and its icon. */

import { useEffect } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";
import { modeWords } from "#components/live/mode-words.ts";
import { quoteText } from "#components/live/quote-parts.ts";
import { useFeedClockText } from "#components/live/use-feed-now.ts";
import { useInstrument } from "#components/live/use-instrument.ts";
import { useConnection, useFeeds, useQuoteValue } from "#components/live/use-live.ts";
import styles from "#components/shell/shell.module.css";
import { useLinked } from "#components/ui/linked.ts";
import type { QuoteMessage } from "#lib/wire/stream.ts";

/** The badge's text, tone and mode; offline where the stream is not there. */
function useBadge(): { text: string; tone: string; mode: string } {
  const connection = useConnection();
  const feeds = useFeeds();
  const contract = useInstrument(useLinked().root)?.contract ?? null;
  const isStale = useQuoteValue(contract, (quote) => quote.staleSinceMs !== null) === true;
  const { store } = useLiveParts();
  const words = useFeedClockText((nowMs) => {
    if (feeds === undefined) return "";
    const message = contract === null ? undefined : (store.get(`quote:${contract}`) as QuoteMessage | undefined);
    const staleSinceMs = message?.quote.staleSinceMs ?? null;
    return modeWords({ ...feeds, staleMs: staleSinceMs === null ? null : Math.max(0, nowMs - staleSinceMs) });
  });
  if (connection.status === "waiting") return { text: "reconnecting…", tone: "lost", mode: "OFFLINE" };
  const mode = feeds?.mode ?? (connection.status === "open" ? connection.hello.mode : null);
  if (mode === null) return { text: "connecting…", tone: "lost", mode: "OFFLINE" };
  return { text: words === null || words === "" ? mode : words, tone: isStale ? "stale" : mode.toLowerCase(), mode };
}

export function ModeBadge() {
  const { text, tone, mode } = useBadge();
  useTitle(mode, tone);
  return (
    <>
      {/* The page's only icon: React keeps it in the head. A second one (app/icon.svg) would win over it. */}
      <link rel="icon" type="image/svg+xml" href={`/mode-icon/${tone}`} />
      <span
        className={`pill ${styles.mode}`}
        data-tone={tone}
        data-mode={mode}
        data-testid="mode-badge"
        role="status"
        aria-live="off"
      >
        {text}
      </span>
    </>
  );
}

/** The tab's title may change so often, ms. */
const TITLE_MS = 1_000;

function useTitle(mode: string, tone: string): void {
  const { store } = useLiveParts();
  const { root } = useLinked();
  const contract = useInstrument(root)?.contract ?? null;
  useEffect(() => {
    const write = (): void => {
      const message = contract === null ? undefined : (store.get(`quote:${contract}`) as QuoteMessage | undefined);
      const last = message === undefined ? "" : ` ${quoteText(message.quote, "last", root)}`;
      const words = tone === "stale" ? `${mode} STALE` : mode;
      const title = `${words} · ${root}${last} · Rightseat`;
      if (document.title !== title) document.title = title;
    };
    write();
    const timer = setInterval(write, TITLE_MS);
    return () => clearInterval(timer);
  }, [store, contract, root, mode, tone]);
}

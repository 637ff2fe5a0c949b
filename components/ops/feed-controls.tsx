"use client";
/** May I stop the feed, start it, or change what it sends? Buttons that answer plainly, also why not. */

import styles from "#components/ops/ops.module.css";
import { type FeedAction, useFeedAction } from "#components/queries/use-feed-action.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

/** States in which nothing comes until a person asks. */
const STANDING: readonly FeedsReport["state"][] = ["paused", "failed", "ended"];

export function FeedControls({ feeds }: { feeds: FeedsReport }) {
  const change = useFeedAction();
  const isStanding = STANDING.includes(feeds.state);
  const button = (action: FeedAction, words: string, title: string) => (
    <button
      type="button"
      className="button button-plain"
      disabled={change.isPending}
      title={title}
      data-testid={`feed-${action}`}
      onClick={() => change.mutate(action)}
    >
      {words}
    </button>
  );
  return (
    <fieldset className={styles.feedControls} aria-label="Feed controls">
      {isStanding
        ? button("start", "Start feed", "Connect again; what was missed is filled where the feed can")
        : button("stop", "Stop feed", "Nothing comes until you start it again")}
      {button("upgrade", "Trades + quotes", "Ask for every trade and quote, where the plan has them")}
      {button("downgrade", "Bars only", "Second and minute bars alone: less traffic, no buyers and sellers")}
    </fieldset>
  );
}

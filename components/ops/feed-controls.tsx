"use client";
/** May I stop the feed, start it, or change what it sends? Buttons that answer plainly, also why not. */

import styles from "#components/ops/ops.module.css";
import { type FeedAction, useFeedAction } from "#components/queries/use-feed-action.ts";
import { useLiveFeed } from "#components/queries/use-live-feed.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

/** States in which nothing comes until a person asks. */
const STANDING: readonly FeedsReport["state"][] = ["paused", "failed", "ended"];

export function FeedControls({ feeds }: { feeds: FeedsReport }) {
  const change = useFeedAction();
  const { data: report } = useLiveFeed(feeds);
  const isStanding = STANDING.includes(feeds.state);
  const props = (action: FeedAction) => ({
    type: "button" as const,
    disabled: change.isPending,
    "data-testid": `feed-${action}`,
    onClick: () => change.mutate(action),
  });
  return (
    <fieldset className={styles.feedControls} aria-label="Feed controls">
      {isStanding ? (
        <button {...props("start")} className="button" title="Connect again; what was missed is filled where it can be">
          Start feed
        </button>
      ) : (
        <button {...props("stop")} className="button" title="Nothing comes until you start it again">
          Stop feed
        </button>
      )}
      <button
        {...props("upgrade")}
        className={`button button-plain ${styles.level}`}
        aria-pressed={report?.wanted === "trades"}
        title="Ask for every trade and quote, where the plan has them"
      >
        Trades + quotes
      </button>
      <button
        {...props("downgrade")}
        className={`button button-plain ${styles.level}`}
        aria-pressed={report?.wanted === "bars"}
        title="Second and minute bars alone: less traffic, no buyers and sellers"
      >
        Bars only
      </button>
    </fieldset>
  );
}

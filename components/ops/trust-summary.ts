/** In one line: is the data alive? The worst finding speaks. */

import type { Connection } from "#components/live/stream-client.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

export type TrustTone = "good" | "caution" | "bad" | "idle";
/** `detail` is said instead of the feed's own message; null: nothing to add. */
export type TrustSummary = { words: string; tone: TrustTone; detail: string | null };

export type TrustSource = {
  connection: Connection;
  feeds: FeedsReport | undefined;
  ops: OpsReport | undefined;
};

export function trustSummary({ connection, feeds, ops }: TrustSource): TrustSummary {
  if (connection.status === "waiting") {
    const detail = `${connection.reason}; attempt ${connection.attempt}, tried again by itself. Grey values are the last known.`;
    return { words: "Not connected", tone: "bad", detail };
  }
  // What the log refuses the engine never sees: nothing would ever become stale.
  const log = ops?.parts.find(({ name }) => name === "log");
  if (log?.state === "failed") return { words: "Data not taken", tone: "bad", detail: `log: ${log.message}` };
  if (feeds === undefined) return { words: "Connecting", tone: "idle", detail: null };
  switch (feeds.state) {
    case "connecting":
      return { words: "Feed connecting", tone: "caution", detail: null };
    case "backing-off":
      return { words: "Feed reconnecting", tone: "bad", detail: null };
    case "failed":
      return { words: "Feed failed", tone: "bad", detail: null };
    case "ended":
      return { words: "Replay ended", tone: "idle", detail: null };
    case "paused":
      return { words: "Feed paused", tone: "idle", detail: null };
    case "connected":
      return freshness(feeds);
  }
}

/** Those that ever spoke, of them those whose market is open, and of them those that are stale. */
export function judgedContracts(contracts: FeedsReport["contracts"]) {
  const heard = contracts.filter((row) => row.eventMs !== null);
  const open = heard.filter((row) => row.marketOpen);
  return { heard, open, stale: open.filter((row) => row.staleSinceMs !== null) };
}

/** A connected feed proves nothing: what counts is how old each contract's data are. */
function freshness({ contracts }: FeedsReport): TrustSummary {
  const { heard, open, stale } = judgedContracts(contracts);
  if (heard.length === 0) return { words: "No data yet", tone: "idle", detail: null };
  if (open.length === 0) return { words: "Market shut", tone: "idle", detail: null };
  if (stale.length === 0) return { words: "Data alive", tone: "good", detail: null };
  const named = stale.slice(0, 4).map((row) => row.contract);
  const detail = `STALE: ${named.join(" ")}${stale.length > 4 ? ` and ${stale.length - 4} more` : ""}`;
  if (stale.length === open.length) return { words: "All data stale", tone: "bad", detail };
  return { words: `${stale.length} stale`, tone: "caution", detail };
}

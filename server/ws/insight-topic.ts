/** What do the analyses of one root say? At once behind a close, and once a second what would be said now. */
import type { EngineState } from "#lib/engine/state.ts";
import type { InsightView } from "#lib/wire/insight.ts";
import type { Header } from "#lib/wire/stream.ts";
import { insightTopic } from "#lib/wire/topic.ts";
import type { LiveTopic } from "./live-topic.ts";

export type InsightSource = {
  state: EngineState;
  header(): Header;
  insight(root: string): InsightView | null;
};

/** Forming values are worded so often at most. */
const PROVISIONAL_EVERY_MS = 1_000;

/** Follows the root's front through its rolls. */
export function createInsightTopic(source: InsightSource, root: string, wallMs: () => number): LiveTopic {
  const name = insightTopic(root);
  let isPublished = false;
  let isMoving = false;
  let saidMs = Number.NEGATIVE_INFINITY;
  const front = (): number => source.state.roots.find((entry) => entry.root === root)?.front ?? -1;
  const say = (): string | null => {
    const insight = source.insight(root);
    return insight === null ? null : JSON.stringify({ topic: name, kind: "snapshot", ...source.header(), insight });
  };
  return {
    name,
    note({ list, touched }) {
      const contract = front();
      if (touched[contract] === 1) isMoving = true;
      for (const output of list) {
        if (output.type === "SettingsChanged" || output.type === "FrontChanged") isPublished = true;
        if (output.type !== "AnalysisChanged" && output.type !== "AnchorsChanged") continue;
        if (output.contract === contract) isPublished = true;
      }
    },
    snapshot: say,
    delta() {
      if (!isPublished && !(isMoving && wallMs() - saidMs >= PROVISIONAL_EVERY_MS)) return null;
      isPublished = false;
      isMoving = false;
      saidMs = wallMs();
      return say();
    },
    release() {},
  };
}

/** How is one part of a root's analyses told? All of it behind a close, then only what the forming bars change. */
import type { InsightView } from "#lib/wire/insight.ts";
import { sayCards, sayLevels } from "#lib/wire/insight-stream.ts";
import type { Header } from "#lib/wire/stream.ts";
import { insightTopic, levelsTopic } from "#lib/wire/topic.ts";
import type { InsightReader, InsightReading } from "./insight-reader.ts";
import type { LiveTopic } from "./live-topic.ts";

type Source = { header(): Header; reader: InsightReader };

/** Cards: everything but levels and ICT. */
export function createInsightTopic(source: Source, root: string): LiveTopic {
  return createPublishedTopic(source, insightTopic(root), sayCards);
}

/** Level board and ICT. */
export function createLevelsTopic(source: Source, root: string): LiveTopic {
  return createPublishedTopic(source, levelsTopic(root), sayLevels);
}

/** The reader is noted by its owner. A newcomer's snapshot is of the reading that the others have, or a newer one. */
function createPublishedTopic(
  { header, reader }: Source,
  name: string,
  say: (view: InsightView) => { published: object; change: object | null },
): LiveTopic {
  let said: InsightReading | null = null;
  const snapshotOf = ({ view }: InsightReading): string | null =>
    view === null ? null : JSON.stringify({ topic: name, kind: "snapshot", ...header(), ...say(view) });
  return {
    name,
    note() {},
    snapshot() {
      const reading = reader.reading();
      said ??= reading;
      return snapshotOf(reading);
    },
    delta() {
      const reading = reader.reading();
      if (reading === said) return null;
      const isSamePublished = reading.edition === said?.edition;
      said = reading;
      if (!isSamePublished || reading.view === null) return snapshotOf(reading);
      return JSON.stringify({ topic: name, kind: "delta", ...header(), change: say(reading.view).change });
    },
    release() {},
  };
}

/** What was this event, what followed from it, and what was there before? In lines for a terminal. */
import type { Poisoned } from "#lib/events/codec-kinds.ts";
import type { InputEvent } from "#lib/events/event.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { readContents } from "#server/sequencer/log-contents.ts";
import { jsonOf, shortOf, timeOf } from "./log-words.ts";

/** Events before it that are looked at for those of its contract. */
const BEFORE_SEQS = 2_000;
/** Of its contract, or of nobody's: shown. */
const BEFORE_SHOWN = 5;

/** Null where the log holds no such event. Throws LogCorruptError. */
export function explain(folder: string, seq: number): string[] | null {
  const before: InputEvent[] = [];
  const facts: Fact[] = [];
  const poisoned: Poisoned[] = [];
  let found: InputEvent | null = null;
  let place = "";
  const visitor = {
    event(event: InputEvent): void {
      if (event.seq === seq) found = { ...event };
      else before.push({ ...event });
    },
    fact: (fact: Fact) => void (fact.seq === seq && facts.push(fact)),
    frame(frame: { file: string; offset: number; firstSeq: number; events: number }): void {
      const isHere = frame.events > 0 && frame.firstSeq <= seq && seq < frame.firstSeq + frame.events;
      if (isHere) place = `${frame.file}, byte ${frame.offset}, one of ${frame.events} in the batch`;
    },
  };
  readContents(folder, visitor, { fromSeq: Math.max(0, seq - BEFORE_SEQS), toSeq: seq });
  readContents(
    folder,
    {
      bookkeeping: (record) => void (record.type === "Poisoned" && record.seq === seq && poisoned.push(record)),
    },
    { fromSeq: seq },
  );
  return found === null ? null : linesOf(found, { place, facts, poisoned, before });
}

type Around = { place: string; facts: Fact[]; poisoned: Poisoned[]; before: InputEvent[] };

function linesOf(event: InputEvent, { place, facts, poisoned, before }: Around): string[] {
  const { type, seq, nowMs, receivedMs, ...payload } = event;
  const lines = [
    `seq ${seq}: ${type}`,
    `  engine's clock ${timeOf(nowMs)}, received ${timeOf(receivedMs)}`,
    `  ${place}`,
    `  ${jsonOf(shortOf(payload))}`,
  ];
  for (const { reason, contentHash } of poisoned) {
    lines.push(`  SET ASIDE: the engine broke at it (${reason}); content ${contentHash.slice(0, 12)}`);
  }
  lines.push(facts.length === 0 ? "No fact followed from it." : `Facts that followed from it: ${facts.length}`);
  for (const { ordinal, type: factType, seq: _seq, nowMs: _now, receivedMs: _received, ...rest } of facts) {
    lines.push(`  ${seq}.${ordinal} ${factType} ${jsonOf(shortOf(rest))}`);
  }
  const contract = "contract" in event ? event.contract : null;
  const related = before.filter((one) => !("contract" in one) || contract === null || one.contract === contract);
  lines.push("Before it:");
  for (const one of related.slice(-BEFORE_SHOWN)) {
    const { type: beforeType, seq: beforeSeq, nowMs: at, receivedMs: _at, ...rest } = one;
    lines.push(`  ${beforeSeq} ${timeOf(at)} ${beforeType} ${jsonOf(shortOf(rest))}`);
  }
  if (related.length === 0) lines.push("  nothing of its contract close by");
  return lines;
}

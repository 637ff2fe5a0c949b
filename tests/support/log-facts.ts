/** Which facts does a log hold? Read from its frames one by one, beside the tail that handlers use. */
import { decodeFrame } from "#lib/events/codec.ts";
import { readFact } from "#lib/outputs/fact-codec.ts";
import { LogCursor } from "#server/sequencer/log-cursor.ts";

/** "seq.ordinal symbol" of every pin fact in a folder, in the order of the log. */
export function factsOf(folder: string): string[] {
  const facts: string[] = [];
  using cursor = new LogCursor(folder);
  for (let frame = cursor.next(); frame !== null; frame = cursor.next()) {
    decodeFrame(frame.payload, () => {}, {
      fact(view, at) {
        const fact = readFact(view, at);
        if (fact.type === "PinChanged") facts.push(`${fact.seq}.${fact.ordinal} ${fact.symbol}`);
      },
    });
  }
  return facts;
}

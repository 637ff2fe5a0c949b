/** Are these bytes JSON that a bridge may send, and if not, what exactly is wrong with them? */

import { RECEIVED_CHARS_MAX } from "../limits.ts";

/** One wrong value: which field, what was expected, what was there; a message where that does not say it all. */
export type FieldRefusal = {
  readonly field: string;
  readonly expected: string;
  readonly received: string;
  readonly message?: string;
};
export type Refused = { readonly refused: FieldRefusal };

/** What a lenient decoder writes for bytes that are no UTF-8; text that holds it was broken before. */
const BROKEN = "\uFFFD";

/** What machine cultures and naive senders write, and what to write instead. */
const USUAL_FAULTS: readonly (readonly [pattern: RegExp, expected: string])[] = [
  [/:\s*(-?\d+,\d+)\s*[,}\]]/, "a decimal point, such as 5012.25"],
  [/:\s*([+-]?(?:NaN|Infinity|∞|n\. def\.|nan|inf))/, "a finite number"],
  [/(?:^|[^\\])(?:\\\\)*(\\[^"\\/bfnrtu].{0,20})/, "text with escaped backslashes"],
];

/**
 * The parsed body, or what is wrong in words: no UTF-8 (with the byte's place), a decimal comma, NaN, text that was
 * not escaped, other than JSON. `{"avgPrice": 5012,25}` → received "5012,25", expected "a decimal point, …".
 */
export function readBridgeBody(bytes: Uint8Array): { readonly body: unknown } | Refused {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const brokenAt = text.indexOf(BROKEN);
  if (brokenAt >= 0) {
    const at = new TextEncoder().encode(text.slice(0, brokenAt)).length;
    const received = `byte 0x${bytes[at].toString(16).toUpperCase()} at ${at}`;
    return { refused: { field: "body", expected: "UTF-8", received } };
  }
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { refused: faultOf(text) };
  }
}

function faultOf(text: string): FieldRefusal {
  for (const [pattern, expected] of USUAL_FAULTS) {
    const found = pattern.exec(text);
    if (found !== null) return { field: "body", expected, received: found[1].slice(0, RECEIVED_CHARS_MAX) };
  }
  return { field: "body", expected: "JSON", received: text.slice(0, RECEIVED_CHARS_MAX) };
}

/** In which words does the chart say the profile of a range? */

import { anchorName } from "#components/chart/anchors/anchor-words.ts";
import { wordsOf } from "#components/queries/api.ts";
import { formatPrice, formatQuantity } from "#lib/format.ts";
import type { Instrument } from "#lib/instrument.ts";
import type { Zone } from "#lib/time-zone.ts";
import type { ProfileAnswer } from "#lib/wire/footprint.ts";

type Look = { instrument: Instrument | null; zone: Zone };

/** "POC 4,808.25 · VA 4,806.00 – 4,810.50 · 3,120 contracts · 31 % spread over bars · closed 12-25 17:23". */
export function rangeWords(profile: ProfileAnswer | undefined, error: unknown, { instrument, zone }: Look): string {
  if (profile === undefined) return error ? `cannot be read: ${wordsOf(error)}` : "is read …";
  const { poc, val, vah, n, estimatedShare, asOfMs, whyNull } = profile;
  if (poc === null || asOfMs === null) return whyNull ?? "nothing has traded in it";
  const price = (value: number | null): string =>
    instrument === null ? String(value) : formatPrice(value, instrument);
  const share = Math.round(estimatedShare * 100);
  const spread = estimatedShare === 0 ? "" : ` · ${share === 0 ? "<1" : share} % spread over bars`;
  const area = `POC ${price(poc)} · VA ${price(val)} – ${price(vah)}`;
  return `${area} · ${formatQuantity(n)} contracts${spread} · closed ${anchorName(asOfMs, zone)}`;
}

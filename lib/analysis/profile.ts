/** What does a volume profile say? Point of control, value area and zones of any price rows, with their reasons. */
import { SIDE } from "#lib/bars/time-bars.ts";
import { formatQuantity, formatSigned } from "#lib/format.ts";
import { type PriceRows, rowVolumes, sideVolume } from "./price-rows.ts";
import { zonesOf } from "./profile-zones.ts";
import { tradedAreaOf, type ValueAreaRule } from "./value-area.ts";
import { type ExplainedWarming, explainedWarming } from "./warming.ts";

/** Trade date so far or closed; RTH of it; several trade dates; any stretch that was asked for. */
export type ProfileSpan = "session" | "rth" | "composite" | "range";

/** A stretch of prices, both ends inside, whose volume is high or low; `extremeTicks` has most or least of it. */
export type ProfileZone = {
  kind: "high" | "low";
  fromTicks: number;
  toTicks: number;
  extremeTicks: number;
  /** Share of the profile's volume. */
  share: number;
};

export type TakenOver = { contract: string; dates: number; adjustedTicks: number };

export type ReadyProfile = {
  status: "ready";
  span: ProfileSpan;
  atMs: number;
  /** Contracts at known prices. */
  n: number;
  /** Trade dates in it. */
  dates: number;
  lowTicks: number;
  highTicks: number;
  pocTicks: number;
  /** Value area: lowest and highest price of it, and the share it holds. */
  valTicks: number;
  vahTicks: number;
  valueAreaShare: number;
  buyVolume: number;
  sellVolume: number;
  unsignedVolume: number;
  /** Contracts too far away to have a row. */
  outsideVolume: number;
  /** Share of the volume that was spread over bars; above 0 the profile is an estimate. */
  estimatedShare: number;
  /** Share that a vendor told for each price, without sides; what is left was seen trade by trade. */
  pricedShare: number;
  /** Trade dates before a roll, of the front then, moved by so many whole ticks; oldest first. */
  takenOver: TakenOver[];
  zones: ProfileZone[];
  reasons: string[];
};

export type VolumeProfile = ExplainedWarming | ReadyProfile;

export type ProfileOptions = {
  span: ProfileSpan;
  atMs: number;
  rule?: ValueAreaRule;
  dates?: number;
  takenOver?: TakenOver[];
};

const EMPTY: Readonly<Record<ProfileSpan, string>> = {
  session: "nothing has traded in this session yet",
  rth: "nothing has traded in RTH yet",
  composite: "no trade date has closed yet",
  range: "nothing has traded in the range",
};

/** What is said of a span without volume; `why` where more is known than that. */
export function noProfile({ span, atMs, why = EMPTY[span] }: { span: ProfileSpan; atMs: number; why?: string }) {
  return explainedWarming({ have: 0, need: 1 }, atMs, why);
}

/** The profile of price rows; warming while nothing traded. See `valueAreaOf` and `zonesOf` for the definitions. */
export function profileOf(rows: PriceRows, options: ProfileOptions): VolumeProfile {
  const volumes = rowVolumes(rows);
  const area = tradedAreaOf(rows, options.rule);
  if (area === null) return noProfile(options);
  const priceOf = (row: number): number => rows.lowTicks + row;
  const zones = zonesOf(volumes).map(({ kind, from, to, extreme, volume }) => ({
    kind,
    fromTicks: priceOf(from),
    toTicks: priceOf(to),
    extremeTicks: priceOf(extreme),
    share: volume / rows.volume,
  }));
  const profile: ReadyProfile = {
    status: "ready",
    span: options.span,
    atMs: options.atMs,
    n: rows.volume,
    dates: options.dates ?? 1,
    lowTicks: rows.lowTicks,
    highTicks: rows.highTicks,
    pocTicks: priceOf(area.poc),
    valTicks: priceOf(area.low),
    vahTicks: priceOf(area.high),
    valueAreaShare: area.inside / area.total,
    buyVolume: sideVolume(rows, SIDE.buy),
    sellVolume: sideVolume(rows, SIDE.sell),
    unsignedVolume: sideVolume(rows, SIDE.unsigned),
    outsideVolume: rows.outsideVolume,
    estimatedShare: rows.estimatedVolume / rows.volume,
    pricedShare: rows.pricedVolume / rows.volume,
    takenOver: options.takenOver ?? [],
    zones,
    reasons: [],
  };
  profile.reasons = reasonsOf(profile, volumes[area.poc], options.rule ?? "two-row");
  return profile;
}

function reasonsOf(profile: ReadyProfile, pocVolume: number, rule: ValueAreaRule): string[] {
  const total = formatQuantity(profile.n);
  const reasons = [
    `${formatQuantity(pocVolume)} of ${total} contracts at the point of control`,
    `the value area holds ${percent(profile.valueAreaShare)} (${rule} rule)`,
  ];
  if (profile.dates > 1) reasons.push(`${profile.dates} trade dates`);
  if (profile.estimatedShare > 0) reasons.push(`estimate: ${percent(profile.estimatedShare)} spread over bars`);
  if (profile.pricedShare > 0) reasons.push(`${percent(profile.pricedShare)} from the vendor's volume at price`);
  for (const { contract, dates, adjustedTicks } of profile.takenOver) {
    reasons.push(`${dates} of ${contract}, adjusted at the roll by ${formatSigned(adjustedTicks, 0)} ticks`);
  }
  if (profile.outsideVolume > 0) reasons.push(`${formatQuantity(profile.outsideVolume)} contracts too far away`);
  return reasons;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

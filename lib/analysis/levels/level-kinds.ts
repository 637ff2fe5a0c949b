/** Which prices do traders watch? Every kind of level, its family, its short name on the chart. */
import type { OpenId } from "#lib/analysis/opens.ts";

export type LevelFamily =
  | "day"
  | "week"
  | "month"
  | "overnight"
  | "session"
  | "opening"
  | "open"
  | "gap"
  | "settlement"
  | "vwap"
  | "profile"
  | "pivot"
  | "ict";

/** Prior periods exist twice, over all hours and over RTH alone. */
export type PeriodId = "priorDay" | "priorDayRth" | "priorWeek" | "priorWeekRth" | "priorMonth" | "priorMonthRth";
/** Ranges by the clock; ids of windows.ts. */
export type RangeId =
  | "overnight"
  | "asia"
  | "london"
  | "newYork"
  | "initialBalance"
  | "openingRange5"
  | "openingRange15"
  | "openingRange30";
export type GapId = "rth" | "day" | "week";
export type VwapAnchor = "session" | "rth" | "week" | "anchored";
export type VwapBand = "mid" | "up1" | "up2" | "up3" | "down1" | "down2" | "down3";
export type ProfileId = "developing" | "developingRth" | "prior" | "priorRth" | "composite";
export type PivotSet = "classic" | "fibonacci" | "camarilla";
export type PivotId = "pp" | "r1" | "r2" | "r3" | "r4" | "s1" | "s2" | "s3" | "s4";
export type IctZoneKind = "fvg" | "inverseFvg" | "orderBlock" | "breaker" | "mitigationBlock";

export type LevelKind =
  | `${PeriodId}.${"high" | "low" | "close"}`
  | `${RangeId}.${"high" | "low"}`
  | `open.${OpenId}`
  | `gap.${GapId}.${"upper" | "middle" | "lower"}`
  | "settlement.prior"
  | `vwap.${VwapAnchor}.${VwapBand}`
  | `profile.${ProfileId}.${"poc" | "vah" | "val"}`
  | "profile.nakedPoc"
  | "profile.hvn"
  | "profile.lvn"
  | `pivot.${PivotSet}.${PivotId}`
  | `ict.${IctZoneKind}.${"bullish" | "bearish"}`
  | "ict.equalHighs"
  | "ict.equalLows";

export type LevelKindRow = {
  readonly kind: LevelKind;
  readonly family: LevelFamily;
  readonly label: string;
  /** The price moves from bar to bar and stays the same level: VWAP, developing profiles. */
  readonly isMoving: boolean;
};

type Named<Id extends string> = readonly (readonly [Id, string])[];

const PERIODS: readonly (readonly [PeriodId, string, LevelFamily])[] = [
  ["priorDay", "PD# full", "day"],
  ["priorDayRth", "PD# RTH", "day"],
  ["priorWeek", "PW# full", "week"],
  ["priorWeekRth", "PW# RTH", "week"],
  ["priorMonth", "PM# full", "month"],
  ["priorMonthRth", "PM# RTH", "month"],
];
const RANGES: readonly (readonly [RangeId, string, LevelFamily])[] = [
  ["overnight", "ON#", "overnight"],
  ["asia", "Asia #", "session"],
  ["london", "London #", "session"],
  ["newYork", "NY #", "session"],
  ["initialBalance", "IB#", "opening"],
  ["openingRange5", "OR5 #", "opening"],
  ["openingRange15", "OR15 #", "opening"],
  ["openingRange30", "OR30 #", "opening"],
];
const OPENS: Named<OpenId> = [
  ["session", "session open"],
  ["midnight", "midnight open"],
  ["et0830", "08:30 open"],
  ["et0930", "09:30 open"],
  ["rth", "RTH open"],
  ["week", "week open"],
  ["month", "month open"],
];
const GAPS: Named<GapId> = [
  ["rth", "RTH gap"],
  ["day", "day gap"],
  ["week", "week gap"],
];
const VWAPS: Named<VwapAnchor> = [
  ["session", "VWAP"],
  ["rth", "RTH VWAP"],
  ["week", "week VWAP"],
  ["anchored", "aVWAP"],
];
const BANDS: Named<VwapBand> = [
  ["mid", ""],
  ["up1", " +1σ"],
  ["up2", " +2σ"],
  ["up3", " +3σ"],
  ["down1", " −1σ"],
  ["down2", " −2σ"],
  ["down3", " −3σ"],
];
const PROFILES: Named<ProfileId> = [
  ["developing", "# dev"],
  ["developingRth", "# dev RTH"],
  ["prior", "# yday"],
  ["priorRth", "# yday RTH"],
  ["composite", "# comp"],
];
const PIVOT_SETS: Named<PivotSet> = [
  ["classic", ""],
  ["fibonacci", "fib "],
  ["camarilla", "cam "],
];
const PIVOTS: readonly PivotId[] = ["pp", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"];
const ICT_ZONES: Named<IctZoneKind> = [
  ["fvg", "FVG"],
  ["inverseFvg", "iFVG"],
  ["orderBlock", "OB"],
  ["breaker", "breaker"],
  ["mitigationBlock", "mitigation"],
];

function row(kind: LevelKind, family: LevelFamily, label: string, isMoving = false): LevelKindRow {
  return { kind, family, label, isMoving };
}

/** Every kind, in an order that counts are kept by. */
export const LEVEL_KINDS: readonly LevelKindRow[] = [
  ...PERIODS.flatMap(([id, label, family]) => [
    row(`${id}.high`, family, label.replace("#", "H")),
    row(`${id}.low`, family, label.replace("#", "L")),
    row(`${id}.close`, family, label.replace("#", "C")),
  ]),
  ...RANGES.flatMap(([id, label, family]) => [
    row(`${id}.high`, family, label.replace("#", "H")),
    row(`${id}.low`, family, label.replace("#", "L")),
  ]),
  ...OPENS.map(([id, label]) => row(`open.${id}`, "open", label)),
  ...GAPS.flatMap(([id, label]) => [
    row(`gap.${id}.upper`, "gap", `${label} top`),
    row(`gap.${id}.middle`, "gap", `${label} middle`),
    row(`gap.${id}.lower`, "gap", `${label} bottom`),
  ]),
  row("settlement.prior", "settlement", "settlement"),
  ...VWAPS.flatMap(([id, label]) =>
    BANDS.map(([band, sigma]) => row(`vwap.${id}.${band}`, "vwap", label + sigma, true)),
  ),
  ...PROFILES.flatMap(([id, label]) => {
    const isMoving = id === "developing" || id === "developingRth";
    return [
      row(`profile.${id}.poc`, "profile", label.replace("#", "POC"), isMoving),
      row(`profile.${id}.vah`, "profile", label.replace("#", "VAH"), isMoving),
      row(`profile.${id}.val`, "profile", label.replace("#", "VAL"), isMoving),
    ];
  }),
  row("profile.nakedPoc", "profile", "nPOC"),
  row("profile.hvn", "profile", "HVN"),
  row("profile.lvn", "profile", "LVN"),
  ...PIVOT_SETS.flatMap(([id, label]) =>
    PIVOTS.map((pivot) => row(`pivot.${id}.${pivot}`, "pivot", label + pivot.toUpperCase())),
  ),
  ...ICT_ZONES.flatMap(([id, label]) => [
    row(`ict.${id}.bullish`, "ict", `${label} up`),
    row(`ict.${id}.bearish`, "ict", `${label} down`),
  ]),
  row("ict.equalHighs", "ict", "EQH"),
  row("ict.equalLows", "ict", "EQL"),
];

/** Where a kind stands in LEVEL_KINDS. The cast is safe: the entries are all the kinds, which a test checks. */
export const LEVEL_KIND_INDEX = Object.fromEntries(LEVEL_KINDS.map(({ kind }, index) => [kind, index])) as Readonly<
  Record<LevelKind, number>
>;

/** Positions of each id's kinds by part: kindsBy(["rth"], ["upper"], (id, part) => `gap.${id}.${part}`).rth.upper. */
export function kindsBy<Id extends string, Part extends string>(
  ids: readonly Id[],
  parts: readonly Part[],
  nameOf: (id: Id, part: Part) => LevelKind,
): Readonly<Record<Id, Readonly<Record<Part, number>>>> {
  const ofId = (id: Id) => Object.fromEntries(parts.map((part) => [part, LEVEL_KIND_INDEX[nameOf(id, part)]]));
  // Safe: an entry for every id and part.
  return Object.fromEntries(ids.map((id) => [id, ofId(id)])) as Record<Id, Record<Part, number>>;
}

/** Which columns of the table come from the analyses, how is each written, and by which number does it sort? */

import { formatPrice, formatQuantity, formatSigned, UNKNOWN } from "#lib/format.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { SETUP_QUALITY_MIN } from "#lib/setup-quality.ts";
import type { ScannerView } from "#lib/wire/insight.ts";

export type ScanRow = ScannerView["rows"][number];

export type ScanTone = "up" | "down" | "caution" | "plain";

/** What a cell shows: null where it is not known yet. */
export type ScanText = { text: string; tone: ScanTone } | null;

export type ScanColumn = {
  header: string;
  meaning: string;
  /** What it sorts by. */
  rank: (row: ScanRow) => number | string | null;
  say: (row: ScanRow) => ScanText;
};

const plain = (text: string): ScanText => ({ text, tone: "plain" });

function signed(value: number | null, text: (value: number) => string): ScanText {
  if (value === null) return null;
  return { text: text(value), tone: value > 0 ? "up" : value < 0 ? "down" : "plain" };
}

function price(points: number | null, root: string): ScanText {
  const instrument = instrumentOf(root);
  if (points === null) return null;
  return plain(instrument === null ? String(points) : formatPrice(points, instrument));
}

const ticksText = (ticks: number): string => `${formatSigned(ticks, 0)} t`;

/** Above this share of the usual range the day has little left, %. */
const USED_UP = 80;
const HIGH_VOLUME = 1.5;
const DIRECTION_TONES: Readonly<Record<string, ScanTone>> = {
  up: "up",
  down: "down",
  bullish: "up",
  bearish: "down",
};
const toneOf = (word: string): ScanTone => DIRECTION_TONES[word] ?? "plain";

function pivotColumn(header: string, name: "pivot" | "s1" | "r1" | "s2" | "r2"): ScanColumn {
  return {
    header,
    meaning: `Classic ${header === "Pivot" ? "pivot" : header} from the last completed trade date`,
    rank: (row) => row[name],
    say: (row) => price(row[name], row.root),
  };
}

export const SCAN_COLUMNS = {
  atrUsed: {
    header: "ATR used",
    meaning: "Range of the trade date as a share of ATR14 of completed ones",
    rank: (row) => row.atrUsedPercent,
    say: ({ atrUsedPercent: used }) =>
      used === null ? null : { text: String(Math.round(used)), tone: used >= USED_UP ? "caution" : "plain" },
  },
  relativeVolume: {
    header: "RVOL",
    meaning: "Volume so far ÷ what is usual at this clock time",
    rank: (row) => row.relativeVolume,
    say: ({ relativeVolume: ratio }) =>
      ratio === null ? null : { text: ratio.toFixed(2), tone: ratio >= HIGH_VOLUME ? "caution" : "plain" },
  },
  regime: {
    header: "Regime",
    meaning: "Trend up, down, or range, confirmed on closed bars",
    rank: (row) => row.regime?.direction ?? null,
    say: ({ regime }) => (regime === null ? null : { text: regime.direction, tone: toneOf(regime.direction) }),
  },
  quality: {
    header: "Qual",
    meaning: "Signal quality of the better side, 0 to 100, uncalibrated",
    rank: (row) => row.quality?.score ?? null,
    say: ({ quality }) => {
      if (quality === null) return null;
      const text = `${quality.side === "long" ? "L" : "S"} ${Math.floor(quality.score)}`;
      const tone = quality.score < SETUP_QUALITY_MIN ? "plain" : quality.side === "long" ? "up" : "down";
      return { text, tone };
    },
  },
  nearest: {
    header: "Nearest",
    meaning: "Nearest level, and how far it lies from the last price, ticks",
    rank: (row) => (row.nearest === null ? null : Math.abs(row.nearest.awayTicks)),
    say: ({ nearest }) => (nearest === null ? null : plain(`${nearest.label} ${ticksText(nearest.awayTicks)}`)),
  },
  minuteTrend: {
    header: "1m",
    meaning: "Trend of the last ten minutes, from EMA 5 and 10",
    rank: (row) => row.minuteTrend,
    say: ({ minuteTrend: trend }) => (trend === null ? null : { text: trend, tone: toneOf(trend) }),
  },
  minuteMomentum: {
    header: "1m Mom",
    meaning: "Change of the close a minute over the last four, ticks",
    rank: (row) => row.minuteMomentumTicks,
    say: ({ minuteMomentumTicks: ticks }) => signed(ticks, (value) => `${formatSigned(value, 1)} t`),
  },
  surge: {
    header: "Surge",
    meaning: "The newest minute traded more than twice the mean of the nine before",
    rank: (row) => Number(row.isVolumeSurge),
    say: (row) => (row.isVolumeSurge ? { text: "surge", tone: "caution" } : plain("")),
  },
  vwapAway: {
    header: "% VWAP",
    meaning: "Last price away from the session's VWAP, percent",
    rank: (row) => row.vwapAwayPercent,
    say: ({ vwapAwayPercent: away }) => signed(away, (value) => `${formatSigned(value, 2)}%`),
  },
  pivot: pivotColumn("Pivot", "pivot"),
  s1: pivotColumn("S1", "s1"),
  r1: pivotColumn("R1", "r1"),
  s2: pivotColumn("S2", "s2"),
  r2: pivotColumn("R2", "r2"),
  pivotAway: {
    header: "Dist pivot",
    meaning: "Last price away from the classic pivot, ticks",
    rank: (row) => row.pivotAwayTicks,
    say: ({ pivotAwayTicks: ticks }) => signed(ticks, ticksText),
  },
  atr: {
    header: "ATR",
    meaning: "Wilder's ATR14 of the analysis interval, points",
    rank: (row) => row.atr,
    say: (row) => price(row.atr, row.root),
  },
  volatilityRank: {
    header: "Vol rank",
    meaning: "Volatility against the same clock time of past sessions, 0 to 100",
    rank: (row) => row.volatilityRankPercent,
    say: ({ volatilityRankPercent: rank }) => (rank === null ? null : plain(String(Math.round(rank)))),
  },
  wave: {
    header: "Wave",
    meaning: "Median leg up ÷ median leg down",
    rank: (row) => row.wave?.ratio ?? null,
    say: ({ wave }) => (wave === null ? null : { text: `×${wave.ratio.toFixed(2)}`, tone: toneOf(wave.bias) }),
  },
  cvd: {
    header: "CVD",
    meaning: "Bought less sold contracts since the session's open, of closed bars",
    rank: (row) => row.cvd?.contracts ?? null,
    say: ({ cvd }) => (cvd === null ? null : signed(cvd.contracts, (value) => formatSigned(value, 0))),
  },
  confluence: {
    header: "Confl",
    meaning: "How many of three timeframes agree, and on which side",
    rank: (row) => row.confluence?.score ?? null,
    say: ({ confluence }) => {
      if (confluence === null) return null;
      const { score, isConflict, direction } = confluence;
      if (isConflict) return { text: `${formatQuantity(score)} conflict`, tone: "caution" };
      return { text: `${formatQuantity(score)} ${direction}`, tone: toneOf(direction) };
    },
  },
  idea: {
    header: "Idea",
    meaning: "The plan in one line, or why there is none",
    rank: (row) => row.idea?.side ?? null,
    say: ({ idea }) => {
      if (idea === null) return null;
      return { text: idea.text, tone: idea.side === "long" ? "up" : idea.side === "short" ? "down" : "plain" };
    },
  },
} as const satisfies Record<string, ScanColumn>;

export type ScanColumnId = keyof typeof SCAN_COLUMNS;

export function isScanColumn(id: string): id is ScanColumnId {
  return Object.hasOwn(SCAN_COLUMNS, id);
}

/** A cell's text and tone as one key, so that an unchanged cell does not render: "up 64". */
export function scanKey(row: ScanRow | undefined, id: ScanColumnId): string {
  const said = row === undefined ? null : (SCAN_COLUMNS[id] as ScanColumn).say(row);
  return said === null ? `plain ${UNKNOWN}` : `${said.tone} ${said.text}`;
}

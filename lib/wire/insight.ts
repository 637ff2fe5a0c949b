/** What does an analysis look like outside? What was published of a contract, in points, and what would be now. */
import { z } from "zod";
import type { NoTrade } from "#lib/advice/no-trade.ts";
import type { ScannerRow } from "#lib/advice/scanner.ts";
import type { ConfluenceFrames } from "#lib/analysis/confluence/confluence.ts";
import type { FocusList } from "#lib/analysis/premarket-score.ts";
import type { RegimeRun } from "#lib/analysis/regime/regime-history.ts";
import { ANALYSIS_INTERVALS, type AnalysisInterval } from "#lib/events/operator.ts";
import type { Insight } from "#lib/outputs/insight.ts";
import type { Mode } from "../events/clock.ts";
import type { InPoints } from "./in-points.ts";
import type { RefreshReport } from "./refresh.ts";

/** Every analysis of the record, in points. */
export type InsightParts = InPoints<Omit<Insight, "asOfMs" | "interval">>;

/** Null parts say why in `whyNull`: no analysis yet, or how far its history was taken. */
export type InsightView = {
  instrument: string;
  contract: string;
  /** Points a tick of the contract. */
  tickSize: number;
  mode: Mode;
  /** End of the newest bar that the parts stand on; null with them. */
  asOfMs: number | null;
  interval: AnalysisInterval;
  /** Intervals that confluence reads: bias, setup, entry. */
  frames: ConfluenceFrames | null;
  /** Regimes of the last bars in runs, oldest first; each says the opens of its first and last bar. */
  regimeRuns: RegimeRun[];
  /** Closed bars taken so far, and all that there are. */
  bars: { have: number; need: number };
  whyNull: string | null;
  /** Opens of the minutes where the user's anchors of the contract stand, as placed; `parts.anchored` reads them. */
  anchors: number[];
  parts: InsightParts | null;
  /** With the forming bars as they stand: moves until they close. */
  provisional: InsightParts | null;
};

/** Of all followed instruments: their rows, what forbids trading, and which are worth watching. */
export type ScannerView = {
  asOfMs: number;
  mode: Mode;
  rows: ScannerRow[];
  noTrade: NoTrade;
  focus: FocusList;
};

/** What became of the user's calendar file. */
export type CalendarReport = { file: string; status: "absent" | "read" | "refused"; message: string };

/** Answer of GET /analysis/status. */
export type AnalysisStatus = {
  settings: { interval: AnalysisInterval; period: string; account_size: number };
  calendar: CalendarReport | null;
  contracts: { contract: string; status: "building" | "ready"; have: number; need: number; asOfMs: number | null }[];
  /** The newest forced refresh; null: none since the start. */
  refresh: RefreshReport | null;
};

/** Body of POST /actions/update_settings; what is left out stays. */
export const updateSettingsSchema = z.strictObject({
  interval: z.enum(ANALYSIS_INTERVALS).optional(),
  /** Trade dates looked back: "1d" … "20d". */
  period: z
    .string()
    .regex(/^([1-9]|1\d|20)d$/, "expected 1d to 20d")
    .optional(),
  account_size: z.number().positive().max(1e9).optional(),
});

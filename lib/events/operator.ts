/** What can the person at the screen tell us? */
import { z } from "zod";
import { type CalendarEvent, EVENT_IMPACTS } from "#lib/event-calendar.ts";
import type { Stamp } from "./stamp.ts";

/** The user fixes a root's front contract by its long symbol ("ESZ26"), or frees it with null. */
export type ContractPinned = Stamp & { type: "ContractPinned"; root: string; symbol: string | null };

export const contractPinnedSchema = z.strictObject({ root: z.string().min(1), symbol: z.string().min(1).nullable() });

/** Intervals on which volatility, wave, regime, ICT and quality can be read. */
export const ANALYSIS_INTERVALS = ["1m", "5m", "15m"] as const;
export type AnalysisInterval = (typeof ANALYSIS_INTERVALS)[number];

/** The user's choices that the engine reads: the newest `SettingsApplied` holds all of them. */
export type EngineSettings = {
  interval: AnalysisInterval;
  /** Trade dates that composite profile, naked POCs and level statistics look back. */
  lookbackDates: number;
  /** Account whose risk per trade sizes the focus cards, USD. */
  accountSizeUsd: number;
};

export const DEFAULT_SETTINGS: Readonly<EngineSettings> = { interval: "5m", lookbackDates: 5, accountSizeUsd: 50_000 };

export type SettingsApplied = Stamp & { type: "SettingsApplied"; settings: EngineSettings };

export const engineSettingsSchema = z.strictObject({
  interval: z.enum(ANALYSIS_INTERVALS),
  lookbackDates: z.number().int().min(1).max(20),
  accountSizeUsd: z.number().positive().max(1e9),
});
export const settingsAppliedSchema = z.strictObject({ settings: engineSettingsSchema });

/**
 * The user begins a VWAP and a CVD of a contract at the minute that holds `atMs`, or ends those that began there (null:
 * all of the contract's). An anchor belongs to its contract and its run.
 */
export type AnchorPlaced = Stamp & { type: "AnchorPlaced"; contract: number; atMs: number };
export type AnchorRemoved = Stamp & { type: "AnchorRemoved"; contract: number; atMs: number | null };

const contract = z.number().int().nonnegative();
export const anchorPlacedSchema = z.strictObject({ contract, atMs: z.number() });
export const anchorRemovedSchema = z.strictObject({ contract, atMs: z.number().nullable() });

/** The user's event calendar, oldest first: the newest one is the whole of it. */
export type CalendarApplied = Stamp & { type: "CalendarApplied"; events: readonly CalendarEvent[] };

export const calendarEventSchema = z.strictObject({
  name: z.string(),
  atMs: z.number(),
  impact: z.enum(EVENT_IMPACTS),
  roots: z.array(z.string()),
});
export const calendarAppliedSchema = z.strictObject({ events: z.array(calendarEventSchema) });

/** A refresh found that these contracts' analyses are not what the log makes of them: they begin anew. */
export type AnalysisRebuilt = Stamp & { type: "AnalysisRebuilt"; contracts: number[] };

export const analysisRebuiltSchema = z.strictObject({ contracts: z.array(z.number().int().nonnegative()).min(1) });

/** What can time and our own starts do to us? */
import { z } from "zod";
import type { CalendarEvent } from "#lib/event-calendar.ts";
import type { BridgeAccount } from "./bridge-ledger.ts";
import { bridgeAccountSchema } from "./bridge-schemas.ts";
import { calendarEventSchema, DEFAULT_SETTINGS, type EngineSettings, engineSettingsSchema } from "./operator.ts";
import type { Stamp } from "./stamp.ts";

/** A deadline that the engine asked for has come. */
export type DeadlineReached = Stamp & { type: "DeadlineReached"; clock: "feed" | "wall"; deadlineMs: number };

export const MODES = ["LIVE", "DELAYED", "REPLAY", "SIM"] as const;
export type Mode = (typeof MODES)[number];

/** What a run takes over from the one before it: pins by root, settings, the user's calendar (null: none), accounts. */
export type Ledger = {
  pins: Record<string, string>;
  settings: EngineSettings;
  calendar: readonly CalendarEvent[] | null;
  accounts: readonly BridgeAccount[];
};

/** Of the first run, and of one that hands nothing over. */
export function emptyLedger(): Ledger {
  return { pins: {}, settings: { ...DEFAULT_SETTINGS }, calendar: null, accounts: [] };
}

/** First record of a run, with the ledger that the former run hands over. */
export type RunStarted = Stamp &
  Ledger & {
    type: "RunStarted";
    runId: string;
    mode: Mode;
    feed: string;
    seed: number | null;
  };

/** The engine begins or goes on; `epoch` counts the starts of this run from 1. */
export type EngineStarted = Stamp & {
  type: "EngineStarted";
  epoch: number;
  codeVersion: string;
  nodeVersion: string;
  snapshotVersion: number;
  settingsVersion: number;
};

export const deadlineReachedSchema = z.strictObject({ clock: z.enum(["feed", "wall"]), deadlineMs: z.number() });
export const runStartedSchema = z.strictObject({
  runId: z.string().min(1),
  mode: z.enum(MODES),
  feed: z.string().min(1),
  seed: z.number().int().nullable(),
  pins: z.record(z.string(), z.string()),
  // NOTE: the first logs handed over pins alone.
  settings: engineSettingsSchema.default(() => ({ ...DEFAULT_SETTINGS })),
  calendar: z.array(calendarEventSchema).nullable().default(null),
  accounts: z.array(bridgeAccountSchema).default([]),
});
export const engineStartedSchema = z.strictObject({
  epoch: z.number().int().positive(),
  codeVersion: z.string(),
  nodeVersion: z.string(),
  snapshotVersion: z.number().int(),
  settingsVersion: z.number().int(),
});

/** What can time and our own starts do to us? */
import { z } from "zod";
import type { Stamp } from "./stamp.ts";

/** A deadline that the engine asked for has come. */
export type DeadlineReached = Stamp & { type: "DeadlineReached"; clock: "feed" | "wall"; deadlineMs: number };

export const MODES = ["LIVE", "DELAYED", "REPLAY", "SIM"] as const;
export type Mode = (typeof MODES)[number];

/** First record of a run; `pins` is the ledger that the former run hands over: root → long symbol. */
export type RunStarted = Stamp & {
  type: "RunStarted";
  runId: string;
  mode: Mode;
  feed: string;
  seed: number | null;
  pins: Record<string, string>;
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
});
export const engineStartedSchema = z.strictObject({
  epoch: z.number().int().positive(),
  codeVersion: z.string(),
  nodeVersion: z.string(),
  snapshotVersion: z.number().int(),
  settingsVersion: z.number().int(),
});

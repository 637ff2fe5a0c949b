/** What does GET /bars/:contract answer? */
import { z } from "zod";
import { DELTA_SOURCES } from "./stream.ts";

export const barRowSchema = z.object({
  openMs: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  buyVolume: z.number(),
  sellVolume: z.number(),
  unsignedVolume: z.number(),
  trades: z.number(),
  vwap: z.number().nullable(),
  revision: z.number(),
  /** Whole contracts; buyVolume − sellVolume, unless `deltaSource` is "estimate". */
  delta: z.number(),
  deltaSource: z.enum(DELTA_SOURCES),
});
export type BarRow = z.infer<typeof barRowSchema>;

/** Closed bars, newest last; `next` is the `to` of the next older page, null at the beginning. */
export const barsAnswerSchema = z.object({
  contract: z.string(),
  interval: z.string(),
  hours: z.enum(["eth", "rth"]),
  mode: z.enum(["LIVE", "DELAYED", "REPLAY", "SIM"]),
  tickSize: z.number(),
  bars: z.array(barRowSchema),
  next: z.number().nullable(),
  why: z.string().nullable(),
});
export type BarsAnswer = z.infer<typeof barsAnswerSchema>;

export const pinRequestSchema = z.strictObject({ contract: z.string().min(3).max(8).nullable() });
export const pinAnswerSchema = z.object({
  seq: z.number(),
  outcome: z.enum(["accepted", "unchanged"]),
  root: z.string(),
  contract: z.string(),
  pinned: z.boolean(),
});

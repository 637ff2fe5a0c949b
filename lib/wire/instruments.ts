/** What does GET /instruments say of a followed root? */
import { z } from "zod";

export const instrumentRowSchema = z.object({
  root: z.string(),
  /** The front contract, or the pinned one; the month is part of the name: "ESZ6". */
  contract: z.string(),
  label: z.string().describe("ES Z6"),
  pinned: z.boolean(),
  /** Every contract of this root in this run, nearest expiry first. */
  contracts: z.array(z.string()),
  name: z.string(),
  exchange: z.string(),
  currency: z.string(),
  calendar: z.string(),
  tickSize: z.number(),
  pointValue: z.number(),
  tickValueUsd: z.number(),
  feePerSideUsd: z.number(),
  mode: z.enum(["LIVE", "DELAYED", "REPLAY", "SIM"]),
  last: z.number().nullable(),
  changePoints: z.number().nullable(),
  changeSource: z.string(),
  settlement: z.number().nullable(),
  ageMs: z.number().nullable(),
  stale: z.boolean(),
});
export type InstrumentRow = z.infer<typeof instrumentRowSchema>;

export const instrumentsAnswerSchema = z.object({ instruments: z.array(instrumentRowSchema) });

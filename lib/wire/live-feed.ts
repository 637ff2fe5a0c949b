/** What do the feed's controls and its word about itself look like on the wire? */
import { z } from "zod";
import { MODES } from "../events/clock.ts";
import { FEED_STATES } from "../events/market.ts";

export const liveFeedActionSchema = z.enum(["start", "stop", "upgrade", "downgrade"]);

/** `unchanged`: it was so already. A refusal is answered as an error that says why. */
export const liveFeedAnswerSchema = z.object({
  status: z.enum(["started", "stopped", "upgraded", "downgraded", "unchanged"]),
  message: z.string(),
  /** ISO, UTC. */
  timestamp: z.string(),
});
export type LiveFeedActionAnswer = z.infer<typeof liveFeedAnswerSchema>;

export const liveFeedReportSchema = z.object({
  status: z.enum(FEED_STATES),
  message: z.string(),
  /** The socket's word; whether data are alive is each contract's own (see /instruments). */
  connected: z.boolean(),
  /** False: stopped by a person, or ended for good; Start begins again. */
  running: z.boolean(),
  mode: z.enum(MODES),
  tickers: z.array(z.string()),
  /** Frames read, and trades and bars received live, since the start. */
  msgs: z.number(),
  trades: z.number(),
  bars: z.number(),
  /** Seconds since it was last connected; 0 while it is not. */
  uptime: z.number(),
  /** Dropped messages and lost connections since the start: the newest five in words, and how many there were. */
  errors: z.array(z.string()),
  errorCount: z.number(),
  /** trades: trades and quotes too; bars: the vendor's bars alone; null: nothing yet. */
  wanted: z.enum(["trades", "bars"]),
  received: z.enum(["trades", "bars"]).nullable(),
  delayMs: z.number().nullable(),
  refusedRoots: z.array(z.object({ root: z.string(), reason: z.string() })),
  data_source: z.string(),
});

export const dataSourceSchema = z.object({
  data_source: z.string().describe("simulator, massive or file"),
  mode: z.enum(MODES),
  /** Are these prices of a real market, now or in the past? */
  real: z.boolean(),
  hosts: z.array(z.string()),
  message: z.string(),
});

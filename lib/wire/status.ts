/** What does GET /status say of this run, and what do /health, /ready and /session answer? */
import { z } from "zod";
import { MODES } from "../events/clock.ts";
import { FEED_STATES } from "../events/market.ts";
import { opsReportSchema } from "./ops.ts";

/** Is a calendar's market open by the exchange's rules, at `nowMs`; when does that change? */
export const sessionStatusSchema = z.object({
  calendar: z.string().describe("equity, metals, energy, rates, fx or crypto"),
  state: z.enum(["open", "closed"]),
  /** Why it is closed; null while it is open. */
  reason: z.enum(["break", "halt", "weekend", "holiday"]).nullable(),
  /** The trade date it belongs to, or the next one: "2026-11-20". */
  tradeDate: z.string(),
  /** The close of this stretch of trading, or the next open. */
  untilMs: z.number(),
});

export const statusAnswerSchema = z.object({
  mode: z.enum(MODES),
  runId: z.string(),
  /** Starts of this run so far. */
  epoch: z.number(),
  /** The feed's clock: wall time in LIVE and DELAYED, virtual in SIM and REPLAY. */
  nowMs: z.number(),
  feed: z.object({
    name: z.string(),
    state: z.enum(FEED_STATES),
    message: z.string(),
    /** Virtual per wall time; null: as fast as possible. */
    speed: z.number().nullable(),
  }),
  sessions: z.array(sessionStatusSchema),
  versions: z.object({ code: z.string(), node: z.string(), settings: z.number(), snapshot: z.number() }),
  /** What is simulated, and what this build has not: sentences for people. */
  notices: z.array(z.string()),
});
export type StatusAnswer = z.infer<typeof statusAnswerSchema>;

/** The ops report, and whether the data-service can do its job: the HTTP status is 200 or 503 by `canWork` alone. */
export const healthAnswerSchema = opsReportSchema.extend({
  canWork: z.boolean(),
  /** Why it cannot; null while it can. */
  reason: z.string().nullable(),
});

export const readyAnswerSchema = z.object({ ready: z.literal(true) });

export const sessionRequestSchema = z.strictObject({ key: z.string().min(1).max(1_024) });
/** When the cookie ends; null: no cookie was set, for the installation has no API_KEY. */
export const sessionAnswerSchema = z.object({ expiresMs: z.number().nullable() });

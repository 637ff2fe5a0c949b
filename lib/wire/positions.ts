/** What do the bridge accounts hold, how old is that word, at which price does it stand? For REST and stream. */
import { z } from "zod";

const maybe = z.number().nullable();

const positionSchema = z.object({
  /** Long symbol, "MESZ26". */
  contract: z.string(),
  instrument: z.string(),
  side: z.enum(["long", "short"]),
  quantity: z.number(),
  /** Points; an average may lie between ticks. */
  averagePrice: z.number(),
  tickSize: z.number(),
  markPrice: maybe,
  /** Our feed's last price, or the platform's own mark. */
  markSource: z.enum(["feed", "bridge"]),
  markAgeMs: maybe,
  unrealizedPnlUsd: maybe,
  /** For each contract; null without a mark. */
  unrealizedTicks: maybe,
});
export type PositionRow = z.infer<typeof positionSchema>;

export const bridgeAccountSchema = z.object({
  account: z.string(),
  source: z.literal("bridge"),
  /** Stale is not flat: what is shown is what was last reported. */
  state: z.enum(["live", "stale"]),
  reason: z.enum(["silent", "noHeartbeat", "brokerAway", "nothingYet"]).nullable(),
  staleSinceMs: maybe,
  /** The platform's word for its line to the broker; null: no heartbeat yet. */
  connection: z.string().nullable(),
  /** Of the newest report of positions; null: none yet. */
  receivedMs: maybe,
  ageMs: maybe,
  /** Null: never reported; empty: flat. */
  positions: z.array(positionSchema).nullable(),
  /** Null where one of them has none. */
  unrealizedPnlUsd: maybe,
  /** Orders that may still trade; null: not reported. */
  workingOrders: maybe,
  cashUsd: maybe,
  realizedPnlUsd: maybe,
  netLiquidationUsd: maybe,
  /** The floor that the broker itself reported last, and the room to it then. */
  brokerFloor: z.object({ floorUsd: maybe, drawdownLeftUsd: z.number(), ageMs: z.number() }).nullable(),
  dailyLossLimitUsd: maybe,
  /** Where fills and the reported position differ for longer than a moment. */
  drifts: z.array(z.object({ contract: z.string(), fillsContracts: z.number(), reportedContracts: z.number() })),
  executions: z.number(),
  duplicateReports: z.number(),
  staleReports: z.number(),
});
export type BridgeAccountRow = z.infer<typeof bridgeAccountSchema>;

/** The incumbent's words for one position. */
const legacyPositionSchema = z.object({
  symbol: z.string(),
  side: z.enum(["Long", "Short"]),
  quantity: z.number(),
  avgPrice: z.number(),
  unrealizedPnL: maybe,
});

/** Ours, and the incumbent's flat fields for the first account; it has none of them where there is no account. */
export const positionsAnswerSchema = z.object({
  accounts: z.array(bridgeAccountSchema),
  account: z.string().optional(),
  positions: z.array(legacyPositionSchema).optional(),
  received_at: z.string().nullable().optional(),
  has_positions: z.boolean().optional(),
  total_unrealized_pnl: maybe.optional(),
});
export type PositionsAnswer = z.infer<typeof positionsAnswerSchema>;

/** What became of a report; a repeat and one that came too late change nothing. */
export const reportAnswerSchema = z.object({
  seq: z.number(),
  outcome: z.enum(["accepted", "duplicate", "stale"]),
  status: z.literal("received"),
  account: z.string(),
  received_at: z.string(),
  /** Of reports of positions alone. */
  positions_count: z.number().optional(),
});

export const clearPositionsSchema = z.strictObject({ account: z.string().min(1).nullish() });
export const clearedAnswerSchema = z.object({
  seq: z.number(),
  status: z.enum(["cleared", "no_change"]),
  timestamp: z.string(),
});

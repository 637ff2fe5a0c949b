/** Is this record of the log a fact of an account? The schemas of fills, positions, liveness and incidents. */
import { z } from "zod";
import { reportedExecutionSchema, reportedPositionSchema } from "../events/bridge-schemas.ts";
import type { AccountFact } from "./fact.ts";

const account = z.string().min(1);
const numbers = { contract: z.string().min(1), fillsContracts: z.number(), reportedContracts: z.number() };

export const ACCOUNT_FACT_SCHEMAS = {
  FillReported: z.strictObject({ type: z.literal("FillReported"), fill: reportedExecutionSchema }),
  PositionChanged: z.strictObject({
    type: z.literal("PositionChanged"),
    account,
    position: reportedPositionSchema.pick({ contract: true, netContracts: true, averageTicks: true, tickSize: true }),
  }),
  LivenessChanged: z.strictObject({
    type: z.literal("LivenessChanged"),
    account,
    liveness: z.discriminatedUnion("status", [
      z.strictObject({ status: z.literal("live") }),
      z.strictObject({
        status: z.literal("stale"),
        reason: z.enum(["silent", "noHeartbeat", "brokerAway", "nothingYet", "cleared"]),
        sinceMs: z.number().nullable(),
      }),
    ]),
  }),
  IncidentRaised: z.strictObject({
    type: z.literal("IncidentRaised"),
    account,
    incident: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.enum(["drift", "driftEnded"]), ...numbers }),
      z.strictObject({
        kind: z.literal("executionChanged"),
        executionId: z.string().min(1),
        was: z.string(),
        now: z.string(),
      }),
    ]),
  }),
} as const satisfies Record<AccountFact["type"], z.ZodType>;

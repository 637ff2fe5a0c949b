/** Is this record what a bridge can have said? The schemas of its reports, of fills, and of what is known. */
import { z } from "zod";
import type {
  AccountReport,
  ExecutionsReport,
  HeartbeatReport,
  OrdersReport,
  PositionsReport,
  ReportedExecution,
  ReportedPosition,
} from "./bridge.ts";
import { BRIDGE_ORDER_TYPES, REPORT_KINDS } from "./bridge.ts";
import type { BridgeAccount } from "./bridge-ledger.ts";

const text = z.string().min(1);
const maybe = z.number().nullable();
const contracts = z.number().int().positive();
const side = z.enum(["buy", "sell"]);
const head = { account: text, reportId: text.nullable(), sentMs: maybe };

export const reportedPositionSchema = z.strictObject({
  contract: text,
  netContracts: z.number().int(),
  averageTicks: z.number(),
  tickSize: z.number().positive(),
  markTicks: maybe,
  unrealizedUsd: maybe,
}) satisfies z.ZodType<ReportedPosition>;

const reportedOrderSchema = z.strictObject({
  orderId: text,
  contract: text,
  side,
  type: z.enum(BRIDGE_ORDER_TYPES),
  contracts,
  filledContracts: z.number().int().nonnegative(),
  limitTicks: maybe,
  stopTicks: maybe,
  tickSize: z.number().positive(),
  state: z.string(),
  oco: z.string().nullable(),
});

export const reportedExecutionSchema = z.strictObject({
  executionId: text,
  account: text,
  root: text,
  year: z.number().int(),
  month: z.number().int().min(1).max(12),
  side,
  contracts,
  priceTicks: z.number(),
  tickSize: z.number().positive(),
  atMs: z.number(),
  orderId: text.nullable(),
  feeUsd: maybe,
  source: text,
}) satisfies z.ZodType<ReportedExecution>;

const valuesSchema = z.strictObject({
  cashUsd: maybe,
  realizedUsd: maybe,
  unrealizedUsd: maybe,
  marginUsd: maybe,
  netLiquidationUsd: maybe,
  drawdownLeftUsd: maybe,
  dailyLossLimitUsd: maybe,
});

const positions = z.array(reportedPositionSchema);
const orders = z.array(reportedOrderSchema);
const versions = { platformVersion: z.string().nullable(), bridgeVersion: z.string().nullable() };

function reported<Report extends z.ZodType>(report: Report) {
  return z.strictObject({ report });
}

export const positionsReportedSchema = reported(
  z.strictObject({ kind: z.literal("positions"), ...head, positions }) satisfies z.ZodType<PositionsReport>,
);
export const ordersReportedSchema = reported(
  z.strictObject({ kind: z.literal("orders"), ...head, orders }) satisfies z.ZodType<OrdersReport>,
);
export const executionsReportedSchema = reported(
  z.strictObject({
    kind: z.literal("executions"),
    ...head,
    executions: z.array(reportedExecutionSchema),
  }) satisfies z.ZodType<ExecutionsReport>,
);
export const accountReportedSchema = reported(
  z.strictObject({ kind: z.literal("account"), ...head, values: valuesSchema }) satisfies z.ZodType<AccountReport>,
);
export const heartbeatReportedSchema = reported(
  z.strictObject({
    kind: z.literal("heartbeat"),
    ...head,
    connection: text,
    ...versions,
  }) satisfies z.ZodType<HeartbeatReport>,
);
export const positionsClearedSchema = z.strictObject({ account: text.nullable() });

const receivedMs = z.number();
const count = z.number().int().nonnegative();
const nets = z.record(z.string(), z.number());

/** What a new run takes over of an account. */
export const bridgeAccountSchema = z.strictObject({
  account: text,
  newestSentMs: z.partialRecord(z.enum(REPORT_KINDS), z.number()),
  knownIds: z.array(z.string()),
  newestContent: z.partialRecord(z.enum(REPORT_KINDS), z.string()),
  duplicateReports: count,
  staleReports: count,
  heartbeat: z.strictObject({ receivedMs, connection: text, bridgeVersion: z.string().nullable() }).nullable(),
  positions: z.strictObject({ receivedMs, rows: positions }).nullable(),
  orders: z.strictObject({ receivedMs, rows: orders }).nullable(),
  values: z.strictObject({ receivedMs, reported: valuesSchema }).nullable(),
  brokerFloor: z.strictObject({ receivedMs, drawdownLeftUsd: z.number(), floorUsd: maybe }).nullable(),
  brokerDailyLossLimit: z.strictObject({ receivedMs, limitUsd: z.number() }).nullable(),
  equityExtremes: z.strictObject({ lowerUsd: z.number(), higherUsd: z.number() }).nullable(),
  executions: z.strictObject({
    told: z.record(z.string(), z.strictObject({ atMs: z.number(), words: z.string() })),
    count,
    forgottenThroughMs: maybe,
    repeated: count,
    changed: count,
    tooOld: count,
  }),
  hasExecutions: z.boolean(),
  anchor: nets.nullable(),
  filledSince: nets,
  drifts: z.record(
    z.string(),
    z.strictObject({
      fillsContracts: z.number(),
      reportedContracts: z.number(),
      sinceMs: z.number(),
      isRaised: z.boolean(),
    }),
  ),
}) satisfies z.ZodType<BridgeAccount>;

/** How is each part of the house? /health and the ops strip say the same, from the same report. */
import { z } from "zod";

/** absent: not in this build, never green. */
export const PART_STATES = ["ok", "degraded", "failed", "absent"] as const;

export const partSchema = z.object({
  name: z.string(),
  state: z.enum(PART_STATES),
  /** In words: what it does now, or why it cannot. */
  message: z.string(),
  /** Wall time of its last progress; null: none yet. */
  progressMs: z.number().nullable(),
  lagMs: z.number().nullable(),
});
export type Part = z.infer<typeof partSchema>;

/** How far PostgreSQL is behind the log. */
export const projectionSchema = z.object({
  /** Every fact of the run up to this seq is in the tables. */
  seq: z.number(),
  lagEvents: z.number(),
  /** Facts that PostgreSQL would not take, and why it refused the newest. */
  refusedFacts: z.number(),
  newestRefused: z.string().nullable(),
  /** A log that cannot be read, with file and offset; null: none. */
  broken: z.string().nullable(),
});
export type Projection = z.infer<typeof projectionSchema>;

export const opsReportSchema = z.object({
  /** ready: recovery and first history are done. */
  ready: z.boolean(),
  parts: z.array(partSchema),
  seq: z.number(),
  flushedSeq: z.number(),
  eventsPerSecond: z.number(),
  /** Median and 99th percentile of write → flushed over the last minute, ms. */
  flushMs: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  logBytes: z.number(),
  clients: z.number(),
  clientsCut: z.number(),
  codeVersion: z.string(),
  /** Null until there is a run to project. */
  projection: projectionSchema.nullable(),
  runId: z.string(),
  epoch: z.number(),
  /** Result of the last digest check of recovery. */
  digest: z.object({ seq: z.number(), equal: z.boolean() }).nullable(),
});
export type OpsReport = z.infer<typeof opsReportSchema>;

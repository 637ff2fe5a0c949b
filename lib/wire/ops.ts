/** How is each part of the house? /health and the ops strip say the same, from the same report. */
import { z } from "zod";

/** absent: not in this build, or not connected yet; never green. */
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

/** How far a handler is behind the flushed log. */
export const handlerSchema = z.object({
  name: z.string(),
  /** Everything that it has to do up to this seq is done. */
  seq: z.number(),
  lagEvents: z.number(),
});
export type Handler = z.infer<typeof handlerSchema>;

export const opsReportSchema = z.object({
  /** ready: recovery and first history are done. */
  ready: z.boolean(),
  parts: z.array(partSchema),
  seq: z.number(),
  flushedSeq: z.number(),
  eventsPerSecond: z.number(),
  /** Events that wait for the sequencer. */
  queued: z.number(),
  /** Median and 99th percentile of write → flushed over the last minute, ms. */
  flushMs: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  logBytes: z.number(),
  /** The log's newest file; its age is that of its first event, null before it. */
  segment: z.object({ number: z.number(), ageMs: z.number().nullable() }),
  /** Of the newest snapshot that lasts; null: none yet, and a start reads the whole log. */
  snapshot: z
    .object({
      seq: z.number(),
      ageMs: z.number(),
      bytes: z.number(),
      /** What it held the event loop up; null: it was taken before this start. */
      tookMs: z.number().nullable(),
    })
    .nullable(),
  /** Snapshots of this start that held the event loop up for too long; why the last try failed, null: it did not. */
  snapshotOvertime: z.number(),
  snapshotError: z.string().nullable(),
  /** Events that the engine broke at: set aside, skipped by every replay. The newest of them. */
  poisoned: z.object({
    count: z.number(),
    newest: z.array(z.object({ seq: z.number(), eventType: z.string(), reason: z.string() })),
  }),
  /** Stretches without data that nothing has filled: how many, how many of them go on, the newest. */
  gaps: z.object({
    count: z.number(),
    open: z.number(),
    newest: z
      .object({ contract: z.string().nullable(), fromMs: z.number(), toMs: z.number().nullable(), reason: z.string() })
      .nullable(),
  }),
  /** What the feed sent and was dropped, what bridges posted and was refused, by reason, with the newest words. */
  rejects: z.array(z.object({ reason: z.string(), count: z.number(), last: z.string() })),
  handlers: z.array(handlerSchema),
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

/** What is asked of a forced refresh, and what does it say? How far it is; equal; or where live and rebuilt differ. */
import { z } from "zod";

/** The snapshot before the newest, or the log's first event: the whole of the run, slower. */
export const refreshFromSchema = z.enum(["snapshot", "log"]);
export type RefreshFrom = z.infer<typeof refreshFromSchema>;

/** Body of POST /actions/force_refresh; empty: from the snapshot. */
export const forceRefreshSchema = z.strictObject({ from: refreshFromSchema.optional() }).nullish();

type Asked = { from: RefreshFrom; startedMs: number };
/** Replayed from behind `fromSeq` (0: the log's first event) up to `seq`, so many events. */
type Done = Asked & { fromSeq: number; seq: number; events: number; tookMs: number };

export type RefreshReport =
  | (Asked & { status: "running"; events: number; seq: number })
  | (Done & { status: "equal" })
  | (Done & {
      status: "different";
      /** The first value that differs, in words. */
      difference: { path: string; live: string; rebuilt: string };
      /** Contracts whose analyses begin anew, by the event `repairSeq`; none and null where no analysis differs. */
      rebuilt: string[];
      repairSeq: number | null;
      /** More than analyses differs: only a restart, which recovers from snapshot and log, mends that. */
      isElsewhere: boolean;
    })
  | (Asked & { status: "failed"; reason: string });

/** What is known of one bridge account? The shape that snapshots hold and a new run takes over. */

import type { BridgeReport, ReportedAccountValues, ReportedOrder, ReportedPosition } from "./bridge.ts";

/** Two views of one account's worth: for the floor the lower counts, for the intraday peak the higher. */
export type Equities = { lowerUsd: number; higherUsd: number };

/** One account's executions; keys carry a mark before the id, so that numbers keep the order of arrival. */
export type KnownExecutions = {
  told: Record<string, { atMs: number; words: string }>;
  count: number;
  /** Newest time among those forgotten; an unknown one from then or before may be one of them. */
  forgottenThroughMs: number | null;
  /** How many came again, came with other words, or came too old to tell. */
  repeated: number;
  changed: number;
  tooOld: number;
};

/** Net contracts, above 0 long: what the fills make, and what the platform reports. */
export type TwoNumbers = { fillsContracts: number; reportedContracts: number };

/** The two differ by the same number since `sinceMs`; raised once that has lasted. */
export type PositionDrift = TwoNumbers & { sinceMs: number; isRaised: boolean };

/** Plain state. `receivedMs` is our wall clock, `sentMs` the sender's; contracts are long symbols. */
export type BridgeAccount = {
  account: string;
  /** Newest `sentMs` that counted, for each kind of report that came. */
  newestSentMs: Partial<Record<BridgeReport["kind"], number>>;
  /** Ids of the newest reports that counted; for those without an id the newest content of each kind. */
  knownIds: string[];
  newestContent: Partial<Record<BridgeReport["kind"], string>>;
  duplicateReports: number;
  staleReports: number;
  heartbeat: { receivedMs: number; connection: string; bridgeVersion: string | null } | null;
  positions: { receivedMs: number; rows: ReportedPosition[] } | null;
  orders: { receivedMs: number; rows: ReportedOrder[] } | null;
  values: { receivedMs: number; reported: ReportedAccountValues } | null;
  /** The limits that the broker reported last: kept when a later report has none. */
  brokerFloor: { receivedMs: number; drawdownLeftUsd: number; floorUsd: number | null } | null;
  brokerDailyLossLimit: { receivedMs: number; limitUsd: number } | null;
  /** Lowest of the lower and highest of the higher equity since the account's newest values. */
  equityExtremes: Equities | null;
  executions: KnownExecutions;
  /** Does this bridge report executions? Without them no drift can be told. */
  hasExecutions: boolean;
  /** Net contracts as reported where counting began; absent is flat. Null: not begun. */
  anchor: Record<string, number> | null;
  /** Net contracts of the fills since. */
  filledSince: Record<string, number>;
  drifts: Record<string, PositionDrift>;
};

/** What a person must be told. */
export type BridgeIncident =
  | (TwoNumbers & { kind: "drift" | "driftEnded"; contract: string })
  | { kind: "executionChanged"; executionId: string; was: string; now: string };

/** How are the stores? Lamps of db and redis: green only while they work and nothing waits for them. */
import { formatClock } from "#lib/format.ts";
import { PROJECT_LAG_EVENTS_MAX, PROJECT_LAG_MS_MAX } from "#lib/limits.ts";
import type { Part, Projection } from "#lib/wire/ops.ts";
import type { CacheStatus } from "./cache.ts";
import type { DatabaseStatus } from "./database.ts";

export type DbInput = {
  status: DatabaseStatus;
  place: string;
  /** Null until there is a run to project. */
  projection: (Projection & { lagMs: number; progressMs: number | null }) | null;
};

/** degraded, never failed: without PostgreSQL the engine and the screen go on, and the log loses nothing. */
export function dbPart({ status, place, projection }: DbInput): Part {
  const part = (state: Part["state"], message: string): Part => ({
    name: "db",
    state,
    message,
    progressMs: projection?.progressMs ?? null,
    lagMs: projection?.lagMs ?? null,
  });
  if (status.state === "starting") return part("degraded", "connecting");
  const behind = projection === null ? "" : `; ${projection.lagEvents} events wait in the log`;
  if (status.state !== "ok") return part("degraded", `${status.reason}, ${sinceWords(status.sinceMs)}${behind}`);
  if (projection === null) return part("ok", place);
  const { refusedFacts, newestRefused, broken, lagMs, lagEvents, seq } = projection;
  if (broken !== null) return part("degraded", `a log cannot be projected: ${broken}`);
  if (refusedFacts > 0) return part("degraded", `${refusedFacts} facts refused and set aside, last ${newestRefused}`);
  const isBehind = lagMs > PROJECT_LAG_MS_MAX || lagEvents > PROJECT_LAG_EVENTS_MAX;
  if (isBehind) return part("degraded", `${lagEvents} events behind`);
  return part("ok", `${place}, up to seq ${seq}`);
}

/** The same for the cache; it has no lag: what was not written is written anew. */
export function redisPart({ state, reason, progressMs, sinceMs }: CacheStatus): Part {
  const message = state === "away" ? `${reason}, ${sinceWords(sinceMs)}` : reason;
  return { name: "redis", state: state === "ok" ? "ok" : "degraded", message, progressMs, lagMs: null };
}

function sinceWords(ms: number): string {
  return `since ${formatClock("America/Chicago", ms)} CT`;
}

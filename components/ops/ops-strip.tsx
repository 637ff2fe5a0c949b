"use client";
/** How is the house? Each part with a lamp and a word, how fast it runs, and how far it has flushed. */

import { useLiveParts } from "#components/live/live-context.tsx";
import { useTickedText } from "#components/live/use-feed-now.ts";
import { useConnection, useFeeds, useOps } from "#components/live/use-live.ts";
import styles from "#components/ops/ops.module.css";
import { formatBytes, formatMillis, formatQuantity, UNKNOWN } from "#lib/format.ts";
import type { OpsReport, Part } from "#lib/wire/ops.ts";

/** Parts that the design has; one that the service does not name is not in this build. */
const PART_NAMES = ["feed", "log", "engine", "stream", "db", "redis", "bridge"] as const;

export function OpsStrip() {
  const ops = useOps();
  const connection = useConnection();
  const isLost = connection.status === "waiting";
  return (
    <footer className={styles.strip} data-testid="ops-strip">
      {partsOf(ops).map((part, index, parts) => (
        <Lamp key={part.name} part={part} isLost={isLost} next={parts[index + 1]} />
      ))}
      {ops === undefined ? null : <Figures ops={ops} />}
      <span className={styles.stripEnd}>
        {ops === undefined ? null : (
          <span className="n" title={`run ${ops.runId}, start ${ops.epoch}`} data-testid="ops-version">
            {ops.codeVersion}
          </span>
        )}
        <span>
          <kbd>?</kbd> keys
        </span>
      </span>
    </footer>
  );
}

/** The lamps that the design has first, then whatever else the service names. */
function partsOf(ops: OpsReport | undefined): Part[] {
  const named = new Map((ops?.parts ?? []).map((part) => [part.name, part]));
  const lamps = PART_NAMES.map((name) => {
    const message = ops === undefined ? "not heard yet" : "not in this build yet";
    return named.get(name) ?? { name, state: "absent" as const, message, progressMs: null, lagMs: null };
  });
  const others = (ops?.parts ?? []).filter((part) => !PART_NAMES.some((name) => name === part.name));
  return [...lamps, ...others];
}

type LampProps = { part: Part; isLost: boolean; next: Part | undefined };

/** A part that is well shows its name; anything else says what it is, a row of parts that say the same only once. */
function Lamp({ part, isLost, next }: LampProps) {
  const state = isLost ? "unknown" : part.state;
  const words = isLost ? "not heard" : part.message;
  const isSaidByNext = next !== undefined && (isLost || (next.state === part.state && next.message === part.message));
  const isQuiet = state === "ok" || isSaidByNext;
  return (
    <span className={styles.lamp} data-state={state} title={`${part.name}: ${words}`} data-testid={`lamp-${part.name}`}>
      <i aria-hidden="true" />
      {part.name}
      <span className={isQuiet ? "visually-hidden" : styles.lampWords}>: {words}</span>
    </span>
  );
}

function Figures({ ops }: { ops: OpsReport }) {
  const { p50, p99 } = ops.flushMs;
  return (
    <>
      <Rejected />
      <Figure testId="ops-rate" title="Input events a second">
        {formatQuantity(ops.eventsPerSecond)} ev/s
      </Figure>
      <ScreenLag />
      <Figure testId="ops-seq" title="Newest sequenced event">
        seq {formatQuantity(ops.seq)}
      </Figure>
      <Figure testId="ops-flushed" isMinor title={`Flushed to disk up to seq ${formatQuantity(ops.flushedSeq)}`}>
        {formatQuantity(ops.seq - ops.flushedSeq)} to flush
      </Figure>
      <Figure testId="ops-flush" title="Write to flushed, median and 99th percentile of the last minute">
        flush {pairWords(p50, p99)}
      </Figure>
      <Figure testId="ops-log" title="Size of this run's log">
        log {formatBytes(ops.logBytes)}
      </Figure>
      <Figure testId="ops-clients" isMinor title={`${ops.clientsCut} cut because they were too slow`}>
        {formatQuantity(ops.clients)} {ops.clients === 1 ? "client" : "clients"}
      </Figure>
      {ops.digest !== null && !ops.digest.equal ? (
        <span className="down" data-testid="ops-digest">
          digest differs at seq {formatQuantity(ops.digest.seq)}
        </span>
      ) : null}
    </>
  );
}

function Rejected() {
  const feeds = useFeeds();
  const count = (feeds?.rejects ?? []).reduce((sum, reject) => sum + reject.count, 0);
  const words = (feeds?.rejects ?? []).map((reject) => `${reject.reason} ${reject.count}`).join(", ");
  return (
    <span
      className={`n live ${count > 0 ? "caution" : ""}`}
      title={words === "" ? "No row was rejected" : words}
      data-testid="ops-rejects"
    >
      {formatQuantity(count)} rejected
    </span>
  );
}

function ScreenLag() {
  const { lag } = useLiveParts();
  const text = useTickedText(() => pairWords(lag.quantileMs(0.5), lag.quantileMs(0.99)));
  return (
    <Figure
      testId="ops-lag"
      title="From the tick's arrival at the server to the frame that showed it: median and 99th percentile"
    >
      tick to screen {text ?? UNKNOWN}
    </Figure>
  );
}

/** "4.2 / 18 ms"; "–" until measured. */
function pairWords(median: number | null, high: number | null): string {
  return median === null || high === null ? UNKNOWN : `${formatMillis(median)} / ${formatMillis(high)} ms`;
}

/** A minor figure gives way where the strip is too narrow for all. */
type FigureProps = { testId: string; title: string; isMinor?: boolean; children: React.ReactNode };

function Figure({ testId, title, isMinor = false, children }: FigureProps) {
  return (
    <span className={`n live ${isMinor ? styles.minor : ""}`} title={title} data-testid={testId}>
      {children}
    </span>
  );
}

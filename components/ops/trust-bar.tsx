"use client";
/** Can the numbers on this screen be trusted right now? The answer first, then every reason. */

import { useConnection, useFeeds, useOps } from "#components/live/use-live.ts";
import styles from "#components/ops/ops.module.css";
import { judgedContracts, trustSummary } from "#components/ops/trust-summary.ts";
import { formatQuantity, UNKNOWN } from "#lib/format.ts";
import type { FeedsReport } from "#lib/wire/stream.ts";

export function TrustBar() {
  const connection = useConnection();
  const feeds = useFeeds();
  const summary = trustSummary({ connection, feeds, ops: useOps() });
  return (
    <section className={styles.trust} aria-label="Data trust" data-testid="trust-bar">
      <div className={styles.answer} data-tone={summary.tone} role="status" data-testid="trust-answer">
        <i aria-hidden="true" />
        {summary.words}
      </div>
      {feeds === undefined ? <Chip label="Feed" value={UNKNOWN} /> : <Reasons feeds={feeds} />}
      <span className={`${styles.trustNote} dim`} data-testid="feed-message" title={noteOf(feeds)}>
        {summary.detail ?? noteOf(feeds)}
      </span>
    </section>
  );
}

function noteOf(feeds: FeedsReport | undefined): string {
  if (feeds === undefined) return "";
  return feeds.jump ?? feeds.message;
}

function Reasons({ feeds }: { feeds: FeedsReport }) {
  const { contracts, gaps, rejects } = feeds;
  const { heard, open, stale } = judgedContracts(contracts);
  const rejected = rejects.reduce((sum, reject) => sum + reject.count, 0);
  const worst = rejects.toSorted((a, b) => b.count - a.count)[0];
  const late = contracts.reduce((sum, row) => sum + row.lateTrades + row.droppedLate, 0);
  return (
    <>
      <Chip label="Feed" value={feeds.state} note={feeds.feed} testId="chip-feed" isBad={feeds.state !== "connected"} />
      <Chip
        label="Fresh"
        value={`${open.length - stale.length} of ${open.length}`}
        note={open.length < heard.length ? `${heard.length - open.length} shut` : "open"}
        share={open.length === 0 ? 0 : (open.length - stale.length) / open.length}
        isBad={stale.length > 0}
        testId="chip-fresh"
      />
      <Chip label="Delay" value={delayWords(contracts)} note="exchange to here" testId="chip-delay" />
      <Chip label="Gaps" value={formatQuantity(gaps.length)} isBad={gaps.length > 0} testId="chip-gaps" />
      <Chip
        label="Rejected"
        value={formatQuantity(rejected)}
        note={worst === undefined ? undefined : worst.reason}
        isBad={rejected > 0}
        testId="chip-rejects"
      />
      <Chip label="Late" value={formatQuantity(late)} note="trades" testId="chip-late" />
    </>
  );
}

/** Smallest to largest measured delay: "0 ms", "12–34 ms"; "–" until one is measured. */
function delayWords(contracts: FeedsReport["contracts"]): string {
  const delays = contracts.map((row) => row.delayMs).filter((delay) => delay !== null);
  if (delays.length === 0) return UNKNOWN;
  const [least, most] = [Math.round(Math.min(...delays)), Math.round(Math.max(...delays))];
  return least === most ? `${formatQuantity(least)} ms` : `${formatQuantity(least)}–${formatQuantity(most)} ms`;
}

type ChipProps = {
  label: string;
  value: string;
  note?: string | undefined;
  /** 0 to 1: a thin bar below. */
  share?: number;
  isBad?: boolean;
  testId?: string;
};

function Chip({ label, value, note, share, isBad, testId }: ChipProps) {
  return (
    <div
      className={styles.chip}
      data-bad={isBad === true}
      title={note === undefined ? undefined : `${label}: ${value}, ${note}`}
    >
      <span className="label">{label}</span>
      <span className={styles.chipValue}>
        <span className="n live" data-testid={testId}>
          {value}
        </span>
        {note === undefined ? null : <span className={`${styles.chipNote} dim`}>{note}</span>}
      </span>
      {share === undefined ? null : (
        <span className={styles.chipBar} aria-hidden="true">
          <b style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </div>
  );
}

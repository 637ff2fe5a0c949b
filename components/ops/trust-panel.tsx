"use client";
/** How far can each contract's data be trusted? State, age, delay, what came late, and every gap and reject by name. */

import { useFeedNowMs } from "#components/live/use-feed-now.ts";
import { useFeeds } from "#components/live/use-live.ts";
import { FeedControls } from "#components/ops/feed-controls.tsx";
import styles from "#components/ops/ops.module.css";
import { linkRoot, useLinked } from "#components/ui/linked.ts";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import { formatAge, formatClock, formatQuantity, UNKNOWN } from "#lib/format.ts";
import type { FeedsReport, TrustRow } from "#lib/wire/stream.ts";

export function TrustPanel() {
  const feeds = useFeeds();
  return (
    <Panel
      title="Data trust"
      note={<span className="dim">{feeds === undefined ? "" : feeds.feed}</span>}
      source="by the feed's clock"
      testId="trust-panel"
      className={styles.trustPanel}
    >
      {feeds === undefined ? null : <FeedControls feeds={feeds} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it, for it holds nothing to focus. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Contracts and findings">
        {feeds === undefined ? <SkeletonRows rows={6} label="Loading data trust" /> : <TrustBody feeds={feeds} />}
      </section>
    </Panel>
  );
}

function TrustBody({ feeds }: { feeds: FeedsReport }) {
  if (feeds.contracts.length === 0) {
    return <EmptyNote title="No contract has data yet">Each contract is judged from its first event on</EmptyNote>;
  }
  return (
    <>
      <Findings feeds={feeds} />
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <th scope="col">State</th>
            <th scope="col">Age</th>
            <th scope="col">Delay</th>
            <th scope="col" title="Came up to 2 s behind and amended their bar">
              Late
            </th>
            <th scope="col" title="Came further behind; counted and dropped">
              Dropped
            </th>
            <th scope="col" title="Came twice; counted once">
              Twice
            </th>
          </tr>
        </thead>
        <tbody>
          {heardFirst(feeds.contracts).map((row) => (
            <TrustLine key={row.contract} row={row} mode={feeds.mode} />
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Those without data at the end; otherwise the service's own order. */
function heardFirst(contracts: readonly TrustRow[]): TrustRow[] {
  return contracts.toSorted((a, b) => Number(a.eventMs === null) - Number(b.eventMs === null));
}

/** The state in words: LIVE, SIM …, "STALE 12 s", "shut". */
function stateWords(row: TrustRow, mode: FeedsReport["mode"], nowMs: number | null): string {
  if (row.eventMs === null) return "no data yet";
  if (!row.marketOpen) return "shut";
  if (row.staleSinceMs === null || nowMs === null) return mode;
  return `${mode} · STALE ${formatAge(Math.floor(Math.max(0, nowMs - row.staleSinceMs) / 1_000) * 1_000)}`;
}

function TrustLine({ row, mode }: { row: TrustRow; mode: FeedsReport["mode"] }) {
  const nowMs = useFeedNowMs(1_000);
  const isLinked = useLinked().root === row.root;
  const ageMs =
    row.eventMs === null || nowMs === null ? null : Math.floor(Math.max(0, nowMs - row.eventMs) / 1_000) * 1_000;
  const tone = !row.marketOpen || row.eventMs === null ? "dim" : row.staleSinceMs === null ? "mid" : "caution";
  return (
    <tr
      data-linked={isLinked}
      data-testid={`trust-${row.contract}`}
      onClick={() => linkRoot(row.root)}
      className={styles.trustLine}
    >
      <td data-cell="contract">{row.contract}</td>
      <td data-cell="state" className={tone}>
        {stateWords(row, mode, nowMs)}
      </td>
      <td data-cell="age" className="n live dim">
        {formatAge(ageMs)}
      </td>
      <td data-cell="delay" className="n live">
        {row.delayMs === null ? UNKNOWN : `${formatQuantity(row.delayMs)} ms`}
      </td>
      <td data-cell="late" className="n live">
        {formatQuantity(row.lateTrades)}
      </td>
      <td data-cell="dropped" className="n live">
        {formatQuantity(row.droppedLate)}
      </td>
      <td data-cell="duplicates" className="n live">
        {formatQuantity(row.duplicates)}
      </td>
    </tr>
  );
}

/** Gaps shown at most; the newest. */
const GAPS_SHOWN = 6;

function Findings({ feeds }: { feeds: FeedsReport }) {
  const gaps = feeds.gaps.slice(-GAPS_SHOWN);
  if (gaps.length === 0 && feeds.rejects.length === 0 && feeds.jump === null) return null;
  return (
    <ul className={styles.findings}>
      {feeds.jump === null ? null : (
        <li>
          <span className="label">clock</span> {feeds.jump}
        </li>
      )}
      {feeds.rejects.map((reject) => (
        <li key={reject.reason}>
          <span className="label">rejected</span> <span className="n">{formatQuantity(reject.count)}</span>{" "}
          {reject.reason}: <span className="dim">{reject.last}</span>
        </li>
      ))}
      {gaps.map((gap) => (
        <li key={`${gap.contract}${gap.fromMs}`}>
          <span className="label">gap</span> {gap.contract ?? "all"}{" "}
          <span className="n">
            {formatClock("America/Chicago", gap.fromMs)}–
            {gap.toMs === null ? "now" : formatClock("America/Chicago", gap.toMs)} CT
          </span>{" "}
          <span className="dim">{gap.reason}</span>
        </li>
      ))}
    </ul>
  );
}

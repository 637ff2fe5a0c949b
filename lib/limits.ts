/** How much may there be of anything? Each queue, ring, cache and retry has its bound here, with what happens at it. */

/** Contracts in one run; the next one is refused by name. Fits the codec's 16-bit contract field. */
export const CONTRACTS_MAX = 1_024;
/** A trade this far behind the newest of its contract still amends its bar; further back it is counted and dropped. */
export const LATE_TRADE_MS_MAX = 2_000;
/** Wait behind a bar's end before the timer closes it, on top of the feed's own delay. */
export const BAR_CLOSE_GRACE_MS = 250;
/** Closed 1-second bars kept: two hours. The oldest go. */
export const SECOND_BARS_MAX = 7_200;
/** Closed bars kept of each other interval of a contract; the oldest tenth goes when it is full. */
export const CLOSED_BARS_MAX = 100_000;
/** Rows of one answer of /bars; more is cut to the newest and `next` says where to go on. */
export const BARS_ANSWER_MAX = 50_000;
/** Sessions that baselines (usual rate, later RVOL) look back. */
export const BASELINE_SESSIONS = 20;
/** N of N-trade, N-contract and N-tick-range bars. */
export const BAR_SIZE_MAX = 100_000;
/** Newest trade numbers remembered a contract, to tell late from repeated; older numbers count as repeated. */
export const DUPLICATE_RING = 4_096;
/** Gaps listed a run; the oldest goes. */
export const GAPS_MAX = 200;
/** Settlements kept a contract: of the newest trade dates. */
export const SETTLEMENTS_MAX = 5;

/** A segment of the event log; a frame that would pass it begins the next segment. */
export const SEGMENT_BYTES_MAX = 256 * 1024 * 1024;
/** One frame of the log; a longer length in a file is damage, a longer batch is a defect (assert). */
export const FRAME_BYTES_MAX = 512 * 1024 * 1024;
/** Events of one batch at most; the sequencer halves and doubles within its bounds to stay near BATCH_MS. */
export const BATCH_EVENTS_MAX = 8_192;
export const BATCH_EVENTS_MIN = 32;
/** Payload bytes after which a batch is closed (one history block alone may be longer). */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024;
/** Work on one batch before the event loop gets its turn. */
export const BATCH_MS = 6;
/** Events waiting for the sequencer from which feeds are asked to wait (`drained`). */
export const QUEUE_EVENTS_FULL = 16_384;
/** Events waiting at which publish throws: the publisher did not look at `drained`. */
export const QUEUE_EVENTS_MAX = 262_144;
/** Rare events kept while the log cannot be written (listings, deadlines, status); more are dropped, counted. */
export const HELD_EVENTS_MAX = 4_096;
/** Wait before a market event's batch is flushed: with the flush itself it stays within 50 ms. */
export const FLUSH_DELAY_MS = 30;
/** Wait between two tries of a log that could not be written. */
export const LOG_PROBE_MS = 2_000;
/** Wall time between two digests in the log. */
export const DIGEST_EVERY_MS = 60_000;
/** Flush latencies kept for the median; the oldest go. */
export const FLUSH_SAMPLES_MAX = 4_096;
/** Reading of the log at one go before the event loop gets its turn. */
export const SCAN_SLICE_MS = 5;
/** How long a start waits for another that is taking a stale DATA_DIR over. */
export const OWNER_CLAIM_WAIT_MS = 2_000;
/** Files of one replay; more are refused by name. */
export const REPLAY_FILES_MAX = 256;
/** Rows of a file that is not sorted by time, held in memory (about 90 bytes each) to sort them; more is refused. */
export const REPLAY_SORT_ROWS_MAX = 2_000_000;
/** Rows that the search for a repeated block of a NinjaTrader file looks back. */
export const REPEAT_ROWS_MAX = 65_536;
/** A replay publishes for so long at a stretch, then gives way. */
export const REPLAY_SLICE_MS = 5;
/** A replay that waits for its next row looks again at least so often. */
export const REPLAY_WAIT_MS_MAX = 200;
/** Events kept while trade bars are first read from the log; more are lost to those bars, never to the log. */
export const TAPE_BACKLOG_MAX = 200_000;
/** Hours that the seq index remembers; older sessions are read from the log's beginning. */
export const SEQ_INDEX_MAX = 2_000;
/** Browsers at once; the next one is refused with a reason. */
export const STREAM_CLIENTS_MAX = 64;
/** Topics of one client; a longer list is refused. */
export const STREAM_TOPICS_MAX = 64;
/** Coalescing: a client gets at most one frame in this time. */
export const STREAM_FRAME_MS = 50;
/** Bytes that may wait for a slow client; then it is cut and comes back with its cursor. */
export const STREAM_BACKLOG_BYTES_MAX = 4_194_304;
/** Largest message from a browser; a longer one closes the connection. */
export const STREAM_REQUEST_BYTES_MAX = 16_384;
/** Bars in a chart's first snapshot, and at most in one delta (more: a new snapshot). */
export const STREAM_SNAPSHOT_BARS = 1_500;
/** Moments remembered for cursors, one a second: ten minutes; older cursors get snapshots. */
export const STREAM_MOMENTS_MAX = 600;
/** How long a timer sleeps at most before it looks at its clock again: a change of its speed is seen then. */
export const TIMER_RECHECK_MS = 1_000;
/** Bytes of one request's body; more is answered 413. */
export const HTTP_BODY_BYTES_MAX = 64 * 1024;
/** Time for one request to arrive; a slower one is cut. */
export const HTTP_REQUEST_MS_MAX = 30_000;
/** Requests of one caller a minute; more is answered 429. */
export const HTTP_REQUESTS_PER_MINUTE_MAX = 1_200;
/** Callers that are counted at a time; the longest silent one is forgotten. */
export const HTTP_CALLERS_MAX = 5_000;
/** Wrong keys of one caller a minute; then every key of this caller is answered 429 until the minute is over. */
export const KEY_TRIES_PER_MINUTE_MAX = 10;
/** Life of a browser's session cookie; then the key is asked for again. */
export const SESSION_MS_MAX = 30 * 86_400_000;
/** Rows of an answer of /bars that names no limit. */
export const BARS_ANSWER_USUAL = 1_000;
/** Characters of a wrong value that an error repeats. */
export const RECEIVED_CHARS_MAX = 120;

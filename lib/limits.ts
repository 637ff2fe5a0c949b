/** How much may there be of anything? Each queue, ring, cache and retry has its bound here, with what happens at it. */

/** Contracts in one run; the next one is refused by name. Fits the codec's 16-bit contract field. */
export const CONTRACTS_MAX = 1_024;
/** A trade this far behind the newest of its contract still amends its bar; further back it is counted and dropped. */
export const LATE_TRADE_MS_MAX = 2_000;
/** A message dated this far ahead of its arrival and of its channel's newest is dropped: the next would seem late. */
export const AHEAD_MS_MAX = 60_000;
/** Wait behind a bar's end before the timer closes it, on top of the feed's own delay. */
export const BAR_CLOSE_GRACE_MS = 250;
/** Closed 1-second bars kept: two hours. The oldest go. */
export const SECOND_BARS_MAX = 7_200;
/** Closed bars kept of each other interval of a contract; the oldest tenth goes when it is full. */
export const CLOSED_BARS_MAX = 100_000;
/** Rows of one answer of /bars; more is cut to the newest and `next` says where to go on. */
export const BARS_ANSWER_MAX = 50_000;
/** Closed bars that an analysis takes in one slice of its rebuild (below 5 ms), and the wait in feed and real time. */
export const ANALYSIS_SLICE_BARS = 500;
export const ANALYSIS_SLICE_EVERY_MS = 10;
/** Anchors of the user's own on one contract; the next one is refused until one is removed. */
export const ANCHORS_MAX = 8;
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
/** A flush that the disk has not answered for so long: the log's lamp is green no more. */
export const FLUSH_PENDING_MS_MAX = 2_000;
/** Wait between two tries of a log that could not be written. */
export const LOG_PROBE_MS = 2_000;
/** Wall time between two digests in the log. */
export const DIGEST_EVERY_MS = 60_000;
/** Slices in which the digest is taken up before; what still changes behind so many is hashed at one go. */
export const DIGEST_SLICES_MAX = 200;
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
/** How long the embedded PostgreSQL may take to start (it may recover first); then the start is tried again. */
export const POSTGRES_START_MS_MAX = 60_000;
/** How long PostgreSQL has to stop after each of three ever harder signals. */
export const POSTGRES_STOP_MS_MAX = 8_000;
/** Connections to PostgreSQL; further queries wait for one. */
export const DATABASE_POOL_MAX = 4;
/** How long a connection to PostgreSQL may take to open; then it counts as away. */
export const DATABASE_CONNECT_MS_MAX = 3_000;
/** How long one query may take; then the connection counts as broken. */
export const DATABASE_QUERY_MS_MAX = 20_000;
/** Wait between two tries of a store that is away: doubles from the one to the other. */
export const STORE_RETRY_MS_MIN = 100;
export const STORE_RETRY_MS_MAX = 5_000;
/** How often a store that nobody uses is asked whether it is there. */
export const STORE_PING_MS = 5_000;
/** How long Redis has to answer one command; then it counts as away. */
export const CACHE_COMMAND_MS_MAX = 2_000;
/** Entries of the in-process cache; the oldest go. */
export const CACHE_ENTRIES_MAX = 10_000;
/** How often the in-process cache forgets what has had its time. */
export const CACHE_SWEEP_MS = 10_000;
/** Troubles of the feed that are shown in words: the newest. */
export const FEED_ERRORS_SHOWN_MAX = 5;
/** Bytes of vendor frames waiting to be read; when more come all are dropped and the stretch is filled over REST. */
export const MASSIVE_QUEUE_BYTES_MAX = 32 * 1024 * 1024;
/** Largest frame of the vendor; a longer one ends the connection. */
export const MASSIVE_FRAME_BYTES_MAX = 16 * 1024 * 1024;
/** Messages of a frame that are read at a glance; a longer frame takes the long way, and no memory stays with it. */
export const MASSIVE_SCANNED_MESSAGES_MAX = 4_096;
/** Time for the vendor to accept a connection, a login or a subscription. */
export const MASSIVE_HANDSHAKE_MS_MAX = 15_000;
/** Without a pong for so long (one is asked for three times as often) the connection counts as dead. */
export const MASSIVE_PONG_MS_MAX = 45_000;
/** An open market without one message for so long: the socket counts as frozen; bars only: three times. */
export const MASSIVE_FROZEN_MS = 60_000;
/** Waits between tries to connect: from the one to the other. */
export const MASSIVE_RETRY_MS_MIN = 1_000;
export const MASSIVE_RETRY_MS_MAX = 60_000;
/** One REST answer; a slower one is given up. */
export const MASSIVE_REST_MS_MAX = 30_000;
/** Pages of one REST question; more is refused. */
export const MASSIVE_REST_PAGES_MAX = 200;
/** Tries of one page that is answered 429 or 5xx. */
export const MASSIVE_REST_TRIES_MAX = 4;
/** Expiries of a root that are listed: the nearest. */
export const MASSIVE_EXPIRIES = 6;
/** Calendar days of minute bars loaded at a start: twenty sessions and the holidays between. */
export const MASSIVE_HISTORY_DAYS = 32;
/** Calendar days of sessions (a bar each) loaded at a start: the whole of the month before, on every day of a month. */
export const MASSIVE_SESSION_DAYS = 66;
/** A gap longer than this is filled with minute bars instead of trades. */
export const MASSIVE_GAP_TRADES_MS_MAX = 6 * 3_600_000;
/** Trade numbers remembered a contract, to tell what a gap's answer repeats; the oldest go. */
export const MASSIVE_KNOWN_SEQS_MAX = 8_192;
/** A settlement that the vendor does not have yet is asked for so often: at the roll, then 1, 2, 4 … minutes later. */
export const MASSIVE_SETTLEMENT_TRIES_MAX = 8;
/** The last day's settlement is read again so often, until the next: the vendor may correct it. */
export const MASSIVE_SETTLEMENT_AGAIN_MS = 4 * 3_600_000;
/** Vendor bars of a contract that wait for their trades; the oldest goes. */
export const MASSIVE_HELD_BARS_MAX = 512;
/** A snapshot is due when so much wall time has gone by, or so many events came, since the last. */
export const SNAPSHOT_EVERY_MS = 60_000;
export const SNAPSHOT_EVENTS = 200_000;
/** The first snapshot of a process is due so soon: a fresh run's history need not be read again. */
export const SNAPSHOT_FIRST_MS = 2_000;
/** And so often while analyses take their history in. */
export const SNAPSHOT_BUILDING_MS = 5_000;
/** Bytes of one snapshot without the columns; a larger one is not written and logged as an error. */
export const SNAPSHOT_BYTES_MAX = 8 * 1024 * 1024;
/** Event-loop time of one snapshot; a longer one is logged as a warning. */
export const SNAPSHOT_MS_MAX = 10;
/** Snapshots kept, and as many that were set aside as damaged; older ones go. */
export const SNAPSHOTS_KEPT = 2;
/** Closed rows taken up for columns and digest before the event loop gets its turn. */
export const COLUMN_SLICE_ROWS = 32_768;
/** Newest closed rows that stay in the snapshot, because late trades may still change them. */
export const COLUMN_TAIL_ROWS = 4;
/** A column file that is longer than twice its living rows and this is written anew. */
export const COLUMN_SPARE_BYTES = 32 * 1024 * 1024;
/** Rows of one statement, and about as many of one transaction (one fact of history may bring more). */
export const PROJECT_ROWS_MAX = 1_000;
/** Wait between two looks at the log for facts to project. */
export const PROJECT_EVERY_MS = 250;
/** Wait after a failure that is not the database's absence. */
export const PROJECT_RETRY_MS = 10_000;
/** Behind so long, the projection is no longer green. */
export const PROJECT_LAG_MS_MAX = 5_000;
/** Behind so many events it is not green either, however lately they came: a first history, a fast replay. */
export const PROJECT_LAG_EVENTS_MAX = 50_000;
/** Coalescing: the cache gets a contract's quote at most once in this time. */
export const MIRROR_EVERY_MS = 250;
/** Roots whose analyses go to the cache in one write: each takes the event loop some milliseconds; others wait. */
export const MIRROR_ROOTS_MAX = 2;
/** Poison events listed in the status; older ones are still skipped and refused. */
export const POISONED_SHOWN_MAX = 20;
/** Plain bytes of one block of a compressed segment: what a reader unpacks at one go. */
export const SEGMENT_BLOCK_BYTES = 1_048_576;
/** How often closed segments are looked for to compress, and old ones to thin out. */
export const KEEP_EVERY_MS = 60_000;
/** Events of the calendar file; a longer file is refused. */
export const CALENDAR_EVENTS_MAX = 5_000;
/** Of the calendar file; a longer one is refused. And how often it is looked at. */
export const CALENDAR_FILE_BYTES_MAX = 4 * 1024 * 1024;
export const CALENDAR_LOOK_MS = 2_000;
/** Bytes of one uploaded import file; a larger one is refused with 413. */
export const IMPORT_FILE_BYTES_MAX = 50 * 1024 * 1024;
/** Bytes of an import after unpacking; unpacking stops there and the file is refused. */
export const IMPORT_UNPACKED_BYTES_MAX = 200 * 1024 * 1024;
/** Rows of one import; a longer file is refused by name. */
export const IMPORT_ROWS_MAX = 1_000_000;
/** Characters of one row of an import; a longer one is an open quote, and the file is refused. */
export const IMPORT_ROW_CHARS_MAX = 1_000_000;
/** Rows in which a header is looked for (Rithmic puts the working orders above). */
export const IMPORT_HEADER_ROWS_MAX = 2_000;
/** Contracts of one imported fill; more is a row error. */
export const IMPORT_CONTRACTS_MAX = 100_000;
/** Two sources tell one fill when their times differ by no more. */
export const SAME_FILL_MS_MAX = 2_000;
/** Fills in one event of an import: a larger file is told in pieces. */
export const IMPORT_PIECE_FILLS_MAX = 1_000;
/** Fills of a trade by form. */
export const TRADE_FILLS_MAX = 100;
/** Tags of a trade; characters of a tag, a setup, an account or an id; characters of its notes. Longer is refused. */
export const TRADE_TAGS_MAX = 20;
export const TRADE_WORD_CHARS_MAX = 200;
export const NOTES_CHARS_MAX = 20_000;
/** Newest tellings whose repeats the engine knows; an older one told again is passed on again, and changes no row. */
export const TELLINGS_KNOWN_MAX = 1_000;
/** A sender's clock may be so far ahead of ours (two machines); further, its report is refused. */
export const BRIDGE_CLOCK_AHEAD_MS_MAX = 60_000;
/** Without a heartbeat or a report of positions for so long, a bridge account's positions are stale. */
export const BRIDGE_SILENT_MS_MAX = 5_000;
/** Fills and the reported position may differ for so long (one comes before the other); then it is an incident. */
export const BRIDGE_DRIFT_MS = 3_000;
/** Rows of one report of a bridge; a longer one is refused. */
export const BRIDGE_POSITIONS_MAX = 200;
export const BRIDGE_ORDERS_MAX = 500;
export const BRIDGE_EXECUTIONS_MAX = 200;
export const BRIDGE_TICKS_MAX = 500;
export const BRIDGE_BARS_MAX = 500;
/** What a bridge may say at most of contracts, points and dollars; more is refused as a mistake. */
export const BRIDGE_CONTRACTS_MAX = 100_000;
export const BRIDGE_POINTS_MAX = 10_000_000;
export const BRIDGE_USD_MAX = 1_000_000_000;
/** Reports of an account remembered to tell repeats; the oldest goes, and what is older than the newest is stale. */
export const BRIDGE_REPORTS_KNOWN_MAX = 64;
/** Executions of an account remembered to tell repeats; when full the oldest tenth goes, and its time is over. */
export const BRIDGE_EXECUTIONS_KNOWN_MAX = 10_000;
/** Accounts that bridges may report; one more is refused by name. */
export const BRIDGE_ACCOUNTS_MAX = 64;
/** Posts of a bridge a minute and caller: 200 a second and twice that again. */
export const BRIDGE_POSTS_PER_MINUTE_MAX = 36_000;
/** A post of a bridge: 500 orders with long names fit. */
export const BRIDGE_BODY_BYTES_MAX = 512 * 1024;
/** Round trips in one answer, and how many where none was asked for. */
export const TRADES_ANSWER_MAX = 500;
export const TRADES_ANSWER_USUAL = 100;
/** A query may wait so long for what was just written to reach the tables. */
export const AFTER_SEQ_WAIT_MS = 2_000;
/** Uploaded files that wait for their import; the oldest goes when one more comes. */
export const IMPORT_FILES_WAITING_MAX = 3;
/** Rows of each list that a preview shows; the counts are of all. */
export const PREVIEW_ROWS_MAX = 200;
/** Round trips of so many fills are made in place (some 30 ms); of more in a thread. */
export const FILLS_AT_ONCE_MAX = 2_000;
